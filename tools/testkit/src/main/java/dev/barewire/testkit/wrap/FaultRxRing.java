package dev.barewire.testkit.wrap;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.CopySite;
import dev.barewire.dma.SegmentList;
import dev.barewire.driver.card.Card;
import dev.barewire.fallback.FrameBytes;
import dev.barewire.rings.RxBurst;
import dev.barewire.rings.RxRing;
import dev.barewire.testkit.wrap.HeldFrames.Frame;
import java.util.ArrayDeque;

/** A receive ring whose frames may be lost, doubled, reordered, spoiled or late. */
final class FaultRxRing extends SpareRxRing {
    /** Buffers of a frame; the parts of one that has more are passed on untouched. */
    private static final int MAX_SEGMENTS = 64;
    private static final int FRAMES = 2 * Faults.HELD;
    private static final int CHECKED = RxBurst.IP_CHECKED | RxBurst.IP_BAD | RxBurst.L4_CHECKED | RxBurst.L4_BAD;

    private final Faults faults;
    private final CopySite site;
    private final Runnable pumpSending;
    private final RxBurst reaped = new RxBurst(FRAMES);
    private final ArrayDeque<Frame> free = new ArrayDeque<>(FRAMES);
    private final ArrayDeque<Frame> ready = new ArrayDeque<>(FRAMES);
    /** The frame whose end has not come. */
    private Frame building;
    /** The frame that is being reaped is longer than any that is dealt with. */
    private boolean isPassingOn;
    /** Buffers of the first ready frame that were given already. */
    private int given;
    /** Buffers in frames that are here. */
    private int buffers;

    /**
     * Wraps a ring.
     *
     * @param pumpSending sends what is due of the frames that were kept from being sent
     */
    FaultRxRing(final Card card, final int queue, final RxRing inner, final Faults faults, final CopySite site,
        final Runnable pumpSending) {
        super(card, queue, inner);
        this.faults = faults;
        this.site = site;
        this.pumpSending = pumpSending;
        for (int i = 0; i < FRAMES; i++) {
            free.add(new Frame(MAX_SEGMENTS));
        }
    }

    @Override
    public int reap(final RxBurst burst, final int max) {
        pumpSending.run();
        final int limit = Math.min(max, burst.capacity());
        // Each descriptor may end a frame that comes twice.
        final int count = inner.reap(reaped, Math.min(limit, free.size() / 2));
        for (int i = 0; i < count; i++) {
            take(reaped, i);
            reaped.header[i] = null;
            reaped.buffer[i] = null;
        }
        if (!isPassingOn) {
            releaseDue();
        }
        if (count > 0 || isCardStarved()) {
            refill();
        }
        return give(burst, limit);
    }

    private void take(final RxBurst burst, final int entry) {
        final int flags = burst.flags[entry];
        if (building == null) {
            building = free.remove();
            building.hasHeader = burst.header[entry] != null;
            building.isSplit = (flags & RxBurst.HEADER_SPLIT) != 0;
        }
        if (burst.header[entry] != null) {
            building.segments.append(burst.header[entry], burst.offset[entry], burst.headerLength[entry]);
            buffers++;
        }
        building.segments.append(
            burst.buffer[entry], burst.header[entry] == null ? burst.offset[entry] : 0, burst.length[entry]);
        buffers++;
        final boolean ends = (flags & RxBurst.END_OF_FRAME) != 0;
        if (!ends && building.segments.count() + 2 <= MAX_SEGMENTS) {
            return;
        }
        final Frame frame = building;
        building = null;
        frame.flags = flags & ~RxBurst.HEADER_SPLIT;
        frame.vlan = burst.vlan[entry];
        frame.hash = burst.hash[entry];
        frame.checksumStart = burst.checksumStart[entry];
        frame.checksumOffset = burst.checksumOffset[entry];
        frame.mss = burst.mss[entry];
        if (isPassingOn || !ends) {
            ready.add(frame);
        } else {
            meetFate(frame);
        }
        isPassingOn = !ends;
    }

    private void meetFate(final Frame frame) {
        final Fates fates = faults.fates;
        fates.next();
        if (fates.hits(Fault.LOSS)) {
            faults.counts.count(Fault.LOSS);
            buffers -= frame.segments.count();
            frame.segments.release();
            free.add(frame);
        } else {
            if (fates.hits(Fault.CORRUPT)) {
                corrupt(frame);
            }
            if (fates.hits(Fault.DUPLICATE)) {
                duplicate(frame);
            }
            if (faults.isHeld()) {
                hold(frame);
            } else {
                ready.add(frame);
            }
        }
        faults.passed();
        releaseDue();
    }

