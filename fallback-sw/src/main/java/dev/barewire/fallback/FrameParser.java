package dev.barewire.fallback;

import dev.barewire.dma.SegmentList;
import dev.barewire.fallback.FrameHeaders.Fragment;
import dev.barewire.fallback.FrameHeaders.L3;
import dev.barewire.fallback.FrameHeaders.L4;

/**
 * Finds a frame's headers, to split and to sum and no more: Ethernet with up to two VLAN tags, IPv4 with options, IPv6
 * with extension headers, TCP with options, UDP; all else is opaque. Any bytes are answered without an exception, and
 * none outside the frame is read. Headers may straddle segments. Holds no state; allocates nothing.
 */
public final class FrameParser {
    /** How many IPv6 extension headers are followed: more than any sound sender uses, few enough to bound the work. */
    static final int MAX_EXTENSIONS = 8;

    /** Makes a parser. */
    public FrameParser() {
    }

    /**
     * Parses a frame as it is on the wire.
     *
     * @param frame the frame from its Ethernet header, without FCS
     * @param out   what was found
     */
    public void parse(final SegmentList frame, final FrameHeaders out) {
        out.clear();
        parseEthernet(frame, out, false);
    }

    /**
     * Parses a frame that shall be cut into segments: the IP packet reaches to the frame's end, whatever its length field
     * says, since a packet of 64 KiB and more has no length that fits.
     *
     * @param frame the frame from its Ethernet header
     * @param out   what was found
     */
    public void parseUnsegmented(final SegmentList frame, final FrameHeaders out) {
        out.clear();
        parseEthernet(frame, out, true);
    }

    private static void parseEthernet(final SegmentList frame, final FrameHeaders out, final boolean toFrameEnd) {
        if (frame.bytes() < Ethernet.HEADER_LENGTH) {
            out.malformed = true;
            return;
        }
        int typeAt = Ethernet.TYPE;
        int type = FrameBytes.u16(frame, typeAt);
        while ((type == Ethernet.TYPE_VLAN || type == Ethernet.TYPE_SERVICE_VLAN) && out.vlanTags < 2) {
            if (typeAt + Ethernet.TAG_LENGTH + Short.BYTES > frame.bytes()) {
                out.malformed = true;
                return;
            }
            final int control = FrameBytes.u16(frame, typeAt + Ethernet.TAG_CONTROL);
            if (out.vlanTags++ == 0) {
                out.outerTag = control;
            } else {
                out.innerTag = control;
            }
            typeAt += Ethernet.TAG_LENGTH;
            type = FrameBytes.u16(frame, typeAt);
        }
        out.etherType = type;
        out.l3Offset = typeAt + Short.BYTES;
        switch (type) {
            case Ethernet.TYPE_IPV4 -> parseIpv4(frame, out, toFrameEnd);
            case Ethernet.TYPE_IPV6 -> parseIpv6(frame, out, toFrameEnd);
            case Ethernet.TYPE_ARP -> out.l3 = L3.ARP;
            default -> out.l3 = L3.OTHER;
        }
    }

    private static void parseIpv4(final SegmentList frame, final FrameHeaders out, final boolean toFrameEnd) {
        out.l3 = L3.IPV4;
        final int l3 = out.l3Offset;
        out.l3End = frame.bytes();
        if (l3 + Ipv4.MIN_LENGTH > frame.bytes()) {
            out.malformed = true;
            return;
        }
        final int versionLength = FrameBytes.u8(frame, l3 + Ipv4.VERSION_LENGTH);
        final int headerLength = (versionLength & 0x0F) * 4;
        if (versionLength >>> 4 != 4 || headerLength < Ipv4.MIN_LENGTH || l3 + headerLength > frame.bytes()) {
            out.malformed = true;
            return;
        }
        out.l3HeaderLength = headerLength;
        out.destinationOffset = l3 + Ipv4.DESTINATION;
        out.protocol = FrameBytes.u8(frame, l3 + Ipv4.PROTOCOL);
        final int total = toFrameEnd ? frame.bytes() - l3 : FrameBytes.u16(frame, l3 + Ipv4.TOTAL_LENGTH);
        if (total < headerLength || l3 + total > frame.bytes()) {
            out.malformed = true;
            return;
        }
        out.l3End = l3 + total;
        final int fragment = FrameBytes.u16(frame, l3 + Ipv4.FRAGMENT);
        out.fragment = fragmentOf((fragment & Ipv4.FRAGMENT_OFFSET) != 0, (fragment & Ipv4.MORE_FRAGMENTS) != 0);
        parseTransport(frame, out, l3 + headerLength);
    }

