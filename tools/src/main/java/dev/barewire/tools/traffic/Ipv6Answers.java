package dev.barewire.tools.traffic;

import dev.barewire.dma.SegmentList;
import dev.barewire.fallback.Ethernet;
import dev.barewire.fallback.FrameHeaders;
import dev.barewire.fallback.Icmp;
import dev.barewire.fallback.InternetChecksum;
import dev.barewire.fallback.Ipv6;
import dev.barewire.tools.frames.InternetSum;
import dev.barewire.tools.frames.Octets;

/** What a {@link Responder} edits in IPv6 frames: neighbour solicitations (RFC 4861) and echo requests (RFC 4443). */
final class Ipv6Answers {
    private static final int ECHO_REQUEST = 128;
    private static final int ECHO_REPLY = 129;
    private static final int SOLICITATION = 135;
    private static final int ADVERTISEMENT = 136;
    /** Where a solicitation has its target, and an advertisement its flags before it (RFC 4861, 4.3 and 4.4). */
    private static final int TARGET = 8;
    private static final int FLAGS = 4;
    private static final int SOLICITED_OVERRIDE = 0x6000_0000;
    private static final int OPTIONS = 24;
    private static final int SOURCE_LINK_ADDRESS = 1;
    private static final int TARGET_LINK_ADDRESS = 2;
    private static final int LINK_OPTION_LENGTH = 8;
    /** Proof that no router has passed it on (RFC 4861, 7.1.1). */
    private static final int HOP_LIMIT = 255;
    private static final long SOLICITED_NODE_HIGH = 0xff02_0000_0000_0000L;
    private static final long SOLICITED_NODE_LOW = 0x1_ff00_0000L;

    private final EchoAddresses self;
    private final InternetChecksum checksum;

    Ipv6Answers(final EchoAddresses self, final InternetChecksum checksum) {
        this.self = self;
        this.checksum = checksum;
    }

    /** Addressed to this station, or to the group in which its neighbours look for it, by a station with an address. */
    boolean isForMe(final Octets frame, final FrameHeaders headers) {
        final int ip = headers.l3Offset;
        final int to = ip + Ipv6.DESTINATION;
        final boolean group = long64(frame, to) == SOLICITED_NODE_HIGH
            && long64(frame, to + 8) == (SOLICITED_NODE_LOW | self.low() & 0xff_ffff);
        final boolean mine = isMine(frame, to);
        final int from = ip + Ipv6.SOURCE;
        return (mine || group && isSolicitation(frame, headers)) && frame.get8(from) != 0xff && !isMine(frame, from)
            && (long64(frame, from) | long64(frame, from + 8)) != 0;
    }

    private boolean isMine(final Octets frame, final int at) {
        return long64(frame, at) == self.high() && long64(frame, at + 8) == self.low();
    }

    private static long long64(final Octets frame, final int at) {
        return (long) frame.get32(at) << 32 | frame.get32(at + 4) & 0xffff_ffffL;
    }

    boolean isSolicitation(final Octets frame, final FrameHeaders headers) {
        return isIcmp(headers, OPTIONS) && frame.get16(headers.l4Offset + Icmp.TYPE) == SOLICITATION << 8;
    }

    boolean isPing(final Octets frame, final FrameHeaders headers) {
        return isIcmp(headers, Icmp.HEADER_LENGTH) && frame.get16(headers.l4Offset + Icmp.TYPE) == ECHO_REQUEST << 8;
    }

    private static boolean isIcmp(final FrameHeaders headers, final int least) {
        return headers.protocol == Ipv6.NEXT_ICMP && headers.l4Offset > 0 && headers.l4End - headers.l4Offset >= least;
    }

    /** An advertisement is as long as what asked for it: the option with the asker's address becomes ours. */
    boolean answerSolicitation(final Octets frame, final FrameHeaders headers, final SegmentList segments) {
        final int ip = headers.l3Offset;
        final int icmp = headers.l4Offset;
        final int length = headers.l4End - icmp;
        final boolean hasOption = length == OPTIONS + LINK_OPTION_LENGTH
            && frame.get16(icmp + OPTIONS) == (SOURCE_LINK_ADDRESS << 8 | 1);
        if (length != OPTIONS && !hasOption || frame.get8(ip + Ipv6.HOP_LIMIT) != HOP_LIMIT
            || !isMine(frame, icmp + TARGET) || sum(frame, headers, segments) != 0xffff) {
            return false;
        }
        frame.putMac(Ethernet.DESTINATION, frame.getMac(Ethernet.SOURCE));
        frame.putMac(Ethernet.SOURCE, self.mac());
        swapAddresses(frame, headers);
        frame.put8(ip + Ipv6.HOP_LIMIT, HOP_LIMIT);
        frame.put16(icmp + Icmp.TYPE, ADVERTISEMENT << 8);
        frame.put32(icmp + FLAGS, SOLICITED_OVERRIDE);
        if (hasOption) {
            frame.put8(icmp + OPTIONS, TARGET_LINK_ADDRESS);
            frame.putMac(icmp + OPTIONS + 2, self.mac());
        }
        frame.put16(icmp + Icmp.CHECKSUM, 0);
        frame.put16(icmp + Icmp.CHECKSUM, ~sum(frame, headers, segments));
        return true;
    }

    /** False if its checksum is wrong. */
    boolean answerPing(final Octets frame, final FrameHeaders headers, final SegmentList segments) {
        if (sum(frame, headers, segments) != 0xffff) {
            return false;
        }
        frame.put8(headers.l4Offset + Icmp.TYPE, ECHO_REPLY);
        Responder.adjust(frame, headers.l4Offset + Icmp.CHECKSUM, ECHO_REQUEST << 8, ECHO_REPLY << 8);
        return true;
    }

    /** The folded sum of an ICMPv6 message and its pseudo header (RFC 8200, 8.1). */
    private int sum(final Octets frame, final FrameHeaders headers, final SegmentList segments) {
        final int start = InternetSum.of(frame, headers.l3Offset + Ipv6.SOURCE, 2 * Ipv6.ADDRESS_LENGTH,
            Ipv6.NEXT_ICMP + headers.l4End - headers.l4Offset);
        final int all = start + checksum.sum(segments, headers.l4Offset, headers.l4End);
        return (all & 0xffff) + (all >>> 16);
    }

    /** The asker's becomes the destination; the source is ours. */
    void swapAddresses(final Octets frame, final FrameHeaders headers) {
        final int from = headers.l3Offset + Ipv6.SOURCE;
        final int to = headers.l3Offset + Ipv6.DESTINATION;
        for (int i = 0; i < Ipv6.ADDRESS_LENGTH; i += 4) {
            frame.put32(to + i, frame.get32(from + i));
        }
        put64(frame, from, self.high());
        put64(frame, from + 8, self.low());
        frame.put8(headers.l3Offset + Ipv6.HOP_LIMIT, 64);
    }

    private static void put64(final Octets frame, final int at, final long value) {
        frame.put32(at, (int) (value >>> 32));
        frame.put32(at + 4, (int) value);
    }
}
