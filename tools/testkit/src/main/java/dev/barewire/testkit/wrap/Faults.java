package dev.barewire.testkit.wrap;

import dev.barewire.testkit.wrap.HeldFrames.Frame;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;

/** What befalls the frames of one queue in one direction, and those that are kept back because of it. */
final class Faults {
    /** Frames that may be kept back at a time. */
    static final int HELD = 256;
    /** A reordered frame comes behind at most so many that followed it. */
    private static final int DEPTH = 4;
    /** A reordered frame that nothing follows comes after so long. */
    private static final long PATIENCE_NANOS = Duration.ofMillis(10).toNanos();

    final Fates fates;
    final FaultCounts counts;
    final HeldFrames held = new HeldFrames(HELD);
    final LongSupplier clock;
    private final long maxDelayNanos;
    private long passed;

    Faults(final long seed, final Map<Fault, Double> rates, final Duration maxDelay, final FaultCounts counts,
        final LongSupplier clock) {
        this.fates = new Fates(seed, rates);
        this.counts = counts;
        this.clock = clock;
        this.maxDelayNanos = maxDelay.toNanos();
    }

    /** Whether the frame is to be kept back; one that is delayed is not reordered as well. */
    boolean isHeld() {
        return fates.hits(Fault.DELAY) || fates.hits(Fault.REORDER);
    }

    /** Keeps the frame back; only while there is room. */
    void hold(final Frame frame) {
        final long now = clock.getAsLong();
        if (fates.hits(Fault.DELAY)) {
            held.add(frame, Long.MAX_VALUE, now + fates.pick(maxDelayNanos + 1));
            counts.count(Fault.DELAY);
        } else {
            // This frame itself is the first to pass.
            held.add(frame, passed + 2 + fates.pick(DEPTH), now + PATIENCE_NANOS);
            counts.count(Fault.REORDER);
        }
    }

    /** A frame has met its fate, so that those kept back for it come nearer to theirs. */
    void passed() {
        passed++;
    }

    /** The first frame whose time has come; null if there is none. */
    Frame due() {
        return held.count() == 0 ? null : held.due(passed, clock.getAsLong());
    }
}
