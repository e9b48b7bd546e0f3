package dev.barewire.testkit.model.intel;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * How the 82574 and its successors read a frame's headers (datasheet 317694, 7.1.5 and 7.1.11): Ethernet, one tag, IPv4 or
 * IPv6, TCP or UDP. A fragment ends with its IP headers; so does whatever is neither TCP nor UDP.
 */
final class FrameHeaders {
    static final int TCP = 6;
    static final int UDP = 17;

    private static final int ETHERTYPE = 12;
    private static final int TAG_BYTES = 4;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;
    private static final int IPV6_BYTES = 40;
    private static final int FRAGMENT_BYTES = 8;
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int DESTINATION = 60;
    /** More than this many extension headers the card does not follow. */
    private static final int MOST_EXTENSIONS = 8;

    /** 4, 6, or 0 for anything else. */
    int version;
    /** Where IP's header lies, from the frame's start. */
    int l3;
    /** Where TCP's or UDP's lies. */
    int l4;
    int protocol;
    boolean fragment;
    /** Where the headers that the card knows end; 0 if it knows none, or if they are not whole. */
    int end;
    private DirectBuffer frame;
    private int start;
    private int length;

    /** Parses; a tag is one of the type in VET. */
    void parse(final DirectBuffer bytes, final int offset, final int count, final int tagType) {
        frame = bytes;
        start = offset;
        length = count;
        version = 0;
        protocol = 0;
        end = 0;
        fragment = false;
        l3 = ETHERTYPE + Short.BYTES;
        if (length < l3 + TAG_BYTES) {
            return;
        }
        int type = u16(ETHERTYPE);
        if (type == tagType) {
            type = u16(ETHERTYPE + TAG_BYTES);
            l3 += TAG_BYTES;
        }
        if (type == IPV4) {
            ipv4();
        } else if (type == IPV6) {
            ipv6();
        }
    }

    private void ipv4() {
        if (length < l3 + 20) {
            return;
        }
        final int header = (u8(l3) & 0xf) * 4;
        if (u8(l3) >>> 4 != 4 || header < 20 || l3 + header > length) {
            return;
        }
        version = 4;
        protocol = u8(l3 + 9);
        fragment = (u16(l3 + 6) & 0x3fff) != 0;
        l4 = l3 + header;
        end = fragment ? l4 : transport();
    }

    private void ipv6() {
        if (length < l3 + IPV6_BYTES || u8(l3) >>> 4 != 6) {
            return;
        }
        version = 6;
        protocol = u8(l3 + 6);
        l4 = l3 + IPV6_BYTES;
        for (int i = 0; i < MOST_EXTENSIONS; i++) {
            if (protocol == FRAGMENT) {
                fragment = true;
                l4 += FRAGMENT_BYTES;
                end = l4 <= length ? l4 : 0;
                return;
            }
            if (protocol != HOP_BY_HOP && protocol != ROUTING && protocol != DESTINATION) {
                break;
            }
            if (l4 + 8 > length) {
                return;
            }
            protocol = u8(l4);
            l4 += 8 + 8 * u8(l4 + 1);
        }
        end = l4 <= length ? transport() : 0;
    }

    private int transport() {
        if (protocol == UDP) {
            return l4 + 8 <= length ? l4 + 8 : l4;
        }
        if (protocol == TCP && l4 + 20 <= length) {
            final int header = (u8(l4 + 12) >>> 4) * 4;
            return header >= 20 && l4 + header <= length ? l4 + header : l4;
        }
        return l4;
    }

    boolean hasPorts() {
        return !fragment && (protocol == TCP || protocol == UDP) && version != 0 && end > l4;
    }

    private int u8(final int at) {
        return frame.getByte(start + at) & 0xff;
    }

    private int u16(final int at) {
        return frame.getShort(start + at, ByteOrder.BIG_ENDIAN) & 0xffff;
    }
}
