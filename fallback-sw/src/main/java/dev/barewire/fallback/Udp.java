package dev.barewire.fallback;

/** UDP header: offsets in bytes from its first (RFC 768). */
public final class Udp {
    /** Source port, 2 bytes. */
    public static final int SOURCE_PORT = 0;
    /** Destination port, 2 bytes. */
    public static final int DESTINATION_PORT = 2;
    /** Length of header and payload, 2 bytes. */
    public static final int LENGTH = 4;
    /** Checksum, 2 bytes; over IPv4, 0 is none. */
    public static final int CHECKSUM = 6;
    /** Length of the header. */
    public static final int HEADER_LENGTH = 8;

    private Udp() {
    }
}
