package dev.barewire.rings.intel;

/**
 * The advanced transmit data descriptor, 16 bytes (82576 datasheet, section 7.2). With RS the card writes the
 * status back, where {@link LegacyTxDescriptor} has it; EOP, IFCS, RS, DEXT and VLE are the bits of the command there too.
 *
 * <pre>
 *     63     46 45   40 39 38 36 35  32 31  24 23 20 19  16 15     0
 *  0 |                     buffer address                           |
 *  8 | PAYLEN  | POPTS |CC| IDX | status | DCMD | DTYP | MAC | length |
 * </pre>
 */
public final class AdvancedTxDataDescriptor {
    /** Offset of the buffer's IOVA, 8 bytes. */
    public static final int ADDRESS = 0;
    /** Offset of the quadword with the command. */
    public static final int CONTROL = 8;

    /** DTYP of this format. */
    public static final int TYPE = 3;
    /** The most bytes that one descriptor may point at: DTALEN has 16 bits. */
    public static final int MAX_LENGTH = 0xFFFF;
    /** The largest value of the 18-bit PAYLEN. */
    public static final int MAX_PAYLEN = 0x3_FFFF;

    /** Command: end of packet, the frame's last descriptor. */
    public static final int COMMAND_EOP = 1;
    /** Command: append the FCS. */
    public static final int COMMAND_IFCS = 1 << 1;
    /** Command: report status, so that DD is written back. */
    public static final int COMMAND_RS = 1 << 3;
    /** Command: extended format, 1 here. */
    public static final int COMMAND_DEXT = 1 << 5;
    /** Command: insert the VLAN tag of the context. */
    public static final int COMMAND_VLE = 1 << 6;
    /** Command: cut into segments as the context says. */
    public static final int COMMAND_TSE = 1 << 7;

    /** Option: insert the IP checksum. */
    public static final int OPTION_IXSM = 1;
    /** Option: insert the TCP or UDP checksum. */
    public static final int OPTION_TXSM = 1 << 1;

    private static final int TYPE_SHIFT = 20;
    private static final int COMMAND_SHIFT = 24;
    private static final int INDEX_SHIFT = 36;
    private static final int OPTIONS_SHIFT = 40;
    private static final int PAYLEN_SHIFT = 46;

    private AdvancedTxDataDescriptor() {
    }

    /**
     * The quadword at {@link #CONTROL}, with no status; DEXT and DTYP are set.
     *
     * @param length  bytes that it points at
     * @param command {@code COMMAND_} bits
     * @param options {@code OPTION_} bits
     * @param slot    the context that it means
     * @param payload bytes of the frame, or with TSE those behind the headers
     * @return the quadword
     */
    public static long control(final int length, final int command, final int options, final int slot,
        final int payload) {
        return length & 0xFFFFL | (long) TYPE << TYPE_SHIFT | ((command | COMMAND_DEXT) & 0xFFL) << COMMAND_SHIFT
            | (long) slot << INDEX_SHIFT | (options & 0x3FL) << OPTIONS_SHIFT
            | (long) (payload & MAX_PAYLEN) << PAYLEN_SHIFT;
    }
}
