package dev.barewire.testkit.wire;

import dev.barewire.testkit.wire.FaultyWire.Fault;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** What happens to frames that go one way through a {@link FaultyWire}. One thread at a time uses it. */
final class FaultyDirection {
    /** How many frames may pass one that is held back to be overtaken, and how long it waits for them at most. */
    private static final int OVERTAKERS = 8;
    private static final long OVERTAKING_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int MAX_HELD = 1024;

    private final WireFaults faults;
    private final SplittableRandom random;
    private final AtomicLongArray counts = new AtomicLongArray(Fault.values().length);
    private final UnsafeBuffer spoilt = new UnsafeBuffer(new byte[Wire.MAX_FRAME]);
    /** In the order in which they came; those behind {@link #held} are free. */
    private final Held[] store = new Held[MAX_HELD];
    private volatile int held;
    private long frames;
    /** What the next frame meets, drawn once for each even if there is no room for it at first. */
    private boolean drawn;
    private boolean lose;
    private boolean twice;
    private boolean overtake;
    private boolean spoil;
    private boolean late;
    private long detail;

    FaultyDirection(final WireFaults faults, final SplittableRandom random) {
        this.faults = faults;
        this.random = random;
    }

    /** Where frames come out. */
    @FunctionalInterface
    interface Sink {
        /** Takes a frame; false if there is no room now. */
        boolean take(DirectBuffer frame, int offset, int length);
    }

    /** A frame that is held back. */
    private static final class Held {
        private final UnsafeBuffer frame = new UnsafeBuffer(new byte[2048]);
        private int length;
        /** It is due when so many frames have come, or at that time. */
        private long dueFrame;
        private long dueNanos;

        void copy(final DirectBuffer from, final int offset, final int bytes) {
            if (frame.capacity() < bytes) {
                frame.wrap(new byte[Wire.MAX_FRAME]);
            }
            frame.putBytes(0, from, offset, bytes);
            length = bytes;
        }
    }

    /** A frame comes; false if there was no room for it, so that it may be offered again. */
    boolean offer(final long now, final DirectBuffer frame, final int offset, final int length, final Sink sink) {
        draw();
        if (!lose) {
            final DirectBuffer seen = spoil ? spoil(frame, offset, length) : frame;
            final int at = spoil ? 0 : offset;
            final int copies = twice ? 2 : 1;
            final boolean wait = (late || overtake) && held + copies <= MAX_HELD;
            if (!wait && !sink.take(seen, at, length)) {
                return false;
            }
            frames++;
            for (int copy = wait ? 0 : 1; copy < copies && held < MAX_HELD; copy++) {
                hold(now, wait, seen, at, length);
                count(Fault.DUPLICATION, copy == 1);
            }
            count(Fault.CORRUPTION, spoil);
            count(Fault.DELAY, wait && late);
            count(Fault.REORDERING, wait && !late);
        }
        count(Fault.LOSS, lose);
        drawn = false;
        return true;
    }

    /** As many numbers for each frame, whatever the rates, so that one fault's rate does not move the others. */
    private void draw() {
        if (!drawn) {
            lose = random.nextDouble() < faults.loss();
            twice = random.nextDouble() < faults.duplication();
            overtake = random.nextDouble() < faults.reordering();
            spoil = random.nextDouble() < faults.corruption();
            late = random.nextDouble() < faults.delay();
            detail = random.nextLong();
            drawn = true;
        }
    }

    private DirectBuffer spoil(final DirectBuffer frame, final int offset, final int length) {
        spoilt.putBytes(0, frame, offset, length);
        final int at = (int) Long.remainderUnsigned(detail >>> 16, length);
        final int bits = 1 + (int) (detail & 0xffff) % 255;
        spoilt.putByte(at, (byte) (spoilt.getByte(at) ^ bits));
        return spoilt;
    }

    private void hold(
        final long now, final boolean wait, final DirectBuffer frame, final int offset, final int length) {
        if (store[held] == null) {
            store[held] = new Held();
        }
        final Held slot = store[held];
        slot.copy(frame, offset, length);
        slot.dueFrame = !wait ? frames : late ? Long.MAX_VALUE : frames + 1 + Math.floorMod(detail, OVERTAKERS);
        slot.dueNanos = now + (late ? faults.time().toNanos() : OVERTAKING_NANOS);
        held = held + 1;
    }

    /** Lets go what is due, oldest first, until there is no room or the limit is reached; gives how many. */
    int release(final long now, final int limit, final Sink sink) {
        int count = 0;
        for (int i = 0; i < held && count < limit;) {
            final Held slot = store[i];
            if (slot.dueFrame > frames && slot.dueNanos - now > 0) {
                i++;
            } else if (sink.take(slot.frame, 0, slot.length)) {
                count++;
                System.arraycopy(store, i + 1, store, i, held - i - 1);
                held = held - 1;
                store[held] = slot;
            } else {
                break;
            }
        }
        return count;
    }

    private void count(final Fault fault, final boolean met) {
        if (met) {
            counts.lazySet(fault.ordinal(), counts.get(fault.ordinal()) + 1);
        }
    }

    long count(final Fault fault) {
        return counts.get(fault.ordinal());
    }

    int held() {
        return held;
    }

    boolean isNone() {
        return faults.equals(WireFaults.NONE);
    }
}
