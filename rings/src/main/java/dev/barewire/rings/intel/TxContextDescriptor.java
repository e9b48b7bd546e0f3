package dev.barewire.rings.intel;

/**
 * The TCP/IP context descriptor, 16 bytes (manual 317453, section 3.3.6): where the checksums of the data descriptors
 * behind it lie and how to segment. It points at no data. The card keeps a context for segmentation (TSE) apart from
 * the one for checksums only.
 *
 * <pre>
 *     63    48 47    40 39    32 31    24 23   20 19 16 15    8 7     0
 *  0 | TUCSE  |  TUCSO |  TUCSS |      IPCSE          |  IPCSO |  IPCSS |
 *  8 |  MSS   | HDRLEN | status | TUCMD  |  DTYP |       PAYLEN         |
 * </pre>
 */
public final class TxContextDescriptor {
    /** Offset of the quadword with the checksum fields. */
    public static final int CHECKSUMS = 0;
    /** Offset of the quadword with the command. */
    public static final int CONTROL = 8;
    /** Offset of the IP checksum start, 1 byte: the IP header's first byte. */
    public static final int IPCSS = 0;
    /** Offset of the IP checksum offset, 1 byte: the checksum field. */
    public static final int IPCSO = 1;
    /** Offset of the IP checksum end, 2 bytes: the IP header's last byte, inclusive. */
    public static final int IPCSE = 2;
    /** Offset of the TCP/UDP checksum start, 1 byte: the TCP or UDP header's first byte. */
    public static final int TUCSS = 4;
    /** Offset of the TCP/UDP checksum offset, 1 byte: the checksum field. */
    public static final int TUCSO = 5;
    /** Offset of the TCP/UDP checksum end, 2 bytes: the last byte, inclusive; 0 is the end of the packet. */
    public static final int TUCSE = 6;
    /** Offset of the payload length PAYLEN, the low 20 bits: bytes behind the headers, with TSE. */
    public static final int PAYLEN = 8;
    /** Offset of the command byte TUCMD (section 3.3.6.1). */
    public static final int COMMAND = 11;
    /** Offset of the status, the low 4 bits of a byte (section 3.3.6.2). */
    public static final int STATUS = 12;
    /** Offset of the header length, 1 byte, with TSE. */
    public static final int HDRLEN = 13;
    /** Offset of the maximum segment size, 2 bytes, with TSE. */
    public static final int MSS = 14;

    /** DTYP of this format. */
    public static final int TYPE = 0;

    /** Command: the packet is TCP, else UDP (section 3.3.6.1). */
    public static final int COMMAND_TCP = 1;
    /** Command: the packet is IPv4, else IPv6. */
    public static final int COMMAND_IP = 1 << 1;
    /** Command: this is the segmentation context. */
    public static final int COMMAND_TSE = 1 << 2;
    /** Command: report status, so that DD is written back. */
    public static final int COMMAND_RS = 1 << 3;
    /** Command: extended format, 1 here. */
    public static final int COMMAND_DEXT = 1 << 5;
    /** Command: delay the interrupt. */
    public static final int COMMAND_IDE = 1 << 7;

    /** The longest headers that the card keeps as the prototype of each segment (section 3.5.6). */
    public static final int MAX_HDRLEN = 240;
    /** The largest value of the 16-bit MSS. */
    public static final int MAX_MSS = 0xFFFF;
    /** The largest value of the 20-bit PAYLEN. */
    public static final int MAX_PAYLEN = 0xF_FFFF;
    /** The largest value of the 8-bit start and offset fields. */
    public static final int MAX_OFFSET = 0xFF;

    private static final int TYPE_SHIFT = 20;
    private static final int COMMAND_SHIFT = 24;
    private static final int HDRLEN_SHIFT = 40;
    private static final int MSS_SHIFT = 48;

    private TxContextDescriptor() {
    }

    /**
     * One half of the quadword at {@link #CHECKSUMS}; the halves for IP and for TCP or UDP have the same shape.
     *
     * @param start  where the sum starts, bytes from the frame's first
     * @param offset where the checksum goes
     * @param end    the last byte summed, inclusive; 0 is the end of the packet
     * @return 32 bits; IPCSS, IPCSO, IPCSE or TUCSS, TUCSO, TUCSE
     */
    public static int checksum(final int start, final int offset, final int end) {
        return start & 0xFF | (offset & 0xFF) << 8 | (end & 0xFFFF) << 16;
    }

    /**
     * The quadword at {@link #CHECKSUMS}.
     *
     * @param ip {@link #checksum} of the IP header
     * @param l4 {@link #checksum} of TCP or UDP
     * @return the quadword
     */
    public static long checksums(final int ip, final int l4) {
        return ip & 0xFFFF_FFFFL | (long) l4 << 32;
    }

    /**
     * The quadword at {@link #CONTROL}, with no status; DEXT is set.
     *
     * @param payload bytes behind the headers
     * @param command {@code COMMAND_} bits
     * @param header  the length of all headers
     * @param mss     payload bytes of a segment
     * @return the quadword
     */
    public static long control(final int payload, final int command, final int header, final int mss) {
        return payload & 0xF_FFFFL | (long) TYPE << TYPE_SHIFT | ((command | COMMAND_DEXT) & 0xFFL) << COMMAND_SHIFT
            | (header & 0xFFL) << HDRLEN_SHIFT | (mss & 0xFFFFL) << MSS_SHIFT;
    }
}
