package dev.barewire.fallback;

/** ARP for IPv4 over Ethernet: offsets in bytes from its first (RFC 826). */
public final class Arp {
    /** Hardware type, 2 bytes: 1 for Ethernet. */
    public static final int HARDWARE_TYPE = 0;
    /** Protocol type, 2 bytes: an EtherType. */
    public static final int PROTOCOL_TYPE = 2;
    /** Length of a hardware address, 1 byte. */
    public static final int HARDWARE_LENGTH = 4;
    /** Length of a protocol address, 1 byte. */
    public static final int PROTOCOL_LENGTH = 5;
    /** Operation, 2 bytes. */
    public static final int OPERATION = 6;
    /** Sender's Ethernet address, 6 bytes. */
    public static final int SENDER_HARDWARE = 8;
    /** Sender's IPv4 address, 4 bytes. */
    public static final int SENDER_PROTOCOL = 14;
    /** Target's Ethernet address, 6 bytes. */
    public static final int TARGET_HARDWARE = 18;
    /** Target's IPv4 address, 4 bytes. */
    public static final int TARGET_PROTOCOL = 24;
    /** Length in all. */
    public static final int LENGTH = 28;
    /** Operation: who has. */
    public static final int REQUEST = 1;
    /** Operation: it is at. */
    public static final int REPLY = 2;

    private Arp() {
    }
}