    /** Spoils a bit where the frame lies: nobody else has these buffers. What the card verified is no longer so. */
    private void corrupt(final Frame frame) {
        final long bit = faults.fates.pick(Math.max(1, frame.segments.bytes()) * 8L);
        if (frame.segments.bytes() == 0 || !isWithinReach(frame.segments)) {
            faults.counts.skipped();
            return;
        }
        final int at = (int) (bit >>> 3);
        FrameBytes.put8(frame.segments, at, FrameBytes.u8(frame.segments, at) ^ 1 << (bit & 7));
        frame.flags &= ~CHECKED;
        faults.counts.count(Fault.CORRUPT);
    }

    /** The copy goes on at once, whatever becomes of the frame itself. */
    private void duplicate(final Frame frame) {
        final SegmentList segments = frame.segments;
        if (spares() < segments.count() || !isWithinReach(segments)) {
            faults.counts.skipped();
            return;
        }
        final Frame copy = free.remove();
        for (int i = 0; i < segments.count(); i++) {
            final Buffer buffer = spare();
            site.copy(segments.buffer(i), segments.offset(i), buffer, 0, segments.length(i));
            copy.segments.append(buffer, 0, segments.length(i));
        }
        copy.flags = frame.flags;
        copy.vlan = frame.vlan;
        copy.hash = frame.hash;
        copy.checksumStart = frame.checksumStart;
        copy.checksumOffset = frame.checksumOffset;
        copy.mss = frame.mss;
        copy.hasHeader = false;
        copy.isSplit = false;
        buffers += segments.count();
        ready.add(copy);
        faults.counts.count(Fault.DUPLICATE);
    }

    private void hold(final Frame frame) {
        if (faults.held.isFull()) {
            faults.counts.skipped();
            ready.add(frame);
        } else {
            faults.hold(frame);
        }
    }

    private static boolean isWithinReach(final SegmentList segments) {
        return segments.count() > 0
            && segments.buffer(0).memory().isReadable() && segments.buffer(0).memory().isWritable();
    }

    private void releaseDue() {
        for (Frame due = faults.due(); due != null; due = faults.due()) {
            faults.held.remove(due);
            ready.add(due);
        }
    }

    private int give(final RxBurst burst, final int limit) {
        int count = 0;
        while (count < limit && !ready.isEmpty()) {
            final Frame frame = ready.peek();
            final SegmentList segments = frame.segments;
            final int last = segments.count() - 1;
            while (count < limit && given <= last) {
                give(frame, burst, count++, last);
            }
            if (given > last) {
                given = 0;
                segments.clear();
                free.add(ready.remove());
            }
        }
        return count;
    }

    /** Gives a buffer, and with a frame's first one the header's. */
    private void give(final Frame frame, final RxBurst burst, final int entry, final int last) {
        final SegmentList segments = frame.segments;
        int flags = 0;
        burst.header[entry] = null;
        burst.offset[entry] = segments.offset(given);
        if (given == 0 && frame.hasHeader) {
            burst.header[entry] = segments.buffer(0);
            burst.headerLength[entry] = segments.length(0);
            flags = frame.isSplit ? RxBurst.HEADER_SPLIT : 0;
            given++;
            buffers--;
        }
        burst.buffer[entry] = segments.buffer(given);
        burst.length[entry] = segments.length(given);
        burst.flags[entry] = flags | (given == last ? frame.flags : 0);
        burst.vlan[entry] = frame.vlan;
        burst.hash[entry] = frame.hash;
        burst.checksumStart[entry] = frame.checksumStart;
        burst.checksumOffset[entry] = frame.checksumOffset;
        burst.mss[entry] = frame.mss;
        given++;
        buffers--;
    }

    @Override
    public boolean isReady() {
        return inner.isReady() || !ready.isEmpty() || faults.due() != null;
    }

    /** Whether there may be something to reap before the card interrupts. */
    boolean isWaiting() {
        return !ready.isEmpty() || faults.held.count() > 0 || isCardStarved();
    }

    @Override
    public int posted() {
        return super.posted() + buffers;
    }

    @Override
    public void drain() {
        super.drain();
        while (!ready.isEmpty()) {
            drop(ready.remove());
        }
        if (building != null) {
            drop(building);
            building = null;
        }
        for (Frame frame = faults.held.removeFirst(); frame != null; frame = faults.held.removeFirst()) {
            drop(frame);
        }
        isPassingOn = false;
        buffers = 0;
    }

    /** Of a frame that was given in part, the queue has the first buffers. */
    private void drop(final Frame frame) {
        for (int i = given; i < frame.segments.count(); i++) {
            frame.segments.buffer(i).release();
        }
        given = 0;
        frame.segments.clear();
        free.add(frame);
    }
}
