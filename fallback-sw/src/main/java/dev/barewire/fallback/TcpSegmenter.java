package dev.barewire.fallback;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.CopyLedger;
import dev.barewire.dma.CopySite;
import dev.barewire.dma.SegmentList;
import dev.barewire.fallback.FrameHeaders.L3;
import dev.barewire.fallback.FrameHeaders.L4;

/**
 * TCP segmentation for a card, or a setting, without it. One large frame becomes a row of frames, each with a header of
 * its own from a pool and its payload lent from where it lies; only headers are copied. Lengths, IPv4 identification,
 * sequence numbers, flags and checksums are those that a card would send; VLAN tags and options are kept.
 *
 * <p>All headers are taken when a frame is begun, so that it is sent whole or not at all.
 */
public final class TcpSegmenter {
    private static final int MAX_IP_LENGTH = 0xFFFF;

    private final BufferPool pool;
    private final InternetChecksum checksum = InternetChecksum.best();
    private final CopySite site;
    private final Buffer[] taken;
    private final FrameHeaders each = new FrameHeaders();
    private SegmentList frame;
    private int mss;
    private int payload;
    private int frames;
    private int done;
    private int segment;
    private int within;

    /**
     * Makes a segmenter for one transmit queue.
     *
     * @param pool   where headers shall lie; as many frames as it has buffers can come of one
     * @param ledger where copies of headers are noted
     */
    public TcpSegmenter(final BufferPool pool, final CopyLedger ledger) {
        CpuAccess.requireWritable(pool.region(), "TCP segmentation in software");
        this.pool = pool;
        this.site = ledger.site("tx.segment-header", "the card does not cut TCP segments");
        this.taken = new Buffer[pool.count()];
    }

    /**
     * Whether a frame can be cut at all.
     *
     * @param headers what it parsed to, by {@link FrameParser#parseUnsegmented}
     * @param segment bytes of payload that each frame shall have
     * @return false if it is not TCP, its header fits no buffer of the pool, or a segment would exceed an IP packet or
     *     there would be more of them than the pool has buffers in all
     */
    public boolean accepts(final FrameHeaders headers, final int segment) {
        return headers.l4 == L4.TCP && headers.destinationOffset >= 0 && headers.headerLength <= pool.bufferSize()
            && segment > 0 && segment <= MAX_IP_LENGTH - (headers.headerLength - headers.l3Offset)
            && framesOf(headers.l4End - headers.headerLength, segment) <= taken.length;
    }

    /**
     * Begins a frame; one that was not finished is abandoned.
     *
     * @param large   the frame, whose holds stay the caller's and must last until the last {@link #next}
     * @param headers what it parsed to; may change afterwards
     * @param segment bytes of payload that each frame shall have, the last one excepted
     * @return false, and nothing taken, if the pool has too few buffers now
     * @throws IllegalArgumentException if it is not {@linkplain #accepts accepted}
     */
    public boolean begin(final SegmentList large, final FrameHeaders headers, final int segment) {
        if (!accepts(headers, segment)) {
            throw new IllegalArgumentException("cannot cut this frame into TCP segments of " + segment + " bytes");
        }
        abandon();
        final int needed = framesOf(headers.l4End - headers.headerLength, segment);
        for (frames = 0; frames < needed; frames++) {
            taken[frames] = pool.take();
            if (taken[frames] == null) {
                abandon();
                return false;
            }
        }
        frame = large;
        each.set(headers);
        mss = segment;
        payload = headers.l4End - headers.headerLength;
        this.segment = 0;
        within = headers.headerLength;
        return true;
    }

    /**
     * How many frames the one that was begun last gives.
     *
     * @return at least 1; 0 before the first and after {@link #abandon()}
     */
    public int frames() {
        return frames;
    }

    /**
     * Whether there are frames that {@link #next} has not given.
     *
     * @return false before the first and after the last
     */
    public boolean hasNext() {
        return done < frames;
    }

    /**
     * Makes the next frame.
     *
     * @param out an empty list with room for one segment more than the large frame has; it gets the holds
     * @return false when there are no more
     */
    public boolean next(final SegmentList out) {
        if (!hasNext()) {
            return false;
        }
        final int length = Math.min(mss, payload - done * mss);
        final Buffer header = taken[done];
        FrameBytes.gather(frame, 0, each.headerLength, header, 0, site);
        taken[done] = null;
        out.append(header, 0, each.headerLength);
        lendPayload(out, length);
        writeHeader(out, length);
        checksum.insertIp(out, each);
        checksum.insertL4(out, each);
        done++;
        return true;
    }

    /** Gives back what is left of an unfinished frame. */
    public void abandon() {
        for (int i = done; i < frames; i++) {
            taken[i].release();
            taken[i] = null;
        }
        frames = 0;
        done = 0;
        frame = null;
    }

    private void lendPayload(final SegmentList out, final int length) {
        int left = length;
        while (left > 0) {
            final int rest = frame.length(segment) - within;
            if (rest <= 0) {
                within = -rest;
                segment++;
                continue;
            }
            final int bytes = Math.min(rest, left);
            out.lend(frame.buffer(segment), frame.offset(segment) + within, bytes);
            within += bytes;
            left -= bytes;
        }
    }

    private void writeHeader(final SegmentList out, final int length) {
        final int l3 = each.l3Offset;
        final int tcp = each.l4Offset;
        each.l3End = each.headerLength + length;
        each.l4End = each.l3End;
        if (each.l3 == L3.IPV4) {
            FrameBytes.put16(out, l3 + Ipv4.TOTAL_LENGTH, each.l3End - l3);
            FrameBytes.put16(out, l3 + Ipv4.IDENTIFICATION, FrameBytes.u16(out, l3 + Ipv4.IDENTIFICATION) + done);
        } else {
            FrameBytes.put16(out, l3 + Ipv6.PAYLOAD_LENGTH, each.l3End - l3 - Ipv6.LENGTH);
        }
        FrameBytes.put32(out, tcp + Tcp.SEQUENCE, FrameBytes.i32(out, tcp + Tcp.SEQUENCE) + done * mss);
        int flags = FrameBytes.u8(out, tcp + Tcp.FLAGS);
        if (done < frames - 1) {
            flags &= ~(Tcp.PSH | Tcp.FIN);
        }
        if (done > 0) {
            flags &= ~Tcp.CWR;
        }
        FrameBytes.put8(out, tcp + Tcp.FLAGS, flags);
    }

    private static int framesOf(final int payload, final int mss) {
        return Math.max(1, (int) (((long) payload + mss - 1) / mss));
    }
}
