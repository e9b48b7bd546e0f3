package dev.barewire.fallback;

/** IPv6 header and extension headers: offsets in bytes from the first of each (RFC 8200, RFC 4302 for AH). */
public final class Ipv6 {
    /** Version (high 4 bits of the first byte). */
    public static final int VERSION = 0;
    /** Length of all that follows this header, 2 bytes. */
    public static final int PAYLOAD_LENGTH = 4;
    /** Kind of the next header, 1 byte. */
    public static final int NEXT_HEADER = 6;
    /** Hop limit, 1 byte. */
    public static final int HOP_LIMIT = 7;
    /** Source address, 16 bytes. */
    public static final int SOURCE = 8;
    /** Destination address, 16 bytes. */
    public static final int DESTINATION = 24;
    /** Length of this header. */
    public static final int LENGTH = 40;
    /** Length of an address. */
    public static final int ADDRESS_LENGTH = 16;
    /** In every extension header: kind of the next, 1 byte. */
    public static final int EXTENSION_NEXT = 0;
    /** In most extension headers: length beyond the first 8 bytes, in units of 8; for AH in units of 4. */
    public static final int EXTENSION_LENGTH = 1;
    /** In a routing header: its type, 1 byte. */
    public static final int ROUTING_TYPE = 2;
    /** In a routing header: how many hops are still to be visited, 1 byte. */
    public static final int ROUTING_SEGMENTS_LEFT = 3;
    /** In a routing header of type 0, 2 or 4: its first address. */
    public static final int ROUTING_ADDRESSES = 8;
    /** In a fragment header: offset in units of 8 bytes (high 13 bits) and the more bit (lowest). */
    public static final int FRAGMENT_FIELD = 2;
    /** Length of a fragment header. */
    public static final int FRAGMENT_LENGTH = 8;
    /** Kind of the hop-by-hop options header. */
    public static final int NEXT_HOP_BY_HOP = 0;
    /** Kind of the routing header. */
    public static final int NEXT_ROUTING = 43;
    /** Kind of the fragment header. */
    public static final int NEXT_FRAGMENT = 44;
    /** Kind of the authentication header. */
    public static final int NEXT_AUTHENTICATION = 51;
    /** Kind of ICMPv6. */
    public static final int NEXT_ICMP = 58;
    /** Nothing follows. */
    public static final int NEXT_NONE = 59;
    /** Kind of the destination options header. */
    public static final int NEXT_DESTINATION = 60;

    private Ipv6() {
    }
}
