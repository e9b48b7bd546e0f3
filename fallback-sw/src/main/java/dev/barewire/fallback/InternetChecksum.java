package dev.barewire.fallback;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.SegmentList;
import dev.barewire.fallback.FrameHeaders.L3;
import dev.barewire.fallback.FrameHeaders.L4;

/**
 * The Internet checksum (RFC 1071) of IPv4, TCP and UDP, over frames whose bytes lie in any number of segments at any
 * alignment: verified on what was received, inserted into what is sent. Bytes beyond the IP packet's own length, such as
 * Ethernet's padding, are never summed. Holds no state, so threads may share one; allocates nothing after warm-up.
 */
public final class InternetChecksum {
    private static final InternetChecksum SCALAR = new InternetChecksum(new ScalarKernel());

    private final SumKernel kernel;

    InternetChecksum(final SumKernel kernel) {
        this.kernel = kernel;
    }

    /**
     * The faster one here. It sums as {@link #scalar()} does at first. Where the JVM was started with
     * {@code --add-modules jdk.incubator.vector}, the first call makes a daemon thread that lets vectors race it some
     * time later, when the start is over; they take over if they are faster and allocate nothing. No call waits for
     * that, and every sum is the same before and after.
     *
     * @return one for all
     */
    public static InternetChecksum best() {
        return Best.CHECKSUM;
    }

    /** Raced for only where it is asked for. */
    private static final class Best {
        static final InternetChecksum CHECKSUM = new InternetChecksum(SumKernels.best());
    }

    /**
     * The one that needs nothing.
     *
     * @return one for all
     */
    public static InternetChecksum scalar() {
        return SCALAR;
    }

    /**
     * Which kernel it sums with now.
     *
     * @return such as {@code vector, 256 bits}
     */
    public String kernel() {
        return kernel.describe();
    }

    /**
     * Adds up a range of a frame as 16-bit words in network order, the first of which starts at {@code from}.
     *
     * @param frame the frame
     * @param from  the first byte, from the frame's first
     * @param to    one past the last
     * @return the one's complement sum, 0 to 65535; its complement is the checksum
     */
    public int sum(final SegmentList frame, final int from, final int to) {
        if (from < 0 || from > to || to > frame.bytes()) {
            throw new IndexOutOfBoundsException("no bytes " + from + " to " + to + " in a frame of " + frame.bytes());
        }
        int sum = 0;
        int start = 0;
        for (int i = 0; start < to; i++) {
            final int end = start + frame.length(i);
            final int first = Math.max(start, from);
            final int length = Math.min(end, to) - first;
            if (length > 0) {
                final Buffer buffer = frame.buffer(i);
                final long at = buffer.base() + frame.offset(i) + first - start;
                final int part = kernel.sum(buffer.memory().segment(), at, length);
                sum += (first - from & 1) == 0 ? part : swap(part);
            }
            start = end;
            sum = fold(sum);
        }
        return sum;
    }

    /**
     * Checks the IPv4 header's checksum.
     *
     * @param frame   a received frame
     * @param headers what it parsed to
     * @return the verdict; {@link ChecksumVerdict#NONE} for all but IPv4
     */
    public ChecksumVerdict verifyIp(final SegmentList frame, final FrameHeaders headers) {
        if (headers.l3 != L3.IPV4) {
            return headers.l3 == L3.NONE ? ChecksumVerdict.UNCHECKED : ChecksumVerdict.NONE;
        }
        if (headers.l3HeaderLength == 0) {
            return ChecksumVerdict.UNCHECKED;
        }
        final int sum = sum(frame, headers.l3Offset, headers.l3Offset + headers.l3HeaderLength);
        return sum == 0xFFFF ? ChecksumVerdict.GOOD : ChecksumVerdict.BAD;
    }

    /**
     * Checks the TCP or UDP checksum.
     *
     * @param frame   a received frame
     * @param headers what it parsed to
     * @return the verdict
     */
    public ChecksumVerdict verifyL4(final SegmentList frame, final FrameHeaders headers) {
        if (!headers.hasTransport()) {
            return headers.malformed ? ChecksumVerdict.UNCHECKED : ChecksumVerdict.NONE;
        }
        if (headers.l4 == L4.UDP && FrameBytes.u16(frame, headers.l4Offset + Udp.CHECKSUM) == 0) {
            // Over IPv6 UDP must carry one (RFC 8200, 8.1).
            return headers.l3 == L3.IPV4 ? ChecksumVerdict.NONE : ChecksumVerdict.BAD;
        }
        if (headers.destinationOffset < 0) {
            return ChecksumVerdict.UNCHECKED;
        }
        final int sum = fold(pseudoHeader(frame, headers) + length(headers) + transport(frame, headers));
        return sum == 0xFFFF ? ChecksumVerdict.GOOD : ChecksumVerdict.BAD;
    }

    /**
     * Makes an IPv4 header ready for a card that inserts its checksum: the field is 0 in what the card adds up.
     *
     * @param frame   a frame to send, whose header is writable
     * @param headers what it parsed to
     * @return false if it has no such checksum
     */
    public boolean clearIp(final SegmentList frame, final FrameHeaders headers) {
        if (headers.l3 != L3.IPV4 || headers.l3HeaderLength == 0) {
            return false;
        }
        FrameBytes.put16(frame, headers.l3Offset + Ipv4.CHECKSUM, 0);
        return true;
    }

