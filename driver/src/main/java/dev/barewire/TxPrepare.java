package dev.barewire;

import static dev.barewire.NicCounters.Name.TX_DROP_LONG;
import static dev.barewire.NicCounters.Name.TX_DROP_MALFORMED;
import static dev.barewire.NicCounters.Name.TX_DROP_UNSUPPORTED;
import static dev.barewire.NicCounters.Name.TX_SEGMENTED;

import dev.barewire.dma.BufferPool;
import dev.barewire.dma.CopyLedger;
import dev.barewire.dma.SegmentList;
import dev.barewire.fallback.Ethernet;
import dev.barewire.fallback.FrameBytes;
import dev.barewire.fallback.FrameHeaders;
import dev.barewire.fallback.FrameHeaders.L3;
import dev.barewire.fallback.FrameHeaders.L4;
import dev.barewire.fallback.FrameParser;
import dev.barewire.fallback.InternetChecksum;
import dev.barewire.fallback.Tcp;
import dev.barewire.fallback.TcpSegmenter;
import dev.barewire.fallback.VlanTag;
import dev.barewire.profiles.CardProfile;
import dev.barewire.profiles.Offload;
import dev.barewire.rings.TxRequest;
import dev.barewire.rings.TxRing;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * What is done to a frame before it is posted: what the offload plan gives to software is done here, what it gives to
 * the card is written into the frame's request and its headers are made ready for it. One for each queue. Doing it again
 * for a frame that found no room changes nothing.
 */
final class TxPrepare {
    /** An IPv4 packet has at most so many bytes; a card that segments takes no more. */
    private static final int MAX_IP_PACKET = 0xffff;
    /** Scratch buffers that no segment's header can have: one pads short frames, one may be the frame's own VLAN tag. */
    static final int RESERVED_SCRATCH = 2;

    private final FrameParser parser = new FrameParser();
    private final FrameHeaders headers = new FrameHeaders();
    private final InternetChecksum checksum = InternetChecksum.best();
    private final TcpSegmenter segmenter;
    private final VlanTag vlanTag;
    private final BufferPool scratch;
    private TxRing ring;
    private final int maxFrame;
    private final OffloadPlan.State ip;
    private final OffloadPlan.State tcp;
    private final OffloadPlan.State udp;
    private final OffloadPlan.State segmentation;
    private final OffloadPlan.State vlan;
    private final Quirks quirks;
    private final AtomicCounter malformed;
    private final AtomicCounter tooLong;
    private final AtomicCounter unsupported;
    private final AtomicCounter segmented;

    /** What became of a frame. */
    enum Result {
        /** Post it with its request. */
        READY,
        /** It was not prepared because a pool is empty; try again. */
        NO_ROOM,
        /** Ask {@link #nextSegment} for its segments. */
        SEGMENT_IN_SOFTWARE,
        /** Release it; it was counted. */
        DROP
    }

    /**
     * What a card does wrong when it segments or sums; such frames are cut or summed in software.
     *
     * @param exactMultiples a payload of a multiple of the MSS gets a segment without payload behind it
     * @param shortFrames    segments below the least length of a frame are not filled up
     * @param ipv6Length     IPv6's payload length counts the IPv6 header
     * @param lastFlags      FIN and PSH are missing from the last segment
     * @param padding        what fills a frame up counts as a part of its IP packet
     */
    record Quirks(
        boolean exactMultiples, boolean shortFrames, boolean ipv6Length, boolean lastFlags, boolean padding) {
        Quirks(final CardProfile profile, final boolean onQemu) {
            this(profile.hasQuirk("tso-exact-multiple", onQemu), profile.hasQuirk("short-frames-not-padded", onQemu),
                profile.hasQuirk("tso-ipv6-length", onQemu), profile.hasQuirk("tso-loses-last-flags", onQemu),
                profile.hasQuirk("padding-is-summed", onQemu));
        }
    }

