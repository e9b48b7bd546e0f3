package dev.barewire;

import static dev.barewire.NicCounters.Name.RX_BAD_IP_CHECKSUM;
import static dev.barewire.NicCounters.Name.RX_BAD_L4_CHECKSUM;
import static dev.barewire.NicCounters.Name.RX_DROP_CHECKSUM;
import static dev.barewire.NicCounters.Name.RX_DROP_NO_HEADER;
import static dev.barewire.NicCounters.Name.RX_NOT_SPLIT;
import static dev.barewire.NicCounters.Name.RX_SCRUBBED;
import static dev.barewire.NicCounters.Name.RX_SPLIT_HEADER;
import static dev.barewire.NicCounters.Name.RX_SPLIT_LENGTH;

import dev.barewire.dma.BufferPool;
import dev.barewire.dma.CopyLedger;
import dev.barewire.dma.SegmentList;
import dev.barewire.fallback.ChecksumVerdict;
import dev.barewire.fallback.FrameBytes;
import dev.barewire.fallback.FrameHeaders;
import dev.barewire.fallback.FrameHeaders.L3;
import dev.barewire.fallback.FrameHeaders.L4;
import dev.barewire.fallback.FrameParser;
import dev.barewire.fallback.HeaderCopySplit;
import dev.barewire.fallback.InternetChecksum;
import dev.barewire.fallback.Ipv4;
import dev.barewire.fallback.Ipv6;
import dev.barewire.fallback.Udp;
import dev.barewire.fallback.VlanTag;
import dev.barewire.profiles.Offload;
import dev.barewire.rings.RxBurst;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * What is done to a whole received frame before the application gets it: what the offload plan gives to software (VLAN
 * tag off, checksums verified, header split), and the card's findings taken over. One for each queue.
 */
final class RxFinish {
    /** An Ethernet header. */
    static final int MIN_FRAME = 14;

    private final FrameParser parser = new FrameParser();
    private final FrameHeaders headers = new FrameHeaders();
    private final InternetChecksum checksum = InternetChecksum.best();
    private final VlanTag vlanTag;
    private final HeaderCopySplit headerCopy;
    private final BufferPool headerPool;
    private final HeaderSplit split;
    private final BadChecksums badChecksums;
    private final int hashFlag;
    private final boolean parses;
    private final boolean stripsVlan;
    private final boolean verifiesIp;
    private final boolean verifiesTcp;
    private final boolean verifiesUdp;
    private final AtomicCounter badIp;
    private final AtomicCounter badL4;
    private final AtomicCounter splitHeader;
    private final AtomicCounter splitLength;
    private final AtomicCounter notSplit;
    private final AtomicCounter noHeaderBuffer;
    private final AtomicCounter withheld;
    private final AtomicCounter scrubbed;
    /** Where the sum started that was made last. */
    private int completedFrom;

    RxFinish(final OffloadPlan plan, final NicConfig config, final BufferPool payloadPool,
        final BufferPool headerPool, final CopyLedger ledger, final NicCounters counters, final int queue) {
        split = plan.state(Offload.HEADER_SPLIT) == OffloadPlan.State.ABSENT ? HeaderSplit.NONE : config.headerSplit();
        badChecksums = config.badChecksums();
        hashFlag = plan.hardware(Offload.RSS_HASH) ? RxBurst.HASHED : 0;
        stripsVlan = plan.software(Offload.VLAN_STRIP);
        verifiesIp = plan.state(Offload.RX_IP_CHECKSUM) != OffloadPlan.State.ABSENT;
        verifiesTcp = plan.state(Offload.RX_TCP_CHECKSUM) != OffloadPlan.State.ABSENT;
        verifiesUdp = plan.state(Offload.RX_UDP_CHECKSUM) != OffloadPlan.State.ABSENT;
        parses = split.mode() == HeaderSplit.Mode.AFTER_L4 || verifiesIp || verifiesTcp || verifiesUdp;
        vlanTag = new VlanTag(ledger);
        this.headerPool = split == HeaderSplit.NONE ? null : headerPool;
        headerCopy = this.headerPool == null ? null : new HeaderCopySplit(headerPool, ledger, payloadPool.region());
        badIp = counters.counter(RX_BAD_IP_CHECKSUM, queue);
        badL4 = counters.counter(RX_BAD_L4_CHECKSUM, queue);
        splitHeader = counters.counter(RX_SPLIT_HEADER, queue);
        splitLength = counters.counter(RX_SPLIT_LENGTH, queue);
        notSplit = counters.counter(RX_NOT_SPLIT, queue);
        withheld = counters.counter(RX_DROP_CHECKSUM, queue);
        scrubbed = counters.counter(RX_SCRUBBED, queue);
        noHeaderBuffer = counters.counter(RX_DROP_NO_HEADER, queue);
    }

    /** Which of the card's findings is its hash; none if the application shall not hear of it. */
    int hashFlag() {
        return hashFlag;
    }

