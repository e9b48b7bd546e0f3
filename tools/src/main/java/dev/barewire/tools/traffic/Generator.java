package dev.barewire.tools.traffic;

import dev.barewire.Nic;
import dev.barewire.NicAgent;
import dev.barewire.Packet;
import dev.barewire.TxQueue;
import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.SegmentList;
import dev.barewire.tools.frames.Octets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends frames that were written before, in turn: each lies in a buffer of its own, is lent to the card, and is stamped
 * anew when it is the generator's alone again. One thread's; allocates nothing per frame.
 */
final class Generator implements NicAgent.BurstHandler {
    /** Several times what a ring holds of the longest, so that a burst seldom waits for a buffer; a multiple of the mix. */
    private static final int BUFFERS = 1536;
    private static final int CACHE_LINE = 64;

    private final FlowFrame shape;
    private final boolean sums;
    private final BufferPool pool;
    private final Buffer[] frames = new Buffer[BUFFERS];
    private final SegmentList[] lists = new SegmentList[BUFFERS];
    private final int[] lengths = new int[BUFFERS];
    private final Octets.OfFrame octets = new Octets.OfFrame();
    private final Packet[] waiting;
    private final long count;
    private final double framesPerNano;
    /** Read by the thread that watches. */
    private final AtomicLong sent = new AtomicLong();
    private int held;
    private int next;
    private long stamped;
    private long start;

    /**
     * What to send.
     *
     * @param lengths       of frames, without FCS, in turn
     * @param burst         how many are handed to the card at once, at most
     * @param count         how many in all
     * @param framesPerNano how fast, 0 for as fast as the card takes them
     */
    record Load(int[] lengths, int burst, long count, double framesPerNano) {
    }

    /**
     * Writes the frames.
     *
     * @param nic   the card
     * @param shape what they are
     * @param load  how many and how fast
     * @param sums  whether the driver shall fill in checksums; without, only the IPv4 header has one
     */
    Generator(final Nic nic, final FlowFrame shape, final Load load, final boolean sums) {
        this.shape = shape;
        this.sums = sums;
        count = load.count();
        framesPerNano = load.framesPerNano();
        waiting = new Packet[load.burst()];
        int longest = 0;
        for (final int length : load.lengths()) {
            longest = Math.max(longest, length);
        }
        final int size = (longest + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
        pool = new BufferPool("generated frames", nic.domain(), MemoryKind.HUGE_PAGES, size, BUFFERS);
        for (int i = 0; i < BUFFERS; i++) {
            frames[i] = pool.take();
            lengths[i] = load.lengths()[i % load.lengths().length];
            lists[i] = new SegmentList(1);
            lists[i].append(frames[i], 0, lengths[i]);
            shape.write(octets.wrap(lists[i]), lengths[i]);
        }
        pool.handOver();
    }

    @Override
    public int onBurst(final Packet[] burst, final int received, final TxQueue tx) {
        for (int i = 0; i < received; i++) {
            burst[i].release();
            burst[i] = null;
        }
        final long now = System.nanoTime();
        if (start == 0) {
            start = now;
        }
        fill(tx, due(now), EpochClock.nanos());
        return held == 0 ? 0 : send(tx);
    }

    /** How many frames may have been stamped by now. */
    private long due(final long now) {
        return framesPerNano == 0 ? count : Math.min(count, 1 + (long) ((now - start) * framesPerNano));
    }

    private void fill(final TxQueue tx, final long due, final long epochNanos) {
        while (held < waiting.length && stamped < due && frames[next].holders() == 1) {
            final Packet packet = tx.packet();
            if (packet == null) {
                return;
            }
            shape.stamp(octets.wrap(lists[next]), stamped, epochNanos);
            packet.lend(frames[next], 0, lengths[next]);
            if (sums) {
                packet.requestChecksums();
            }
            waiting[held++] = packet;
            stamped++;
            next = next + 1 == BUFFERS ? 0 : next + 1;
        }
    }

    private int send(final TxQueue tx) {
        final int taken = tx.send(waiting, held);
        for (int i = taken; i < held; i++) {
            waiting[i - taken] = waiting[i];
        }
        held -= taken;
        sent.setRelease(sent.getPlain() + taken);
        return taken;
    }

    /** Whether all that was asked for has been handed to the card. From any thread. */
    boolean isDone() {
        return sent.getAcquire() >= count;
    }

    /** Gives back what waits; when the thread has stopped. The card may have frames still. */
    void stop() {
        for (int i = 0; i < held; i++) {
            waiting[i].release();
        }
        held = 0;
    }

    /** Takes the frames' memory back, when the card is closed; tells what did not come back. */
    List<String> end() {
        for (final SegmentList list : lists) {
            list.release();
        }
        final List<String> missing = pool.describeOutstanding();
        if (missing.isEmpty()) {
            pool.close();
        }
        return missing;
    }
}
