/**
 * Devices that wrap a device, whatever it is: {@link dev.barewire.testkit.wrap.PcapDevice} records what passes between
 * queues and card, {@link dev.barewire.testkit.wrap.ReplayDevice} lets recorded frames come in,
 * {@link dev.barewire.testkit.wrap.FaultDevice} loses, doubles, reorders, spoils and delays. They stand between the queues
 * and the card's rings, know no card's descriptors, and can be stacked.
 */
package dev.barewire.testkit.wrap;
