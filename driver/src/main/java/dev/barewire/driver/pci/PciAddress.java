package dev.barewire.driver.pci;

import dev.barewire.SetupException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a function is: {@code domain:bus:device.function}.
 *
 * @param domain   the PCI domain, 0 on most machines
 * @param bus      0 to 255
 * @param device   0 to 31
 * @param function 0 to 7
 */
public record PciAddress(int domain, int bus, int device, int function) implements Comparable<PciAddress> {
    private static final Pattern FORM =
        Pattern.compile("(?:([0-9a-fA-F]{4,7}):)?([0-9a-fA-F]{2}):([01][0-9a-fA-F])\\.([0-7])");

    /**
     * Reads an address as {@code lspci} writes it.
     *
     * @param text such as {@code 0000:00:03.0}, or {@code 00:03.0} for domain 0
     * @return the address
     * @throws SetupException if it has another form
     */
    public static PciAddress parse(final String text) {
        final Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new SetupException("'" + text + "' is no PCI address, which looks like 0000:00:03.0 or 00:03.0",
                "list the cards with: lspci -D");
        }
        return new PciAddress(parts.group(1) == null ? 0 : hex(parts.group(1)), hex(parts.group(2)),
            hex(parts.group(3)), hex(parts.group(4)));
    }

    /**
     * Whether a text is an address.
     *
     * @param text any
     * @return true if {@link #parse(String)} can read it
     */
    public static boolean isAddress(final String text) {
        return FORM.matcher(text).matches();
    }

    private static int hex(final String digits) {
        return Integer.parseInt(digits, 16);
    }

    @Override
    public int compareTo(final PciAddress other) {
        return toString().compareTo(other.toString());
    }

    /** The full form, as sysfs names it. */
    @Override
    public String toString() {
        return "%04x:%02x:%02x.%x".formatted(domain, bus, device, function);
    }
}
