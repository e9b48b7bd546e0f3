package dev.barewire.tools.traffic;

/** Reads addresses. */
final class Ipv4Address {
    private static final String PARTS = "(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})";

    private Ipv4Address() {
    }

    /**
     * Reads an IPv4 address.
     *
     * @param option whose value it is
     * @param text   such as {@code 10.0.0.1}
     * @return 32 bits
     * @throws IllegalArgumentException if it is none
     */
    static int parse(final String option, final String text) {
        int address = 0;
        if (text.matches(PARTS)) {
            for (final String part : text.split("\\.")) {
                final int octet = Integer.parseInt(part);
                if (octet > 0xff) {
                    throw refused(option, text);
                }
                address = address << Byte.SIZE | octet;
            }
            return address;
        }
        throw refused(option, text);
    }

    private static IllegalArgumentException refused(final String option, final String text) {
        return new IllegalArgumentException(option + " " + text + " is no IPv4 address: write one such as 10.0.0.1");
    }
}
