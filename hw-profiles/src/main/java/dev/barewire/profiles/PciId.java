package dev.barewire.profiles;

import java.util.HexFormat;

/**
 * The numbers that a PCI function is known by.
 *
 * @param vendor 16 bits
 * @param device 16 bits
 */
public record PciId(int vendor, int device) {
    // Written out, since a start asks for them: what the JVM makes for a record, and a formatter, take 20 ms each at first.

    @Override
    public boolean equals(final Object other) {
        return other instanceof PciId id && id.vendor == vendor && id.device == device;
    }

    @Override
    public int hashCode() {
        return vendor << Short.SIZE | device;
    }

    @Override
    public String toString() {
        final HexFormat hex = HexFormat.of();
        return hex.toHexDigits((short) vendor) + ":" + hex.toHexDigits((short) device);
    }
}
