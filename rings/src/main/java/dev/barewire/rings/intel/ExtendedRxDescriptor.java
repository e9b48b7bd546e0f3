package dev.barewire.rings.intel;

import dev.barewire.rings.RxBurst;

/**
 * The extended receive descriptor, 16 bytes (datasheet 317694, section 7.1.4). The card writes all of it back, the
 * buffer's address included. The first 16 bytes of a {@link PacketSplitRxDescriptor} and all of an
 * {@link AdvancedRxDescriptor} come back in the same shape.
 *
 * <pre>
 * read             63                                        0
 *  0              |             buffer address                |
 *  8              |                   0                  | DD |
 *
 * write-back       63        48 47        32 31     20 19    0
 *  0              |        RSS hash         |       MRQ       |
 *  8              |  VLAN tag  |   length   | errors | status |
 * </pre>
 */
public final class ExtendedRxDescriptor {
    /** Bytes of a descriptor. */
    public static final int SIZE = 16;

    /** Offset of the buffer's IOVA, 8 bytes. */
    public static final int ADDRESS = 0;
    /** Offset of the quadword that must be 0 when the descriptor is posted. */
    public static final int RESERVED = 8;
    /** Offset of the quadword with the multiple-receive-queues word and the RSS hash. */
    public static final int HASH = 0;
    /** Offset of the quadword with status, errors, length and VLAN tag. */
    public static final int WRITE_BACK = 8;
    /** Offset of the status, the low 20 bits of 4 bytes. */
    public static final int STATUS = 8;
    /** Offset of the length, 2 bytes: what lies in this buffer. */
    public static final int LENGTH = 12;
    /** Offset of the VLAN tag, 2 bytes: the tag control information of a stripped tag. */
    public static final int VLAN = 14;

    /** Status: the card is done with the descriptor. */
    public static final int STATUS_DD = 1;
    /** Status: the frame's last descriptor. */
    public static final int STATUS_EOP = 1 << 1;
    /** Status: ignore the checksum indications. */
    public static final int STATUS_IXSM = 1 << 2;
    /** Status: the frame's type matched VET and CTRL.VME was on, so its tag was taken off. */
    public static final int STATUS_VP = 1 << 3;
    /** Status: the UDP checksum was calculated. */
    public static final int STATUS_UDPCS = 1 << 4;
    /** Status: the TCP checksum was calculated; QEMU's model sets it with UDP as well. */
    public static final int STATUS_TCPCS = 1 << 5;
    /** Status: the IPv4 header checksum was calculated. */
    public static final int STATUS_IPCS = 1 << 6;

    /** Error: CRC or alignment. */
    public static final int ERROR_CE = 1 << 24;
    /** Error: symbol. */
    public static final int ERROR_SE = 1 << 25;
    /** Error: sequence. */
    public static final int ERROR_SEQ = 1 << 26;
    /** Error: carrier extension. */
    public static final int ERROR_CXE = 1 << 28;
    /** Error: the TCP or UDP checksum is wrong. */
    public static final int ERROR_TCPE = 1 << 29;
    /** Error: the IPv4 header checksum is wrong. */
    public static final int ERROR_IPE = 1 << 30;
    /** Error: receive data. */
    public static final int ERROR_RXE = 1 << 31;
    /** The errors that make a frame's bytes worthless. */
    public static final int ERROR_FRAME = ERROR_CE | ERROR_SE | ERROR_SEQ | ERROR_CXE | ERROR_RXE;

    /** What of {@link #HASH} tells over which fields the hash was computed; 0 is none (7.1.11). */
    private static final long HASH_TYPE = 0xf;

    private ExtendedRxDescriptor() {
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
     * Status and errors in a write-back quadword.
     *
     * @param writeBack the quadword at {@link #WRITE_BACK}
     * @return {@code STATUS_} and {@code ERROR_} bits
     */
    public static int statusErrors(final long writeBack) {
        return (int) writeBack;
    }

    /**
     * The length in a write-back quadword.
     *
     * @param writeBack the quadword at {@link #WRITE_BACK}
     * @return bytes, 0 to 65535
     */
    public static int length(final long writeBack) {
        return (int) (writeBack >>> 32) & 0xFFFF;
    }

    /**
     * The VLAN tag in a write-back quadword.
     *
     * @param writeBack the quadword at {@link #WRITE_BACK}
     * @return 16 bits
     */
    public static int vlan(final long writeBack) {
        return (int) (writeBack >>> 48);
    }

    /**
     * The quadword that a card writes back, for models of one.
     *
     * @param statusErrors {@code STATUS_} and {@code ERROR_} bits
     * @param length       bytes in the buffer
     * @param vlan         the VLAN tag
     * @return the quadword at {@link #WRITE_BACK}
     */
    public static long writeBack(final int statusErrors, final int length, final int vlan) {
        return statusErrors & 0xFFFF_FFFFL | (length & 0xFFFFL) << 32 | (vlan & 0xFFFFL) << 48;
    }

    /** Fills in what the last descriptor of a frame tells of the frame: adds to an entry's flags, sets tag and hash. */
    static void describe(final RxBurst burst, final int entry, final long writeBack, final long hash) {
        final int found = statusErrors(writeBack);
        int flags = burst.flags[entry] | RxBurst.END_OF_FRAME;
        if ((found & ERROR_FRAME) != 0) {
            flags |= RxBurst.FRAME_ERROR;
        }
        if ((found & STATUS_VP) != 0) {
            flags |= RxBurst.VLAN_STRIPPED;
        }
        if ((found & STATUS_IXSM) == 0) {
            if ((found & STATUS_IPCS) != 0) {
                flags |= RxBurst.IP_CHECKED | ((found & ERROR_IPE) != 0 ? RxBurst.IP_BAD : 0);
            }
            if ((found & (STATUS_TCPCS | STATUS_UDPCS)) != 0) {
                flags |= RxBurst.L4_CHECKED | ((found & ERROR_TCPE) != 0 ? RxBurst.L4_BAD : 0);
            }
        }
        if ((hash & HASH_TYPE) != 0) {
            flags |= RxBurst.HASHED;
        }
        burst.flags[entry] = flags;
        burst.vlan[entry] = vlan(writeBack);
        burst.hash[entry] = (int) (hash >>> 32);
    }
}
