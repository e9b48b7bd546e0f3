package dev.barewire.fallback;

/** ICMP header and echo messages: offsets in bytes from its first (RFC 792). */
public final class Icmp {
    /** Type, 1 byte. */
    public static final int TYPE = 0;
    /** Code, 1 byte. */
    public static final int CODE = 1;
    /** Checksum over the whole message, 2 bytes. */
    public static final int CHECKSUM = 2;
    /** In an echo: identifier, 2 bytes. */
    public static final int IDENTIFIER = 4;
    /** In an echo: sequence number, 2 bytes. */
    public static final int SEQUENCE = 6;
    /** Length of the header of an echo. */
    public static final int HEADER_LENGTH = 8;
    /** Type: echo reply. */
    public static final int ECHO_REPLY = 0;
    /** Type: echo request. */
    public static final int ECHO_REQUEST = 8;

    private Icmp() {
    }
}