    private static void parseIpv6(final SegmentList frame, final FrameHeaders out, final boolean toFrameEnd) {
        out.l3 = L3.IPV6;
        final int l3 = out.l3Offset;
        out.l3End = frame.bytes();
        if (l3 + Ipv6.LENGTH > frame.bytes() || FrameBytes.u8(frame, l3 + Ipv6.VERSION) >>> 4 != 6) {
            out.malformed = true;
            return;
        }
        out.l3HeaderLength = Ipv6.LENGTH;
        out.destinationOffset = l3 + Ipv6.DESTINATION;
        out.protocol = FrameBytes.u8(frame, l3 + Ipv6.NEXT_HEADER);
        final int start = l3 + Ipv6.LENGTH;
        final int payload = toFrameEnd ? frame.bytes() - start : FrameBytes.u16(frame, l3 + Ipv6.PAYLOAD_LENGTH);
        if (start + payload > frame.bytes()) {
            out.malformed = true;
            return;
        }
        out.l3End = start + payload;
        int at = start;
        for (int followed = 0; isExtension(out.protocol) && out.fragment == Fragment.NONE; followed++) {
            final int length = followed < MAX_EXTENSIONS ? parseExtension(frame, out, at) : 0;
            if (length == 0) {
                out.malformed = true;
                return;
            }
            at += length;
        }
        parseTransport(frame, out, at);
    }

    private static boolean isExtension(final int protocol) {
        return switch (protocol) {
            case Ipv6.NEXT_HOP_BY_HOP, Ipv6.NEXT_ROUTING, Ipv6.NEXT_FRAGMENT, Ipv6.NEXT_AUTHENTICATION,
                Ipv6.NEXT_DESTINATION -> true;
            default -> false;
        };
    }

    /** Steps over one extension header; gives its length, or 0 if it does not lie within the packet. */
    private static int parseExtension(final SegmentList frame, final FrameHeaders out, final int at) {
        if (at + Ipv6.FRAGMENT_LENGTH > out.l3End) {
            return 0;
        }
        final int units = FrameBytes.u8(frame, at + Ipv6.EXTENSION_LENGTH);
        final int length = switch (out.protocol) {
            case Ipv6.NEXT_FRAGMENT -> Ipv6.FRAGMENT_LENGTH;
            case Ipv6.NEXT_AUTHENTICATION -> (units + 2) * 4;
            default -> (units + 1) * 8;
        };
        if (at + length > out.l3End) {
            return 0;
        }
        if (out.protocol == Ipv6.NEXT_FRAGMENT) {
            final int field = FrameBytes.u16(frame, at + Ipv6.FRAGMENT_FIELD);
            // With neither an offset nor more to come it is whole all the same (an atomic fragment, RFC 6946).
            out.fragment = fragmentOf(field >>> 3 != 0, (field & 1) != 0);
        } else if (out.protocol == Ipv6.NEXT_ROUTING) {
            parseRouting(frame, out, at, length);
        }
        out.protocol = FrameBytes.u8(frame, at + Ipv6.EXTENSION_NEXT);
        return length;
    }

    /** While hops are left, the checksum covers the final destination, which only the routing header has (RFC 8200, 8.1). */
    private static void parseRouting(final SegmentList frame, final FrameHeaders out, final int at, final int length) {
        if (FrameBytes.u8(frame, at + Ipv6.ROUTING_SEGMENTS_LEFT) == 0) {
            return;
        }
        final boolean hasAddress = length >= Ipv6.ROUTING_ADDRESSES + Ipv6.ADDRESS_LENGTH;
        out.destinationOffset = switch (FrameBytes.u8(frame, at + Ipv6.ROUTING_TYPE)) {
            case 0, 2 -> hasAddress ? at + length - Ipv6.ADDRESS_LENGTH : -1;
            // Segment routing lists its hops backwards (RFC 8754, 2).
            case 4 -> hasAddress ? at + Ipv6.ROUTING_ADDRESSES : -1;
            default -> -1;
        };
    }

    private static void parseTransport(final SegmentList frame, final FrameHeaders out, final int at) {
        int header = 0;
        int end = out.l3End;
        L4 kind = L4.OTHER;
        if (out.fragment != Fragment.NONE || out.protocol == Ipv6.NEXT_NONE) {
            kind = L4.NONE;
        } else if (out.protocol == Ipv4.PROTOCOL_TCP) {
            kind = L4.TCP;
            header = tcpHeaderLength(frame, at, end);
        } else if (out.protocol == Ipv4.PROTOCOL_UDP) {
            kind = L4.UDP;
            header = Udp.HEADER_LENGTH;
            end = udpEnd(frame, at, end);
        }
        if (header < 0 || end < 0) {
            out.malformed = true;
            return;
        }
        out.l4 = kind;
        out.l4Offset = at;
        out.l4End = end;
        out.headerLength = at + header;
    }

    private static int tcpHeaderLength(final SegmentList frame, final int at, final int end) {
        if (at + Tcp.MIN_LENGTH > end) {
            return -1;
        }
        final int length = (FrameBytes.u8(frame, at + Tcp.DATA_OFFSET) >>> 4) * 4;
        return length < Tcp.MIN_LENGTH || at + length > end ? -1 : length;
    }

    private static int udpEnd(final SegmentList frame, final int at, final int end) {
        if (at + Udp.HEADER_LENGTH > end) {
            return -1;
        }
        final int length = FrameBytes.u16(frame, at + Udp.LENGTH);
        return length < Udp.HEADER_LENGTH || at + length > end ? -1 : at + length;
    }

    private static Fragment fragmentOf(final boolean hasOffset, final boolean more) {
        return hasOffset ? Fragment.LATER : more ? Fragment.FIRST : Fragment.NONE;
    }
}