    TxPrepare(final OffloadPlan plan, final TxRing ring, final int maxFrame, final Quirks quirks,
        final BufferPool scratch, final CopyLedger ledger, final NicCounters counters, final int queue) {
        this.ring = ring;
        this.maxFrame = maxFrame;
        this.quirks = quirks;
        this.scratch = scratch;
        segmenter = new TcpSegmenter(scratch, ledger);
        vlanTag = new VlanTag(ledger);
        ip = plan.state(Offload.TX_IP_CHECKSUM);
        tcp = plan.state(Offload.TX_TCP_CHECKSUM);
        udp = plan.state(Offload.TX_UDP_CHECKSUM);
        segmentation = plan.state(Offload.TX_TCP_SEGMENTATION);
        vlan = plan.state(Offload.VLAN_INSERT);
        malformed = counters.counter(TX_DROP_MALFORMED, queue);
        tooLong = counters.counter(TX_DROP_LONG, queue);
        unsupported = counters.counter(TX_DROP_UNSUPPORTED, queue);
        segmented = counters.counter(TX_SEGMENTED, queue);
    }

    /** The queue has another ring. */
    void sendTo(final TxRing other) {
        ring = other;
    }

    Result prepare(final Packet packet) {
        final TxRequest request = packet.request();
        request.clear();
        if (packet.hasVlan()) {
            final Result result = tag(packet, request);
            if (result != Result.READY) {
                return result;
            }
        }
        if (!packet.checksumsRequested()) {
            return Result.READY;
        }
        final SegmentList segments = packet.segments();
        if (packet.mss() > 0) {
            parser.parseUnsegmented(segments, headers);
            if (headers.l4 == L4.TCP && payloadBytes() > packet.mss()) {
                return segment(packet, segments, request);
            }
        } else {
            parser.parse(segments, headers);
        }
        return headers.malformed ? drop(malformed) : checksums(segments, request);
    }

    private Result tag(final Packet packet, final TxRequest request) {
        switch (vlan) {
            case HARDWARE -> {
                request.flags |= TxRequest.VLAN;
                request.vlan = packet.vlan();
            }
            case SOFTWARE -> {
                if (packet.segments().bytes() < Ethernet.ADDRESSES_LENGTH || !packet.hasRoomForDriver()) {
                    return drop(malformed);
                }
                if (!vlanTag.insert(packet.segments(), packet.vlan(), scratch)) {
                    return Result.NO_ROOM;
                }
                packet.vlan(-1);
            }
            case ABSENT -> {
                return drop(unsupported);
            }
        }
        return Result.READY;
    }

    private Result checksums(final SegmentList segments, final TxRequest request) {
        final boolean hasIp = headers.l3 == L3.IPV4;
        final boolean hasL4 = headers.hasTransport();
        final OffloadPlan.State l4 = headers.l4 == L4.TCP ? tcp : udp;
        if (hasIp && ip == OffloadPlan.State.ABSENT || hasL4 && l4 == OffloadPlan.State.ABSENT) {
            return drop(unsupported);
        }
        offsets(request);
        if (hasIp && ip == OffloadPlan.State.HARDWARE) {
            request.flags |= TxRequest.IP_CHECKSUM;
        }
        // A card adds up all to the frame's end, so nothing may lie behind the transport's last byte.
        final boolean summable = headers.l4End == segments.bytes() && headers.destinationOffset >= 0;
        if (hasL4 && l4 == OffloadPlan.State.HARDWARE && summable) {
            request.flags |= headers.l4 == L4.TCP ? TxRequest.TCP_CHECKSUM : TxRequest.UDP_CHECKSUM;
        }
        if (!ring.supports(request, segments.bytes()) || quirks.padding() && isPadded(segments)) {
            request.flags &= TxRequest.VLAN;
        }
        if ((request.flags & TxRequest.IP_CHECKSUM) != 0) {
            checksum.clearIp(segments, headers);
        } else {
            checksum.insertIp(segments, headers);
        }
        if ((request.flags & (TxRequest.TCP_CHECKSUM | TxRequest.UDP_CHECKSUM)) != 0) {
            checksum.seedL4(segments, headers, false);
        } else {
            checksum.insertL4(segments, headers);
        }
        return Result.READY;
    }

