/**
 * Raw Ethernet outside of a card: {@link dev.barewire.tools.wire.EthernetPeer} is a small station at the far end of a
 * {@link dev.barewire.testkit.wire.StreamWire}, which resolves, answers, pings and exchanges UDP datagrams of any size.
 * Nothing here uses a driver.
 */
package dev.barewire.tools.wire;
