package dev.barewire.rings.intel;

/**
 * The TCP/IP data descriptor, 16 bytes (manual 317453, section 3.3.7): data that the offload context applies to.
 *
 * <pre>
 *     63      48 47   40 39 36 35  32 31  24 23 20 19          0
 *  0 |                  buffer address                          |
 *  8 | special  | POPTS |  0  | status | DCMD | DTYP | length   |
 * </pre>
 */
public final class TxDataDescriptor {
    /** Offset of the buffer's IOVA, 8 bytes. */
    public static final int ADDRESS = 0;
    /** Offset of the quadword with the command. */
    public static final int CONTROL = 8;
    /** Offset of the length DTALEN, the low 20 bits. */
    public static final int LENGTH = 8;
    /** Offset of the command byte DCMD (section 3.3.7.1). */
    public static final int COMMAND = 11;
    /** Offset of the status, the low 4 bits of a byte (section 3.3.7.2). */
    public static final int STATUS = 12;
    /** Offset of the packet options POPTS, 1 byte (section 3.3.7.3). */
    public static final int OPTIONS = 13;
    /** Offset of the special field, 2 bytes: the VLAN tag to insert (section 3.3.7.4). */
    public static final int SPECIAL = 14;

    /** DTYP of this format. */
    public static final int TYPE = 1;

    /** Command: end of packet, the frame's last descriptor (section 3.3.7.1). */
    public static final int COMMAND_EOP = 1;
    /** Command: append the FCS. */
    public static final int COMMAND_IFCS = 1 << 1;
    /** Command: this is data of the segmentation context. */
    public static final int COMMAND_TSE = 1 << 2;
    /** Command: report status, so that DD is written back. */
    public static final int COMMAND_RS = 1 << 3;
    /** Command: extended format, 1 here. */
    public static final int COMMAND_DEXT = 1 << 5;
    /** Command: insert the VLAN tag. */
    public static final int COMMAND_VLE = 1 << 6;
    /** Command: delay the interrupt. */
    public static final int COMMAND_IDE = 1 << 7;

    /** Status: the card is done with the descriptor and all before it (section 3.3.7.2). */
    public static final int STATUS_DD = 1;

    /** Option: insert the IP checksum (section 3.3.7.3). */
    public static final int OPTION_IXSM = 1;
    /** Option: insert the TCP or UDP checksum. */
    public static final int OPTION_TXSM = 1 << 1;

    private static final int TYPE_SHIFT = 20;
    private static final int COMMAND_SHIFT = 24;
    private static final int OPTIONS_SHIFT = 40;
    private static final int SPECIAL_SHIFT = 48;

    private TxDataDescriptor() {
    }

    /**
     * The quadword at {@link #CONTROL}, with no status; DEXT and DTYP are set.
     *
     * @param length  bytes, up to 20 bits
     * @param command {@code COMMAND_} bits
     * @param options {@code OPTION_} bits
     * @param special the VLAN tag
     * @return the quadword
     */
    public static long control(final int length, final int command, final int options, final int special) {
        return length & 0xF_FFFFL | (long) TYPE << TYPE_SHIFT | ((command | COMMAND_DEXT) & 0xFFL) << COMMAND_SHIFT
            | (options & 0xFFL) << OPTIONS_SHIFT | (special & 0xFFFFL) << SPECIAL_SHIFT;
    }
}
