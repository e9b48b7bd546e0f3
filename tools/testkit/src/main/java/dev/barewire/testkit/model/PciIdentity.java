package dev.barewire.testkit.model;

/**
 * What a card's configuration space says of it.
 *
 * @param vendor          vendor id
 * @param device          device id
 * @param revision        revision
 * @param subsystemVendor subsystem vendor id
 * @param subsystem       subsystem id
 * @param barBytes        the size of BAR 0, a power of two
 * @param vectors         how many MSI-X messages it has; 0 for a card that only has a line
 */
public record PciIdentity(int vendor, int device, int revision, int subsystemVendor, int subsystem, int barBytes,
    int vectors) {
}
