package dev.barewire.rings;

/** What a frame asks of the card that sends it. Offsets are bytes from the frame's first. Reusable. */
public final class TxRequest {
    /** Insert the IPv4 header checksum. */
    public static final int IP_CHECKSUM = 1;
    /** Insert the TCP checksum. */
    public static final int TCP_CHECKSUM = 1 << 1;
    /** Insert the UDP checksum. */
    public static final int UDP_CHECKSUM = 1 << 2;
    /** Cut into TCP segments of {@link #mss} bytes of payload each. */
    public static final int SEGMENT = 1 << 3;
    /** Insert a VLAN tag with {@link #vlan}. */
    public static final int VLAN = 1 << 4;
    /** The network header is IPv6. */
    public static final int IPV6 = 1 << 5;
    /** Cut into UDP datagrams of {@link #mss} bytes of payload each. */
    public static final int SEGMENT_UDP = 1 << 6;
    /** With {@link #SEGMENT}: the TCP header says that the sender has slowed down (CWR), which only the first segment shall. */
    public static final int CWR = 1 << 7;

    /** What is asked for. */
    public int flags;
    /** Where the IP header starts. */
    public int l3Offset;
    /** Where the TCP or UDP header starts. */
    public int l4Offset;
    /** The length of all headers, with {@link #SEGMENT} or {@link #SEGMENT_UDP}. */
    public int headerLength;
    /** Payload bytes of a segment, with {@link #SEGMENT} or {@link #SEGMENT_UDP}. */
    public int mss;
    /** Tag control information, with {@link #VLAN}. */
    public int vlan;

    /** Makes a request for nothing. */
    public TxRequest() {
    }

    /** Asks for nothing. */
    public void clear() {
        flags = 0;
        l3Offset = 0;
        l4Offset = 0;
        headerLength = 0;
        mss = 0;
        vlan = 0;
    }
}
