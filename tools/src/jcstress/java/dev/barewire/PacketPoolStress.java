package dev.barewire;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A packet that another thread gives back while the owner takes: none is lost, none is there twice. */
@JCStressTest
@Outcome(id = {"1, 1", "2, 0"}, expect = Expect.ACCEPTABLE, desc = "two packets in all")
@State
public class PacketPoolStress {
    private final PacketPool pool = new PacketPool(2, 2);
    private final Packet out = pool.take();
    private int taken;

    /** Made for each trial. */
    public PacketPoolStress() {
    }

    /** The owner. */
    @Actor
    public void owner() {
        pool.ownedBy(Thread.currentThread());
        for (int i = 0; i < 2; i++) {
            taken += pool.take() == null ? 0 : 1;
        }
    }

    /** Another thread. */
    @Actor
    public void other() {
        out.release();
    }

    /** What there is at the end. */
    @Arbiter
    public void judge(final II_Result result) {
        result.r1 = taken;
        while (pool.take() != null) {
            result.r2++;
        }
    }
}
