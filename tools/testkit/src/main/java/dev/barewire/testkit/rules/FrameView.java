package dev.barewire.testkit.rules;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Where the headers of a frame lie: as much as the checks need, and nothing of the driver's own parser. */
final class FrameView {
    static final int TCP = 6;
    static final int UDP = 17;

    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;
    private static final int IPV6_HEADER = 40;

    private DirectBuffer frame;
    private int length;
    /** 4, 6, or 0 if the frame has no IP header. */
    private int version;
    private int l3;
    /** Where the TCP or UDP header begins, or 0. */
    private int l4;
    private int protocol;
    /** IPv6 with a routing header: the last destination is not the one that the header names. */
    private boolean routed;

    boolean parse(final DirectBuffer bytes, final int count) {
        frame = bytes;
        length = count;
        version = 0;
        l4 = 0;
        protocol = 0;
        routed = false;
        int type = 12;
        while (type + 6 <= length && isTag(u16(type))) {
            type += 4;
        }
        l3 = type + 2;
        if (l3 + 20 <= length && u16(type) == IPV4 && u8(l3) >>> 4 == 4) {
            version = 4;
            parseIpv4();
        } else if (l3 + IPV6_HEADER <= length && u16(type) == IPV6 && u8(l3) >>> 4 == 6) {
            version = 6;
            parseIpv6();
        }
        return version != 0;
    }

    private static boolean isTag(final int type) {
        return type == 0x8100 || type == 0x88a8 || type == 0x9100;
    }

    private void parseIpv4() {
        final boolean fragment = (u16(l3 + 6) & 0x3fff) != 0;
        transport(l3 + 4 * (u8(l3) & 0xf), fragment ? 0 : u8(l3 + 9));
    }

    private void parseIpv6() {
        int next = u8(l3 + 6);
        int at = l3 + IPV6_HEADER;
        while ((next == 0 || next == 43 || next == 60) && at + 8 <= length) {
            routed |= next == 43;
            next = u8(at);
            at += 8 + 8 * u8(at + 1);
        }
        transport(at, next);
    }

    private void transport(final int at, final int header) {
        if ((header == TCP && at + 20 <= length) || (header == UDP && at + 8 <= length)) {
            protocol = header;
            l4 = at;
        }
    }

    int version() {
        return version;
    }

    int l3() {
        return l3;
    }

    int l4() {
        return l4;
    }

    int protocol() {
        return protocol;
    }

    boolean isRouted() {
        return routed;
    }

    /** Where the transport's checksum is. */
    int checksumOffset() {
        return l4 + (protocol == TCP ? 16 : 6);
    }

    /** All headers, for TCP. */
    int headerLength() {
        return l4 + 4 * (u8(l4 + 12) >>> 4);
    }

    int ipv4TotalLength() {
        return u16(l3 + 2);
    }

    int ipv4Checksum() {
        return u16(l3 + 10);
    }

    /** The pseudo header's sum, folded; with the transport's length as the IP header has it, or without. */
    int pseudoHeader(final boolean withLength) {
        long sum = protocol;
        final int addresses = version == 4 ? l3 + 12 : l3 + 8;
        final int end = version == 4 ? l3 + 20 : l3 + IPV6_HEADER;
        for (int at = addresses; at < end; at += 2) {
            sum += u16(at);
        }
        if (withLength) {
            final int ipEnd = version == 4 ? l3 + ipv4TotalLength() : l3 + IPV6_HEADER + u16(l3 + 4);
            sum += ipEnd - l4;
        }
        while (sum > 0xffff) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (int) sum;
    }

    int u16(final int at) {
        return frame.getShort(at, ByteOrder.BIG_ENDIAN) & 0xffff;
    }

    private int u8(final int at) {
        return frame.getByte(at) & 0xff;
    }
}
