package dev.barewire.fallback;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.CopyLedger;
import dev.barewire.dma.CopySite;
import dev.barewire.dma.DmaDomain;
import dev.barewire.dma.SegmentList;

/**
 * Makes a gather list one that a card can send: short enough for a card that takes only so many segments, by merging the run
 * of neighbours that holds the fewest bytes, so that large segments stay where they lie; and in memory that the card reaches.
 */
public final class Lineariser {
    private final BufferPool pool;
    private final DmaDomain domain;
    private final CopySite site;
    private final CopySite fetched;
    private final Buffer[] taken;
    /** The pool that was last found to be in the card's domain. */
    private BufferPool reached;

    /**
     * Makes a lineariser for one transmit queue.
     *
     * @param pool   where merged segments shall lie
     * @param ledger where copies are noted
     */
    public Lineariser(final BufferPool pool, final CopyLedger ledger) {
        CpuAccess.requireWritable(pool.region(), "linearising");
        this.pool = pool;
        this.domain = pool.region().domain();
        this.site = ledger.site("tx.linearise", "the frame has more segments than the card takes");
        this.fetched = ledger.site("tx.fetch", "the frame lies in memory that only other cards reach");
        this.taken = new Buffer[pool.count()];
    }

    /**
     * Whether a frame can be brought down to so many segments at all.
     *
     * @param frame a frame to send
     * @param limit how many segments the card takes, at least 1
     * @return false if it would be too large for the pool's buffers even if all were free
     */
    public boolean accepts(final SegmentList frame, final int limit) {
        return frame.count() <= limit || buffersFor(frame, limit) > 0;
    }

    /**
     * The number of segments that a frame can always be brought down to.
     *
     * @param frame a frame to send
     * @return as many as its bytes fill of the pool's buffers
     */
    public int fewest(final SegmentList frame) {
        return (frame.bytes() + pool.bufferSize() - 1) / pool.bufferSize();
    }

    /**
     * Brings a frame down to so many segments, if it has more.
     *
     * @param frame a frame to send, in memory that the CPU can read
     * @param limit how many segments the card takes, at least 1
     * @return false, and the frame as it was, if the pool has too few buffers now or it is not {@linkplain #accepts
     *     accepted}
     */
    public boolean linearise(final SegmentList frame, final int limit) {
        final int excess = frame.count() - limit;
        if (excess <= 0) {
            return true;
        }
        final int buffers = buffersFor(frame, limit);
        if (buffers == 0) {
            return false;
        }
        final int first = lightestRun(frame, excess + buffers);
        return merge(frame, first, first + excess + buffers, site);
    }

    /**
     * Whether all of a frame lies in memory of the card's domain.
     *
     * @param frame a frame to send
     * @return false if a part of it lies where only another domain's cards reach it
     */
    public boolean isReachable(final SegmentList frame) {
        for (int i = 0; i < frame.count(); i++) {
            if (isForeign(frame, i)) {
                return false;
            }
        }
        return true;
    }

    private boolean isForeign(final SegmentList frame, final int index) {
        final BufferPool owner = frame.buffer(index).pool();
        if (owner == reached) {
            return false;
        }
        if (owner.region().domain() != domain) {
            return true;
        }
        reached = owner;
        return false;
    }

    /**
     * Whether the parts of a frame that the card does not reach can be read by the CPU, and there is room for them.
     *
     * @param frame a frame to send
     * @return false if {@link #fetch} would fail for ever
     */
    public boolean canFetch(final SegmentList frame) {
        for (int i = 0; i < frame.count(); i++) {
            if (isForeign(frame, i) && !frame.buffer(i).memory().isReadable()) {
                return false;
            }
        }
        return frame.bytes() <= (long) taken.length * pool.bufferSize() && frame.count() + fewest(frame) <= frame.capacity();
    }

    /**
     * Copies the parts of a frame that lie in memory of another domain into memory that the card reaches.
     *
     * @param frame a frame to send; the parts that were copied are so when this fails, and the rest as it was
     * @return false if the pool has too few buffers now
     */
    public boolean fetch(final SegmentList frame) {
        for (int first = 0; first < frame.count(); first++) {
            int end = first;
            while (end < frame.count() && isForeign(frame, end)) {
                end++;
            }
            if (end > first && !merge(frame, first, end, fetched)) {
                return false;
            }
        }
        return true;
    }

    /** Gives up ownership of its pool, so that the next thread that linearises becomes the owner. */
    public void handOver() {
        pool.handOver();
    }

    /**
     * The fewest buffers that will do, 0 if none: a run of k segments more than the excess, merged into k buffers, leaves
     * exactly as many as the card takes.
     */
    private int buffersFor(final SegmentList frame, final int limit) {
        final int excess = frame.count() - limit;
        for (int k = 1; k <= Math.min(limit, taken.length); k++) {
            final int first = lightestRun(frame, excess + k);
            if (bytes(frame, first, first + excess + k) <= (long) k * pool.bufferSize()) {
                return k;
            }
        }
        return 0;
    }

    private boolean merge(final SegmentList frame, final int first, final int end, final CopySite why) {
        final int bytes = bytes(frame, first, end);
        final int size = pool.bufferSize();
        final int needed = (bytes + size - 1) / size;
        if (!take(needed)) {
            return false;
        }
        final int start = bytes(frame, 0, first);
        for (int i = 0; i < needed; i++) {
            FrameBytes.gather(frame, start + i * size, Math.min(size, bytes - i * size), taken[i], 0, why);
        }
        frame.remove(first, end);
        for (int i = 0; i < needed; i++) {
            frame.insert(first + i, taken[i], 0, Math.min(size, bytes - i * size));
            taken[i] = null;
        }
        return true;
    }

    private boolean take(final int needed) {
        for (int i = 0; i < needed; i++) {
            taken[i] = pool.take();
            if (taken[i] == null) {
                while (i > 0) {
                    taken[--i].release();
                    taken[i] = null;
                }
                return false;
            }
        }
        return true;
    }

    private static int lightestRun(final SegmentList frame, final int segments) {
        int lightest = 0;
        int weight = bytes(frame, 0, segments);
        int least = weight;
        for (int first = 1; first + segments <= frame.count(); first++) {
            weight += frame.length(first + segments - 1) - frame.length(first - 1);
            if (weight < least) {
                least = weight;
                lightest = first;
            }
        }
        return lightest;
    }

    private static int bytes(final SegmentList frame, final int first, final int end) {
        int bytes = 0;
        for (int i = first; i < end; i++) {
            bytes += frame.length(i);
        }
        return bytes;
    }
}
