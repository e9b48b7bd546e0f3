package dev.barewire.rings.intel;

/**
 * The advanced transmit context descriptor, 16 bytes (82576 datasheet, section 7.2): where the headers of the
 * frames behind it lie, the VLAN tag to insert, and how to segment. It points at no data. The card keeps two for each
 * queue, and a data descriptor names the one that it means.
 *
 * <pre>
 *     63   48 47   40 39 38  36 35 32 31     24 23  20 19        9 8     0
 *  0 |           security association         |  VLAN 31:16 | MACLEN 15:9 | IPLEN |
 *  8 |  MSS  | L4LEN |   | IDX |     | command |  DTYP |   TUCMD   |  0    |
 * </pre>
 */
public final class AdvancedTxContextDescriptor {
    /** Offset of the quadword with header lengths and VLAN tag. */
    public static final int LENGTHS = 0;
    /** Offset of the quadword with the command. */
    public static final int CONTROL = 8;

    /** DTYP of this format. */
    public static final int TYPE = 2;
    /** How many the card keeps for a queue. */
    public static final int SLOTS = 2;

    /** TUCMD: the packet is IPv4, else IPv6. */
    public static final int COMMAND_IPV4 = 1 << 1;
    /** TUCMD, L4T: the packet is TCP, else UDP. */
    public static final int COMMAND_TCP = 1 << 2;

    /** The largest value of the 7-bit MACLEN. */
    public static final int MAX_MACLEN = 0x7F;
    /** The largest value of the 9-bit IPLEN. */
    public static final int MAX_IPLEN = 0x1FF;
    /** The largest value of the 8-bit L4LEN. */
    public static final int MAX_L4LEN = 0xFF;
    /** The largest value of the 16-bit MSS. */
    public static final int MAX_MSS = 0xFFFF;

    private static final int MACLEN_SHIFT = 9;
    private static final int VLAN_SHIFT = 16;
    private static final int COMMAND_SHIFT = 9;
    private static final int TYPE_SHIFT = 20;
    private static final long DEXT = 1L << 29;
    private static final int INDEX_SHIFT = 36;
    private static final int L4LEN_SHIFT = 40;
    private static final int MSS_SHIFT = 48;

    private AdvancedTxContextDescriptor() {
    }

    /**
     * The quadword at {@link #LENGTHS}.
     *
     * @param mac  bytes before the IP header, without a tag that the card inserts
     * @param ip   bytes of the IP header, extension headers included
     * @param vlan the tag that frames get whose data descriptors ask for one
     * @return the quadword
     */
    public static long lengths(final int mac, final int ip, final int vlan) {
        return ip & MAX_IPLEN | (mac & MAX_MACLEN) << MACLEN_SHIFT | (vlan & 0xFFFFL) << VLAN_SHIFT;
    }

    /**
     * The quadword at {@link #CONTROL}; DEXT is set.
     *
     * @param command {@code COMMAND_} bits
     * @param slot    which of the {@value #SLOTS} it becomes
     * @param l4      bytes of the TCP header, with segmentation
     * @param mss     payload bytes of a segment, with segmentation
     * @return the quadword
     */
    public static long control(final int command, final int slot, final int l4, final int mss) {
        return (long) command << COMMAND_SHIFT | (long) TYPE << TYPE_SHIFT | DEXT | (long) slot << INDEX_SHIFT
            | (l4 & 0xFFL) << L4LEN_SHIFT | (mss & 0xFFFFL) << MSS_SHIFT;
    }
}
