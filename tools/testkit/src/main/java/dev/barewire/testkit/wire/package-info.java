/**
 * Ethernet cables outside of a card: {@link dev.barewire.testkit.wire.Wire} is an end that this process holds,
 * {@link dev.barewire.testkit.wire.StreamWire} carries frames over a socket as QEMU's {@code -netdev stream} does.
 * Nothing here knows a card or a driver.
 */
package dev.barewire.testkit.wire;
