package dev.barewire.fallback;

/**
 * What a {@link FrameParser} found: where the headers of one frame lie. Offsets are bytes from the frame's first; all of
 * them lie within the frame. Reusable: every parse sets every field.
 */
public final class FrameHeaders {
    /** Kind of the network header. */
    public enum L3 {
        /** None: the frame is too short to say. */
        NONE,
        /** IPv4. */
        IPV4,
        /** IPv6. */
        IPV6,
        /** ARP. */
        ARP,
        /** Anything else. */
        OTHER
    }

    /** Kind of the transport header. */
    public enum L4 {
        /** None: not IP, a fragment, nothing after the IP header, or {@link FrameHeaders#malformed}. */
        NONE,
        /** TCP, its header complete. */
        TCP,
        /** UDP, its header complete. */
        UDP,
        /** Another protocol, not looked into. */
        OTHER
    }

    /** Which part of an IP packet the frame carries. */
    public enum Fragment {
        /** The whole packet. */
        NONE,
        /** The first fragment. */
        FIRST,
        /** A later fragment, without a transport header. */
        LATER
    }

    /** How many VLAN tags were understood, 0 to 2. */
    public int vlanTags;
    /** Tag control information of the outer tag, 0 if there is none. */
    public int outerTag;
    /** Tag control information of the inner tag, 0 unless there are two. */
    public int innerTag;
    /** The EtherType behind the tags (or an 802.3 length), 0 if the frame is too short. */
    public int etherType;
    /** Kind of the network header. */
    public L3 l3 = L3.NONE;
    /** Where the network header starts; 0 with {@link L3#NONE}. */
    public int l3Offset;
    /** Length of a complete IPv4 header with its options, or of the fixed IPv6 header; else 0. */
    public int l3HeaderLength;
    /** One past the IP packet's last byte by its own length, at most the frame's end: what follows is padding. */
    public int l3End;
    /** Where the destination address lies that the transport's checksum covers; -1 if that is not known. */
    public int destinationOffset;
    /** Whether it is a fragment. */
    public Fragment fragment = Fragment.NONE;
    /** The IP protocol of what follows the IP headers that were understood; 0 if not IP. */
    public int protocol;
    /** Kind of the transport header. */
    public L4 l4 = L4.NONE;
    /** Where the transport header or the opaque payload starts; 0 if not IP or {@link #malformed}. */
    public int l4Offset;
    /** One past the transport's last byte: by its own length for UDP, else {@link #l3End}. */
    public int l4End;
    /**
     * Where a header split cuts: after a whole TCP or UDP header, after the IP headers for other protocols and for all
     * fragments, 0 where nothing is split.
     */
    public int headerLength;
    /** The frame is cut short, contradicts itself, or has more extension headers than are followed. */
    public boolean malformed;

    /** Makes headers of nothing. */
    public FrameHeaders() {
    }

    /** Forgets the last frame. */
    public void clear() {
        vlanTags = 0;
        outerTag = 0;
        innerTag = 0;
        etherType = 0;
        l3 = L3.NONE;
        l3Offset = 0;
        l3HeaderLength = 0;
        l3End = 0;
        destinationOffset = -1;
        fragment = Fragment.NONE;
        protocol = 0;
        l4 = L4.NONE;
        l4Offset = 0;
        l4End = 0;
        headerLength = 0;
        malformed = false;
    }

    /**
     * Takes over all that another one says.
     *
     * @param other the other
     */
    public void set(final FrameHeaders other) {
        vlanTags = other.vlanTags;
        outerTag = other.outerTag;
        innerTag = other.innerTag;
        etherType = other.etherType;
        l3 = other.l3;
        l3Offset = other.l3Offset;
        l3HeaderLength = other.l3HeaderLength;
        l3End = other.l3End;
        destinationOffset = other.destinationOffset;
        fragment = other.fragment;
        protocol = other.protocol;
        l4 = other.l4;
        l4Offset = other.l4Offset;
        l4End = other.l4End;
        headerLength = other.headerLength;
        malformed = other.malformed;
    }

    /**
     * Whether it is an IP packet.
     *
     * @return true for IPv4 and IPv6
     */
    public boolean isIp() {
        return l3 == L3.IPV4 || l3 == L3.IPV6;
    }

    /**
     * Whether it carries a whole TCP or UDP message, so that there is a transport checksum.
     *
     * @return false for fragments and what is {@link #malformed}
     */
    public boolean hasTransport() {
        return l4 == L4.TCP || l4 == L4.UDP;
    }
}