    /**
     * Makes an IPv4 header ready for a card that cuts segments: checksum and total length are 0, since the card writes
     * those of each segment.
     *
     * @param frame   a frame to send, whose header is writable
     * @param headers what it parsed to
     * @return false if it has no IPv4 header
     */
    public boolean clearForSegmentation(final SegmentList frame, final FrameHeaders headers) {
        if (!clearIp(frame, headers)) {
            return false;
        }
        FrameBytes.put16(frame, headers.l3Offset + Ipv4.TOTAL_LENGTH, 0);
        return true;
    }

    /**
     * Makes an IP header ready for a card that cuts segments of a packet that is whole: its length as if it were one packet,
     * and for IPv4 its checksum.
     *
     * @param frame   a frame to send, whose header is writable
     * @param headers what it parsed to
     */
    public void completeForSegmentation(final SegmentList frame, final FrameHeaders headers) {
        if (headers.l3 == L3.IPV4) {
            FrameBytes.put16(frame, headers.l3Offset + Ipv4.TOTAL_LENGTH, headers.l4End - headers.l3Offset);
            insertIp(frame, headers);
        } else {
            FrameBytes.put16(frame, headers.l3Offset + Ipv6.PAYLOAD_LENGTH,
                headers.l4End - headers.l3Offset - Ipv6.LENGTH);
        }
    }

    /**
     * Computes the IPv4 header's checksum and writes it into the frame.
     *
     * @param frame   a frame to send, whose header is writable
     * @param headers what it parsed to
     * @return false if it has no such checksum
     */
    public boolean insertIp(final SegmentList frame, final FrameHeaders headers) {
        if (headers.l3 != L3.IPV4 || headers.l3HeaderLength == 0) {
            return false;
        }
        final int field = headers.l3Offset + Ipv4.CHECKSUM;
        FrameBytes.put16(frame, field, 0);
        FrameBytes.put16(frame, field, ~sum(frame, headers.l3Offset, headers.l3Offset + headers.l3HeaderLength));
        return true;
    }

    /**
     * Computes the TCP or UDP checksum and writes it into the frame.
     *
     * @param frame   a frame to send, whose header is writable
     * @param headers what it parsed to
     * @return false if it has no such checksum: other protocols, fragments, what is malformed
     */
    public boolean insertL4(final SegmentList frame, final FrameHeaders headers) {
        if (!seedL4(frame, headers, false)) {
            return false;
        }
        final int checksum = ~transport(frame, headers) & 0xFFFF;
        // A UDP checksum of 0 would say that there is none (RFC 768); 0xFFFF is the same number.
        FrameBytes.put16(frame, fieldOf(headers), checksum == 0 && headers.l4 == L4.UDP ? 0xFFFF : checksum);
        return true;
    }

    /**
     * Finishes a checksum that was begun: adds up all from its start to the frame's end, what the field holds included, and
     * writes the complement there. A frame that ends before the field is left as it is.
     *
     * @param frame a frame whose headers are writable
     * @param start where the sum starts
     * @param field where it goes, in bytes from the frame's first
     */
    public void complete(final SegmentList frame, final int start, final int field) {
        if (start < 0 || field < start || field > frame.bytes() - Short.BYTES) {
            return;
        }
        final int checksum = ~sum(frame, start, frame.bytes()) & 0xFFFF;
        FrameBytes.put16(frame, field, checksum == 0 && field - start == Udp.CHECKSUM ? 0xFFFF : checksum);
    }

    /**
     * Writes the pseudo header's sum, not complemented, where the TCP or UDP checksum goes: a card that is told to insert
     * the checksum adds up the rest from the transport header on.
     *
     * @param frame           a frame to send, whose header is writable
     * @param headers         what it parsed to
     * @param forSegmentation leaves the length out, since a card that cuts segments adds each one's own
     * @return false if it has no such checksum: other protocols, fragments, what is malformed
     */
    public boolean seedL4(final SegmentList frame, final FrameHeaders headers, final boolean forSegmentation) {
        if (!headers.hasTransport() || headers.destinationOffset < 0) {
            return false;
        }
        final int pseudo = pseudoHeader(frame, headers) + (forSegmentation ? 0 : length(headers));
        FrameBytes.put16(frame, fieldOf(headers), fold(pseudo));
        return true;
    }

    private int transport(final SegmentList frame, final FrameHeaders headers) {
        return sum(frame, headers.l4Offset, headers.l4End);
    }

    /** Addresses and protocol (RFC 9293, 3.1; RFC 8200, 8.1), not folded. */
    private int pseudoHeader(final SegmentList frame, final FrameHeaders headers) {
        final int l3 = headers.l3Offset;
        if (headers.l3 == L3.IPV4) {
            return sum(frame, l3 + Ipv4.SOURCE, l3 + Ipv4.MIN_LENGTH) + headers.protocol;
        }
        final int destination = headers.destinationOffset;
        return sum(frame, l3 + Ipv6.SOURCE, l3 + Ipv6.DESTINATION)
            + sum(frame, destination, destination + Ipv6.ADDRESS_LENGTH) + headers.protocol;
    }

    /** The transport's length as the pseudo header has it, not folded. */
    private static int length(final FrameHeaders headers) {
        final int length = headers.l4End - headers.l4Offset;
        return (length & 0xFFFF) + (length >>> 16);
    }

    private static int fieldOf(final FrameHeaders headers) {
        return headers.l4Offset + (headers.l4 == L4.TCP ? Tcp.CHECKSUM : Udp.CHECKSUM);
    }

    /** Folds the carries of a sum of up to 32767 words back into 16 bits; only 0 gives 0. */
    static int fold(final int sum) {
        final int once = (sum & 0xFFFF) + (sum >>> 16);
        return (once & 0xFFFF) + (once >>> 16);
    }

    private static int swap(final int sum) {
        return (sum & 0xFF) << 8 | sum >>> 8;
    }
}
