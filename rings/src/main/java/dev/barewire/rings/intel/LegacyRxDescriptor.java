package dev.barewire.rings.intel;

/**
 * The legacy receive descriptor, 16 bytes (manual 317453, section 3.2.3). The card writes the second quadword back.
 *
 * <pre>
 *     63      48 47    40 39    32 31          16 15       0
 *  0 |                buffer address                        |
 *  8 | special  | errors | status | packet checksum | length |
 * </pre>
 */
public final class LegacyRxDescriptor {
    /** Bytes of a descriptor. */
    public static final int SIZE = 16;

    /** Offset of the buffer's IOVA, 8 bytes. */
    public static final int ADDRESS = 0;
    /** Offset of the quadword that the card writes back. */
    public static final int WRITE_BACK = 8;
    /** Offset of the length, 2 bytes: what lies in this buffer (section 3.2.3). */
    public static final int LENGTH = 8;
    /** Offset of the packet checksum, 2 bytes (section 3.2.3). */
    public static final int CHECKSUM = 10;
    /** Offset of the status byte (section 3.2.3.1). */
    public static final int STATUS = 12;
    /** Offset of the errors byte (section 3.2.3.2). */
    public static final int ERRORS = 13;
    /** Offset of the special field, 2 bytes: the tag control information of a stripped VLAN tag (section 3.2.3.3). */
    public static final int SPECIAL = 14;

    /** Status: the card is done with the descriptor (section 3.2.3.1). */
    public static final int STATUS_DD = 1;
    /** Status: the frame's last descriptor. */
    public static final int STATUS_EOP = 1 << 1;
    /** Status: ignore the checksum indications. */
    public static final int STATUS_IXSM = 1 << 2;
    /** Status: the frame's type matched VET and CTRL.VME was on, so its tag was moved to the special field. */
    public static final int STATUS_VP = 1 << 3;
    /** Status: the TCP or UDP checksum was calculated. */
    public static final int STATUS_TCPCS = 1 << 5;
    /** Status: the IPv4 header checksum was calculated. */
    public static final int STATUS_IPCS = 1 << 6;
    /** Status: passed by a filter that is not exact. */
    public static final int STATUS_PIF = 1 << 7;

    /** Error: CRC or alignment (section 3.2.3.2). */
    public static final int ERROR_CE = 1;
    /** Error: symbol. */
    public static final int ERROR_SE = 1 << 1;
    /** Error: sequence. */
    public static final int ERROR_SEQ = 1 << 2;
    /** Error: carrier extension (82544 only, reserved elsewhere). */
    public static final int ERROR_CXE = 1 << 4;
    /** Error: the TCP or UDP checksum is wrong. */
    public static final int ERROR_TCPE = 1 << 5;
    /** Error: the IPv4 header checksum is wrong. */
    public static final int ERROR_IPE = 1 << 6;
    /** Error: receive data. */
    public static final int ERROR_RXE = 1 << 7;
    /** The errors that make a frame's bytes worthless. */
    public static final int ERROR_FRAME = ERROR_CE | ERROR_SE | ERROR_SEQ | ERROR_CXE | ERROR_RXE;

    private LegacyRxDescriptor() {
    }

    /**
     * Where a descriptor lies.
     *
     * @param index its number
     * @return bytes from the start of the ring
     */
    public static int offset(final int index) {
        return index * SIZE;
    }

    /**
     * The length in a write-back quadword.
     *
     * @param writeBack the quadword at {@link #WRITE_BACK}
     * @return bytes, 0 to 65535
     */
    public static int length(final long writeBack) {
        return (int) writeBack & 0xFFFF;
    }

    /**
     * The status in a write-back quadword.
     *
     * @param writeBack the quadword at {@link #WRITE_BACK}
     * @return {@code STATUS_} bits
     */
    public static int status(final long writeBack) {
        return (int) (writeBack >>> 32) & 0xFF;
    }

    /**
     * The errors in a write-back quadword.
     *
     * @param writeBack the quadword at {@link #WRITE_BACK}
     * @return {@code ERROR_} bits
     */
    public static int errors(final long writeBack) {
        return (int) (writeBack >>> 40) & 0xFF;
    }

    /**
     * The special field in a write-back quadword.
     *
     * @param writeBack the quadword at {@link #WRITE_BACK}
     * @return 16 bits
     */
    public static int special(final long writeBack) {
        return (int) (writeBack >>> 48);
    }

    /**
     * The quadword that a card writes back, for models of one.
     *
     * @param length   bytes in the buffer
     * @param checksum the packet checksum
     * @param status   {@code STATUS_} bits
     * @param errors   {@code ERROR_} bits
     * @param special  the VLAN tag
     * @return the quadword at {@link #WRITE_BACK}
     */
    public static long writeBack(
        final int length, final int checksum, final int status, final int errors, final int special) {
        return length & 0xFFFFL | (checksum & 0xFFFFL) << 16 | (status & 0xFFL) << 32 | (errors & 0xFFL) << 40
            | (special & 0xFFFFL) << 48;
    }
}
