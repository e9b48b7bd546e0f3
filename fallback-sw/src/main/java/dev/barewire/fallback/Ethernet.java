package dev.barewire.fallback;

/** Ethernet II header and VLAN tags: offsets in bytes from the frame's first, and EtherTypes (IEEE 802.3, 802.1Q). */
public final class Ethernet {
    /** Destination address, 6 bytes. */
    public static final int DESTINATION = 0;
    /** Source address, 6 bytes. */
    public static final int SOURCE = 6;
    /** Length of both addresses. */
    public static final int ADDRESSES_LENGTH = 12;
    /** EtherType, 2 bytes; a tag stands here in its place where there is one. */
    public static final int TYPE = 12;
    /** Length without tags. */
    public static final int HEADER_LENGTH = 14;
    /** Length of a VLAN tag: its own EtherType and the control information. */
    public static final int TAG_LENGTH = 4;
    /** Tag control information, 2 bytes, from the start of a tag. */
    public static final int TAG_CONTROL = 2;
    /** The least EtherType; below it the field is an IEEE 802.3 length. */
    public static final int MIN_TYPE = 0x0600;
    /** EtherType of IPv4. */
    public static final int TYPE_IPV4 = 0x0800;
    /** EtherType of ARP. */
    public static final int TYPE_ARP = 0x0806;
    /** EtherType of a customer VLAN tag (802.1Q). */
    public static final int TYPE_VLAN = 0x8100;
    /** EtherType of IPv6. */
    public static final int TYPE_IPV6 = 0x86DD;
    /** EtherType of a service VLAN tag (802.1ad). */
    public static final int TYPE_SERVICE_VLAN = 0x88A8;

    private Ethernet() {
    }
}
