package dev.barewire.rings.intel;

/**
 * The legacy transmit descriptor, 16 bytes (manual 317453, section 3.3.3). With RS the card writes the status back.
 *
 * <pre>
 *     63      48 47 40 39 36 35  32 31     24 23  16 15     0
 *  0 |                 buffer address                        |
 *  8 | special  | CSS |  0  | status | command |  CSO | length |
 * </pre>
 *
 * <p>The bytes for command, status and special lie where {@link TxDataDescriptor} has them, and the bits of the command
 * mean the same in both, save bit 2: here it asks for a checksum by CSS and CSO, which Barewire leaves alone.
 */
public final class LegacyTxDescriptor {
    /** Bytes of a descriptor of any format. */
    public static final int SIZE = 16;

    /** Offset of the buffer's IOVA, 8 bytes. */
    public static final int ADDRESS = 0;
    /** Offset of the quadword with the command. */
    public static final int CONTROL = 8;
    /** Offset of the length, 2 bytes. */
    public static final int LENGTH = 8;
    /** Offset of the checksum offset, 1 byte. */
    public static final int CSO = 10;
    /** Offset of the command byte (section 3.3.3.1). */
    public static final int COMMAND = 11;
    /** Offset of the status, the low 4 bits of a byte (section 3.3.3.2). */
    public static final int STATUS = 12;
    /** Offset of the checksum start, 1 byte. */
    public static final int CSS = 13;
    /** Offset of the special field, 2 bytes: the VLAN tag to insert (section 3.3.4). */
    public static final int SPECIAL = 14;

    /** The most bytes that one descriptor may point at (section 3.3.3). */
    public static final int MAX_LENGTH = 16288;

    /** Command: end of packet, the frame's last descriptor (section 3.3.3.1). */
    public static final int COMMAND_EOP = 1;
    /** Command: append the FCS. */
    public static final int COMMAND_IFCS = 1 << 1;
    /** Command: insert a checksum by CSS and CSO. */
    public static final int COMMAND_IC = 1 << 2;
    /** Command: report status, so that DD is written back. */
    public static final int COMMAND_RS = 1 << 3;
    /** Command: extended format, 0 here. */
    public static final int COMMAND_DEXT = 1 << 5;
    /** Command: insert the VLAN tag. */
    public static final int COMMAND_VLE = 1 << 6;
    /** Command: delay the interrupt. */
    public static final int COMMAND_IDE = 1 << 7;

    /** Status: the card is done with the descriptor and all before it (section 3.3.3.2). */
    public static final int STATUS_DD = 1;
    /** Status: too many collisions, or a late one; the frame was not sent. */
    public static final int STATUS_ERROR = 3 << 1;

    private static final int COMMAND_SHIFT = 24;
    private static final int SPECIAL_SHIFT = 48;

    private LegacyTxDescriptor() {
    }

    /**
     * Where a descriptor of any format lies.
     *
     * @param index its number
     * @return bytes from the start of the ring
     */
    public static int offset(final int index) {
        return index * SIZE;
    }

    /**
     * A command in its place, to be combined with a control quadword of this format or the data format.
     *
     * @param command {@code COMMAND_} bits
     * @return bits of the quadword at {@link #CONTROL}
     */
    public static long command(final int command) {
        return (command & 0xFFL) << COMMAND_SHIFT;
    }

    /**
     * The quadword at {@link #CONTROL}, with no status.
     *
     * @param length  bytes, at most {@link #MAX_LENGTH}
     * @param command {@code COMMAND_} bits without DEXT
     * @param special the VLAN tag
     * @return the quadword
     */
    public static long control(final int length, final int command, final int special) {
        return length & 0xFFFFL | command(command) | (special & 0xFFFFL) << SPECIAL_SHIFT;
    }
}
