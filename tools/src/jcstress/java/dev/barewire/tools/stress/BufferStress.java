package dev.barewire.tools.stress;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Holds of a buffer, given back by two threads at once, of which one may own the pool. */
public class BufferStress {
    /** A pool of two buffers that belongs to nobody; one buffer is out. */
    static class Out {
        final BufferPool pool = new BufferPool("stress", SharedMemory.DOMAIN, MemoryKind.ANONYMOUS, 64, 2);
        final Buffer buffer = pool.take();

        Out() {
            pool.handOver();
        }

        /** Makes the calling thread the pool's owner: it takes the other buffer and gives it back. */
        void own() {
            pool.take().release();
        }

        /** 0, or 1 if it was refused as a double release. */
        int release() {
            try {
                buffer.release();
                return 0;
            } catch (final IllegalStateException refused) {
                return 1;
            }
        }
    }

    /** Two holds: the second release brings it home, once. */
    @JCStressTest
    @Outcome(id = "2, 0, 1", expect = Expect.ACCEPTABLE, desc = "home, held by nobody, one generation on")
    @State
    public static class TwoReleases extends Out {
        /** Made for each trial. */
        public TwoReleases() {
            buffer.hold();
        }

        @Actor
        public void one() {
            buffer.release();
        }

        @Actor
        public void other() {
            buffer.release();
        }

        @Arbiter
        public void judge(final III_Result result) {
            result.r1 = pool.available();
            result.r2 = buffer.holders();
            result.r3 = buffer.generation();
        }
    }

    /** As before, where one of the two owns the pool and may use a plain store as the last holder. */
    @JCStressTest
    @Outcome(id = "2, 0, 1", expect = Expect.ACCEPTABLE, desc = "home, held by nobody, one generation on")
    @State
    public static class OwnersRelease extends Out {
        /** Made for each trial. */
        public OwnersRelease() {
            buffer.hold();
        }

        @Actor
        public void owner() {
            own();
            buffer.release();
        }

        @Actor
        public void other() {
            buffer.release();
        }

        @Arbiter
        public void judge(final III_Result result) {
            result.r1 = pool.available();
            result.r2 = buffer.holders();
            result.r3 = buffer.generation();
        }
    }

    /** A holder lends once more while another lets go. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "one hold is left")
    @State
    public static class HoldAndRelease extends Out {
        /** Made for each trial. */
        public HoldAndRelease() {
            buffer.hold();
        }

        @Actor
        public void owner() {
            own();
            buffer.hold();
            buffer.release();
        }

        @Actor
        public void other() {
            buffer.release();
        }

        @Arbiter
        public void judge(final III_Result result) {
            result.r1 = pool.available();
            result.r2 = buffer.holders();
            result.r3 = buffer.generation();
        }
    }

    /** One hold, released by two threads of which neither owns the pool: exactly one is refused. */
    @JCStressTest
    @Outcome(id = {"0, 1", "1, 0"}, expect = Expect.ACCEPTABLE, desc = "one is refused")
    @State
    public static class DoubleRelease extends Out {
        @Actor
        public void one(final II_Result result) {
            result.r1 = release();
        }

        @Actor
        public void other(final II_Result result) {
            result.r2 = release();
        }
    }

    /** What another thread gives back, the owner finds with all that was done to it. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "not back yet")
    @Outcome(id = "1, 7", expect = Expect.ACCEPTABLE, desc = "back, and its bytes are there")
    @State
    public static class TakeWhatComesBack extends Out {
        private final Buffer rest;

        /** Made for each trial: the pool is empty, so that the owner must look at what others gave back. */
        public TakeWhatComesBack() {
            rest = pool.take();
            pool.handOver();
            buffer.moveTo(Buffer.Place.APPLICATION);
        }

        @Actor
        public void other() {
            buffer.moveTo(Buffer.Place.TRANSMIT_RING);
            buffer.release();
        }

        @Actor
        public void owner(final II_Result result) {
            final Buffer taken = pool.take();
            result.r1 = taken == null ? 0 : taken.generation();
            result.r2 = taken == null ? 0 : taken == buffer && rest != taken ? 7 : -1;
        }
    }
}
