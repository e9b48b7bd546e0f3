package dev.barewire.profiles;

/**
 * The numbers that a PCI function is known by.
 *
 * @param vendor 16 bits
 * @param device 16 bits
 */
public record PciId(int vendor, int device) {
    @Override
    public String toString() {
        return String.format("%04x:%04x", vendor, device);
    }
}
