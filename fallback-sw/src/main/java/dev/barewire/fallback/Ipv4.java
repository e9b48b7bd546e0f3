package dev.barewire.fallback;

/** IPv4 header: offsets in bytes from its first (RFC 791). */
public final class Ipv4 {
    /** Version (high 4 bits) and header length in 32-bit words (low 4 bits). */
    public static final int VERSION_LENGTH = 0;
    /** Length of header and payload, 2 bytes. */
    public static final int TOTAL_LENGTH = 2;
    /** Identification, 2 bytes. */
    public static final int IDENTIFICATION = 4;
    /** Flags and fragment offset, 2 bytes. */
    public static final int FRAGMENT = 6;
    /** Time to live, 1 byte. */
    public static final int TIME_TO_LIVE = 8;
    /** Protocol, 1 byte. */
    public static final int PROTOCOL = 9;
    /** Header checksum, 2 bytes. */
    public static final int CHECKSUM = 10;
    /** Source address, 4 bytes. */
    public static final int SOURCE = 12;
    /** Destination address, 4 bytes. */
    public static final int DESTINATION = 16;
    /** Length without options. */
    public static final int MIN_LENGTH = 20;
    /** In {@link #FRAGMENT}: more fragments follow. */
    public static final int MORE_FRAGMENTS = 0x2000;
    /** In {@link #FRAGMENT}: where this one starts, in units of 8 bytes. */
    public static final int FRAGMENT_OFFSET = 0x1FFF;
    /** Protocol number of ICMP. */
    public static final int PROTOCOL_ICMP = 1;
    /** Protocol number of TCP. */
    public static final int PROTOCOL_TCP = 6;
    /** Protocol number of UDP. */
    public static final int PROTOCOL_UDP = 17;

    private Ipv4() {
    }
}
