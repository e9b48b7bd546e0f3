package dev.barewire.rings.virtio;

/**
 * What lies in front of every frame of a network device: struct virtio_net_hdr (section 5.1.9), 12 bytes, or 20 with
 * VIRTIO_NET_F_HASH_REPORT. Its first quadword holds flags, GSO type, header length, GSO size and checksum start; the word
 * behind it checksum offset and number of buffers.
 */
final class NetHeader {
    /** Its size. */
    static final int BYTES = 12;
    /** Its size with a hash report. */
    static final int HASH_BYTES = 20;
    /** The second word: checksum offset, number of buffers. */
    static final int TAIL = 8;
    /** The hash; its type is in the word behind it. */
    static final int HASH = 12;
    static final int HASH_REPORT = 16;

    /** The checksum is still to be made from checksum start on. */
    static final int NEEDS_CHECKSUM = 1;
    /** The device found the checksum right. */
    static final int DATA_VALID = 1 << 1;
    /** The checksum's fields hold something else: counts of coalesced segments. */
    static final int RSC_INFO = 1 << 2;
    /** The outer checksum of a tunnel is still to be made. */
    static final int UDP_TUNNEL_CHECKSUM = 1 << 3;

    static final int GSO_NONE = 0;
    static final int GSO_TCPV4 = 1;
    static final int GSO_UDP = 3;
    static final int GSO_TCPV6 = 4;
    static final int GSO_UDP_L4 = 5;
    static final int GSO_UDP_TUNNEL_IPV4 = 0x20;
    static final int GSO_UDP_TUNNEL_IPV6 = 0x40;
    /** The TCP header has CWR set. */
    static final int GSO_ECN = 0x80;

    private NetHeader() {
    }

    static long head(final int flags, final int gsoType, final int headerLength, final int gsoSize, final int checksumStart) {
        return flags | gsoType << 8 | (long) headerLength << 16 | (long) gsoSize << 32 | (long) checksumStart << 48;
    }

    static int flags(final long head) {
        return (int) head & 0xff;
    }

    static int gsoType(final long head) {
        return (int) head >>> 8 & 0xff;
    }

    static int gsoSize(final long head) {
        return (int) (head >>> 32) & 0xffff;
    }

    static int checksumStart(final long head) {
        return (int) (head >>> 48);
    }

    static int checksumOffset(final int tail) {
        return tail & 0xffff;
    }

    static int buffers(final int tail) {
        return tail >>> 16;
    }

    /** Whether a header speaks of a tunnel, which nobody agreed on: such a frame is to be dropped (5.1.9.4.2). */
    static boolean isTunnelled(final int flags, final int gsoType) {
        return (gsoType & (GSO_UDP_TUNNEL_IPV4 | GSO_UDP_TUNNEL_IPV6)) != 0
            || (flags & (UDP_TUNNEL_CHECKSUM | NEEDS_CHECKSUM)) == (UDP_TUNNEL_CHECKSUM | NEEDS_CHECKSUM);
    }
}
