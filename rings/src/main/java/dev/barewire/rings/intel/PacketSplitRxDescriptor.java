package dev.barewire.rings.intel;

/**
 * The packet-split receive descriptor, 32 bytes (datasheet 317694, section 7.1.5): a buffer for the header and up to
 * three for the payload. The card writes all of it back, the addresses included; what the first 16 bytes are then is in
 * {@link ExtendedRxDescriptor}, where the length is that of buffer 0. Head and tail registers go on counting units of 16
 * bytes.
 *
 * <pre>
 * read             63                                                  0
 *  0              |     address of buffer 0, for the header             |
 *  8              |     address of buffer 1                        | DD |
 * 16              |     address of buffer 2                             |
 * 24              |     address of buffer 3                             |
 *
 * write-back       63       48 47       32 31       16 15             0
 *  0              |       RSS hash        |           MRQ              |
 *  8              | VLAN tag  | length 0  |  errors    |    status     |
 * 16              | length 3  | length 2  |  length 1  | header status |
 * 24              |                     reserved                       |
 * </pre>
 */
public final class PacketSplitRxDescriptor {
    /** Bytes of a descriptor. */
    public static final int SIZE = 32;

    /** Offset of the IOVA of buffer 0, 8 bytes; those of buffers 1 to 3 follow. */
    public static final int ADDRESS = 0;
    /** Offset of the quadword with header status and the lengths of buffers 1 to 3. */
    public static final int LENGTHS = 16;
    /** How many buffers for payload there can be. */
    public static final int MAX_PAYLOAD_BUFFERS = 3;

    /** Header status: the header was put apart. */
    public static final int HEADER_SPLIT = 1 << 15;
    /** Header status: the length of the header that was found. */
    public static final int HEADER_LENGTH = 0x3ff;

    private PacketSplitRxDescriptor() {
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
     * The header status in a quadword of lengths.
     *
     * @param lengths the quadword at {@link #LENGTHS}
     * @return {@link #HEADER_SPLIT} and {@link #HEADER_LENGTH}
     */
    public static int headerStatus(final long lengths) {
        return (int) lengths & 0xFFFF;
    }

    /**
     * What lies in a payload buffer.
     *
     * @param lengths the quadword at {@link #LENGTHS}
     * @param buffer  1 to 3
     * @return bytes, 0 to 65535
     */
    public static int length(final long lengths, final int buffer) {
        return (int) (lengths >>> 16 * buffer) & 0xFFFF;
    }

    /**
     * The quadword of lengths that a card writes back, for models of one.
     *
     * @param headerStatus {@link #HEADER_SPLIT} and {@link #HEADER_LENGTH}
     * @param first        bytes in buffer 1
     * @param second       bytes in buffer 2
     * @param third        bytes in buffer 3
     * @return the quadword at {@link #LENGTHS}
     */
    public static long lengths(final int headerStatus, final int first, final int second, final int third) {
        return headerStatus & 0xFFFFL | (first & 0xFFFFL) << 16 | (second & 0xFFFFL) << 32 | (third & 0xFFFFL) << 48;
    }
}
