package dev.barewire.rings.intel;

/**
 * The advanced receive descriptor, 16 bytes (82576 datasheet, section 7.1): a buffer for the frame or its payload
 * and one for its header. The card writes all of it back, the addresses included, in the shape of an
 * {@link ExtendedRxDescriptor}; what is said of the header is in the first quadword, beside the RSS type.
 *
 * <pre>
 * read             63                                                  0
 *  0              |             address of the packet buffer            |
 *  8              |             address of the header buffer       | DD |
 *
 * write-back       63                     32 31  30    21 20    4 3    0
 *  0              |        RSS hash         |SPH|HDR_LEN | type  | RSS  |
 *  8              |  VLAN tag  |  PKT_LEN   |  errors       |   status   |
 * </pre>
 */
public final class AdvancedRxDescriptor {
    /** Bytes of a descriptor. */
    public static final int SIZE = ExtendedRxDescriptor.SIZE;

    /** Offset of the packet buffer's IOVA, 8 bytes. */
    public static final int PACKET_ADDRESS = 0;
    /** Offset of the header buffer's IOVA, 8 bytes: an even one, since DD is its lowest bit. */
    public static final int HEADER_ADDRESS = 8;
    /** Offset of the quadword that tells of the header, in a descriptor that is done. */
    public static final int HEADER = 0;

    /** The longest header that HDR_LEN can tell of. */
    public static final int MAX_HEADER_LENGTH = 0x3FF;

    /** Error: with SPH, the header is larger than its buffer. */
    public static final int ERROR_HBO = 1 << 23;

    private static final long SPH = 1L << 31;
    private static final int HEADER_LENGTH_SHIFT = 21;

    private AdvancedRxDescriptor() {
    }

    /**
     * Whether the card found the end of the headers (SPH).
     *
     * @param header the quadword at {@link #HEADER}
     * @return true if it did
     */
    public static boolean isHeaderFound(final long header) {
        return (header & SPH) != 0;
    }

    /**
     * The header's length (HDR_LEN).
     *
     * @param header the quadword at {@link #HEADER}
     * @return bytes, 0 to 1023
     */
    public static int headerLength(final long header) {
        return (int) (header >>> HEADER_LENGTH_SHIFT) & MAX_HEADER_LENGTH;
    }

    /**
     * The quadword that a card writes back over the packet buffer's address, for models of one.
     *
     * @param found   SPH
     * @param length  HDR_LEN
     * @param rssType which fields the hash was computed over; 0 is none
     * @param hash    the hash
     * @return the quadword at {@link #HEADER}
     */
    public static long header(final boolean found, final int length, final int rssType, final int hash) {
        return (found ? SPH : 0) | (long) (length & MAX_HEADER_LENGTH) << HEADER_LENGTH_SHIFT | rssType & 0xFL
            | (long) hash << 32;
    }
}