    /**
     * Finishes a frame.
     *
     * @return false if it was dropped and released
     */
    boolean finish(final Packet packet, final int flags, final int cardVlan) {
        final SegmentList segments = packet.segments();
        int vlan = (flags & RxBurst.VLAN_STRIPPED) != 0 ? cardVlan : -1;
        if (stripsVlan && vlan < 0) {
            vlan = vlanTag.strip(segments);
        }
        Verdict ip = Verdict.UNCHECKED;
        Verdict l4 = Verdict.UNCHECKED;
        if (parses) {
            parser.parse(segments, headers);
            ip = ipVerdict(segments, flags);
            l4 = l4Verdict(segments, flags);
        }
        packet.received(ip, l4, vlan);
        if (badChecksums != BadChecksums.DELIVER && (ip == Verdict.BAD || l4 == Verdict.BAD || headers.malformed)) {
            if (badChecksums == BadChecksums.WITHHOLD) {
                packet.release();
                withheld.getAndAddPlain(1);
                return false;
            }
            FrameBytes.clear(segments, Math.max(headers.headerLength, MIN_FRAME));
            scrubbed.getAndAddPlain(1);
        }
        return split(packet, segments);
    }

    /**
     * Makes the checksum that the sender, on this machine, left to a card which the frame never met.
     *
     * @param start where the sum starts
     * @param field where it goes, in bytes from the frame's first
     */
    void completeChecksum(final Packet packet, final int start, final int field) {
        checksum.complete(packet.segments(), start, field);
        completedFrom = start;
    }

    /** The card's finding where it has one; no indication means unknown, and then the CPU looks. */
    private Verdict ipVerdict(final SegmentList segments, final int flags) {
        final Verdict verdict;
        if (!verifiesIp) {
            verdict = Verdict.UNCHECKED;
        } else if ((flags & RxBurst.IP_CHECKED) != 0 && headers.l3 == L3.IPV4 && headers.l3HeaderLength > 0) {
            verdict = (flags & RxBurst.IP_BAD) != 0 ? Verdict.BAD : Verdict.GOOD;
        } else {
            verdict = verdict(checksum.verifyIp(segments, headers));
        }
        if (verdict == Verdict.BAD) {
            badIp.getAndAddPlain(1);
        }
        return verdict;
    }

    private Verdict l4Verdict(final SegmentList segments, final int flags) {
        final Verdict verdict;
        if (headers.l4 == L4.TCP && !verifiesTcp || headers.l4 == L4.UDP && !verifiesUdp) {
            verdict = Verdict.UNCHECKED;
        } else if (isFoundGood(flags) && hasPlainSum(segments)) {
            verdict = Verdict.GOOD;
        } else {
            // A card's "bad" is looked at again: an 8254x also says so of UDP datagrams without a checksum.
            verdict = verdict(checksum.verifyL4(segments, headers));
        }
        if (verdict == Verdict.BAD) {
            badL4.getAndAddPlain(1);
        }
        return verdict;
    }

    /** Whether the card verified this sum, or it was just made over bytes that never were on a wire. */
    private boolean isFoundGood(final int flags) {
        return (flags & RxBurst.L4_CHECKED) != 0 && (flags & RxBurst.L4_BAD) == 0
            || (flags & RxBurst.L4_PARTIAL) != 0 && completedFrom == headers.l4Offset;
    }

    /** Whether there is a sum whose meaning all agree on: one over the IP header's own destination, and not left out. */
    private boolean hasPlainSum(final SegmentList segments) {
        return headers.hasTransport()
            && headers.destinationOffset == headers.l3Offset + (headers.l3 == L3.IPV4 ? Ipv4.DESTINATION : Ipv6.DESTINATION)
            && (headers.l4 == L4.TCP || FrameBytes.u16(segments, headers.l4Offset + Udp.CHECKSUM) != 0);
    }

    private static Verdict verdict(final ChecksumVerdict found) {
        return switch (found) {
            case GOOD -> Verdict.GOOD;
            case BAD -> Verdict.BAD;
            case NONE -> Verdict.NONE;
            case UNCHECKED -> Verdict.UNCHECKED;
        };
    }

    /** Gives up ownership of the headers' pool, for the queue's next thread. */
    void handOver() {
        if (headerPool != null) {
            headerPool.handOver();
        }
    }

    private boolean split(final Packet packet, final SegmentList segments) {
        final int bytes = switch (split.mode()) {
            case NONE -> 0;
            case AFTER_L4 -> headers.headerLength;
            case FIXED -> Math.min(split.bytes(), segments.bytes());
        };
        final SplitKind kind = kind(packet, segments, bytes);
        if (kind == SplitKind.HEADER_COPY && !headerCopy.split(segments, bytes)) {
            packet.release();
            noHeaderBuffer.getAndAddPlain(1);
            return false;
        }
        if (kind == SplitKind.NOT_SPLIT) {
            packet.split(kind, 0);
            notSplit.getAndAddPlain(1);
        } else {
            packet.split(kind, bytes);
            (split.mode() == HeaderSplit.Mode.FIXED ? splitLength : splitHeader).getAndAddPlain(1);
        }
        return true;
    }

    /**
     * How a frame is, or is to be, split after so many bytes: a card's own cut stands where it is in the right place. What
     * a card left in a header's buffer without need stays there: it is only looked at as payload.
     */
    private SplitKind kind(final Packet packet, final SegmentList segments, final int bytes) {
        if (bytes == 0) {
            return SplitKind.NOT_SPLIT;
        }
        final boolean isApart = headerPool != null && segments.buffer(0).pool() == headerPool;
        if (isApart && bytes == segments.length(0)) {
            return packet.split() == SplitKind.CARD_BY_HEADER ? SplitKind.CARD_BY_HEADER : SplitKind.CARD_BY_LENGTH;
        }
        if ((isApart || headerCopy == null) && bytes <= segments.length(0)) {
            return SplitKind.VIEW;
        }
        return headerCopy != null && bytes <= headerCopy.headerSize() ? SplitKind.HEADER_COPY : SplitKind.NOT_SPLIT;
    }
}
