package dev.barewire.testkit.wrap;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.SegmentList;
import dev.barewire.driver.card.Card;
import dev.barewire.rings.TxRequest;
import dev.barewire.rings.TxRing;
import dev.barewire.testkit.wrap.HeldFrames.Frame;
import java.util.ArrayDeque;

/**
 * A transmit ring whose frames may be lost, doubled, reordered, spoiled or late. Whatever becomes of them they complete in
 * the order in which they were posted, each once, when nothing of them is left to send. The receive side of the queue may
 * be on another thread and lets frames go whose time has come, so all is under a lock.
 */
final class FaultTxRing extends WrappedTxRing {
    /** Segments of a frame that can be doubled or kept back. */
    private static final int MAX_SEGMENTS = 256;

    private final Card card;
    private final int queue;
    private final Faults faults;
    private final FrameSpoiler spoiler;
    private final SegmentList twin = new SegmentList(MAX_SEGMENTS);
    private final ArrayDeque<Frame> free = new ArrayDeque<>(Faults.HELD);
    /** By a frame's number: its tag, and how often it is still to be sent. */
    private final long[] tags;
    private final int[] parts;
    private final int mask;
    /** The number of the oldest frame that was not told as sent. */
    private long first;
    /** The number of the next frame. */
    private long next;
    /** The fate of the next frame is drawn already: there was no room for it. */
    private boolean isDrawn;
    private final Completion partSent = this::partSent;

    /**
     * Wraps a ring.
     *
     * @param spoiler null where no frame is to be spoiled
     */
    FaultTxRing(final Card card, final int queue, final TxRing inner, final Faults faults, final FrameSpoiler spoiler) {
        super(inner);
        this.card = card;
        this.queue = queue;
        this.faults = faults;
        this.spoiler = spoiler;
        final int frames = Integer.highestOneBit(inner.capacity() + Faults.HELD) << 1;
        tags = new long[frames];
        parts = new int[frames];
        mask = frames - 1;
        for (int i = 0; i < Faults.HELD; i++) {
            free.add(new Frame(MAX_SEGMENTS));
        }
    }

    @Override
    public synchronized boolean post(final SegmentList segments, final TxRequest request, final long tag) {
        if (next - first == tags.length) {
            return false;
        }
        if (isDrawn) {
            faults.fates.again();
        } else {
            faults.fates.next();
            isDrawn = true;
        }
        tags[slot(next)] = tag;
        parts[slot(next)] = 0;
        if (faults.fates.hits(Fault.LOSS)) {
            faults.counts.count(Fault.LOSS);
            giveBack(segments);
        } else if (!send(segments, request)) {
            return false;
        }
        next++;
        isDrawn = false;
        faults.passed();
        releaseDue();
        return true;
    }

    /** Sends a frame, or what it has become; false, and nothing changed, if there is no room now. */
    private boolean send(final SegmentList segments, final TxRequest request) {
        final Fates fates = faults.fates;
        final boolean spoils = fates.hits(Fault.CORRUPT) && spoiler.spoil(segments, request, fates);
        final SegmentList frame = spoils ? spoiler.segments() : segments;
        final TxRequest asked = spoils ? spoiler.request() : request;
        final boolean small = frame.count() <= MAX_SEGMENTS;
        final boolean doubles = fates.hits(Fault.DUPLICATE) && small;
        if (doubles) {
            twin.lendAll(frame, 0, frame.count());
        }
        final boolean holds = faults.isHeld() && small && !faults.held.isFull();
        if (!holds && !inner.post(frame, asked, next)) {
            twin.release();
            if (spoils) {
                frame.release();
            }
            return false;
        }
        parts[slot(next)]++;
        if (holds) {
            hold(frame, asked);
        }
        note(Fault.CORRUPT, spoils);
        note(Fault.DUPLICATE, doubles && sendTwin(asked));
        if (faults.isHeld() && !holds) {
            faults.counts.skipped();
        }
        if (spoils) {
            spoiler.segments().clear();
            giveBack(segments);
        }
        return true;
    }

    private void note(final Fault fault, final boolean done) {
        if (done) {
            faults.counts.count(fault);
        } else if (faults.fates.hits(fault)) {
            faults.counts.skipped();
        }
    }

    /** Sends the frame once more, now, from the same buffers. */
    private boolean sendTwin(final TxRequest request) {
        if (!inner.post(twin, request, next)) {
            twin.release();
            return false;
        }
        twin.clear();
        parts[slot(next)]++;
        return true;
    }

    private void hold(final SegmentList segments, final TxRequest request) {
        final Frame frame = free.remove();
        for (int i = 0; i < segments.count(); i++) {
            segments.buffer(i).moveTo(Buffer.Place.TRANSMIT_RING);
        }
        segments.moveTo(0, frame.segments);
        frame.request.flags = request.flags;
        frame.request.l3Offset = request.l3Offset;
        frame.request.l4Offset = request.l4Offset;
        frame.request.headerLength = request.headerLength;
        frame.request.mss = request.mss;
        frame.request.vlan = request.vlan;
        frame.number = next;
        faults.hold(frame);
    }

    /** Gives the holds back; the list is its owner's to clear. */
    private static void giveBack(final SegmentList segments) {
        for (int i = 0; i < segments.count(); i++) {
            segments.buffer(i).release();
        }
    }

    private boolean releaseDue() {
        boolean any = false;
        for (Frame due = faults.due(); due != null; due = faults.due()) {
            if (!inner.post(due.segments, due.request, due.number)) {
                break;
            }
            due.segments.clear();
            faults.held.remove(due);
            free.add(due);
            any = true;
        }
        return any;
    }

    /** Sends what is due of the frames that were kept back. From any thread. */
    synchronized void pump() {
        if (releaseDue()) {
            final int tail = inner.publish();
            if (tail != NOTHING) {
                card.txDoorbell(queue, tail);
            }
        }
    }

    @Override
    public synchronized int publish() {
        return inner.publish();
    }

    @Override
    public synchronized int reclaim(final Completion completion) {
        inner.reclaim(partSent);
        pump();
        int count = 0;
        while (first < next && parts[slot(first)] == 0) {
            final long tag = tags[slot(first)];
            first++;
            count++;
            if (completion != null) {
                completion.onSent(tag);
            }
        }
        return count;
    }

    private void partSent(final long number) {
        parts[slot(number)]--;
    }

    @Override
    public synchronized int pending() {
        return (int) (next - first);
    }

    synchronized boolean isHolding() {
        return faults.held.count() > 0;
    }

    @Override
    public synchronized void drain() {
        inner.drain();
        for (Frame frame = faults.held.removeFirst(); frame != null; frame = faults.held.removeFirst()) {
            frame.segments.release();
            free.add(frame);
        }
        first = next;
    }

    private int slot(final long number) {
        return (int) number & mask;
    }
}
