/**
 * Raw Ethernet outside of the guest: {@link dev.barewire.tools.wire.StreamWire} carries frames over QEMU's
 * {@code -netdev stream}, {@link dev.barewire.tools.wire.EthernetPeer} is a small station at its other end, which resolves,
 * answers, pings and exchanges UDP datagrams of any size. Nothing here uses a driver.
 */
package dev.barewire.tools.wire;
