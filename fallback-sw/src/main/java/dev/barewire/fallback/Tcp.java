package dev.barewire.fallback;

/** TCP header: offsets in bytes from its first (RFC 9293). */
public final class Tcp {
    /** Source port, 2 bytes. */
    public static final int SOURCE_PORT = 0;
    /** Destination port, 2 bytes. */
    public static final int DESTINATION_PORT = 2;
    /** Sequence number, 4 bytes. */
    public static final int SEQUENCE = 4;
    /** Acknowledgement number, 4 bytes. */
    public static final int ACKNOWLEDGEMENT = 8;
    /** Header length in 32-bit words (high 4 bits). */
    public static final int DATA_OFFSET = 12;
    /** Flags, 1 byte. */
    public static final int FLAGS = 13;
    /** Window, 2 bytes. */
    public static final int WINDOW = 14;
    /** Checksum, 2 bytes. */
    public static final int CHECKSUM = 16;
    /** Urgent pointer, 2 bytes. */
    public static final int URGENT = 18;
    /** Length without options. */
    public static final int MIN_LENGTH = 20;
    /** In {@link #FLAGS}: no more data. */
    public static final int FIN = 0x01;
    /** In {@link #FLAGS}: start. */
    public static final int SYN = 0x02;
    /** In {@link #FLAGS}: reset. */
    public static final int RST = 0x04;
    /** In {@link #FLAGS}: push. */
    public static final int PSH = 0x08;
    /** In {@link #FLAGS}: the acknowledgement number counts. */
    public static final int ACK = 0x10;
    /** In {@link #FLAGS}: congestion window reduced. */
    public static final int CWR = 0x80;

    private Tcp() {
    }
}
