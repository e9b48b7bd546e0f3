package dev.barewire;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * An Ethernet address.
 *
 * @param value its 48 bits, the first byte on the wire in bits 47 to 40
 */
public record MacAddress(long value) {
    private static final Pattern TEXT = Pattern.compile("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}");

    /** Checks that it has 48 bits. */
    public MacAddress {
        if (value >>> 48 != 0) {
            throw new IllegalArgumentException("an Ethernet address has 48 bits, not 0x" + Long.toHexString(value));
        }
    }

    /**
     * Reads one.
     *
     * @param text such as {@code 52:54:00:12:34:56}
     * @return the address
     */
    public static MacAddress parse(final String text) {
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException("not an Ethernet address: " + text);
        }
        return new MacAddress(HexFormat.fromHexDigitsToLong(text.replace(":", "")));
    }

    /**
     * Whether it stands for a group of stations.
     *
     * @return true for multicast and broadcast
     */
    public boolean isMulticast() {
        return (octet(0) & 1) != 0;
    }

    /**
     * One of its bytes.
     *
     * @param index 0 for the first on the wire, to 5
     * @return 0 to 255
     */
    public int octet(final int index) {
        return (int) (value >>> 40 - 8 * index) & 0xff;
    }

    @Override
    public String toString() {
        final HexFormat hex = HexFormat.of();
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            text.append(i == 0 ? "" : ":").append(hex.toHexDigits((byte) octet(i)));
        }
        return text.toString();
    }
}
