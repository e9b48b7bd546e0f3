/**
 * Ethernet cables outside of a card: {@link dev.barewire.testkit.wire.Wire} is an end that this process holds. A
 * {@link dev.barewire.testkit.wire.Cable} joins two ends in this process, a {@link dev.barewire.testkit.wire.SocketWire}
 * carries frames over a socket as QEMU's {@code -netdev stream} does ({@link dev.barewire.testkit.wire.StreamWire} does so
 * for who would rather wait), and a {@link dev.barewire.testkit.wire.FaultyWire} does wrong to what another wire carries.
 * Nothing here knows a card or a driver.
 */
package dev.barewire.testkit.wire;