    /** Whether bytes follow the IP packet, or will when the frame is filled up. */
    private boolean isPadded(final SegmentList segments) {
        return headers.l3End != segments.bytes() || segments.bytes() < TxQueue.MIN_FRAME;
    }

    private Result segment(final Packet packet, final SegmentList segments, final TxRequest request) {
        if (segments.bytes() - headers.l3Offset > MAX_IP_PACKET) {
            return drop(malformed);
        }
        if (headers.headerLength + packet.mss() > maxFrame) {
            return drop(tooLong);
        }
        if (segmentation == OffloadPlan.State.ABSENT) {
            return drop(unsupported);
        }
        if (segmentation == OffloadPlan.State.HARDWARE && !hitsQuirk(segments, packet.mss())
            && segmentByCard(packet, segments, request)) {
            return Result.READY;
        }
        final int needed = (payloadBytes() + packet.mss() - 1) / packet.mss();
        if (!segmenter.accepts(headers, packet.mss()) || needed > scratch.count() - RESERVED_SCRATCH) {
            return drop(malformed);
        }
        if (!segmenter.begin(segments, headers, packet.mss())) {
            return Result.NO_ROOM;
        }
        segmented.getAndAddPlain(1);
        return Result.SEGMENT_IN_SOFTWARE;
    }

    /** Whether the card would cut the frame wrongly. */
    private boolean hitsQuirk(final SegmentList segments, final int mss) {
        final int rest = payloadBytes() % mss;
        final int last = headers.headerLength + (rest == 0 ? mss : rest);
        return quirks.exactMultiples() && rest == 0
            || quirks.shortFrames() && last < TxQueue.MIN_FRAME
            || quirks.ipv6Length() && headers.l3 == L3.IPV6
            || quirks.lastFlags()
                && (FrameBytes.u8(segments, headers.l4Offset + Tcp.FLAGS) & (Tcp.FIN | Tcp.PSH)) != 0;
    }

    /** Makes the frame ready for a card that segments; false if its descriptors cannot say so. */
    private boolean segmentByCard(final Packet packet, final SegmentList segments, final TxRequest request) {
        final boolean whole = ring.segmentsWholeHeaders();
        offsets(request);
        request.flags |= TxRequest.SEGMENT | TxRequest.TCP_CHECKSUM;
        if (headers.l3 == L3.IPV4 && !whole) {
            request.flags |= TxRequest.IP_CHECKSUM;
        }
        if ((FrameBytes.u8(segments, headers.l4Offset + Tcp.FLAGS) & Tcp.CWR) != 0) {
            request.flags |= TxRequest.CWR;
        }
        request.headerLength = headers.headerLength;
        request.mss = packet.mss();
        if (!ring.supports(request, segments.bytes())) {
            request.flags &= TxRequest.VLAN;
            return false;
        }
        if (whole) {
            checksum.completeForSegmentation(segments, headers);
        } else {
            checksum.clearForSegmentation(segments, headers);
        }
        checksum.seedL4(segments, headers, !whole);
        return true;
    }

    private void offsets(final TxRequest request) {
        request.l3Offset = headers.l3Offset;
        request.l4Offset = headers.l4Offset;
        if (headers.l3 == L3.IPV6) {
            request.flags |= TxRequest.IPV6;
        }
    }

    /** What follows the headers. */
    private int payloadBytes() {
        return headers.l4End - headers.headerLength;
    }

    /** Fills in the next segment of the frame that is being cut; false if there is none. */
    boolean nextSegment(final SegmentList target) {
        return segmenter.next(target);
    }

    /** Whether there are segments that {@link #nextSegment} has not given. */
    boolean segmentsLeft() {
        return segmenter.hasNext();
    }

    /** Gives back the headers of segments that were not sent. */
    void close() {
        segmenter.abandon();
    }

    void handOver() {
        scratch.handOver();
    }

    private static Result drop(final AtomicCounter reason) {
        reason.getAndAddPlain(1);
        return Result.DROP;
    }
}
