package dev.barewire.testkit.model.intel;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IJ_Result;

/** A model's tail register: a card that sees the tail sees the descriptor that was written before the doorbell. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "not rung yet")
@Outcome(id = "0, 5", expect = Expect.ACCEPTABLE, desc = "written, not rung yet")
@Outcome(id = "1, 5", expect = Expect.ACCEPTABLE, desc = "rung, and written before")
@State
public class DoorbellStress {
    private static final RegisterFile REGISTERS = new RegisterFile();
    private static final AtomicInteger NEXT = new AtomicInteger();

    /** A register of its own for each trial of a stride, since a register file is large. */
    private final int tail = (NEXT.getAndIncrement() & 0x7fff) << 2;
    private long descriptor;

    /** Made for each trial. */
    public DoorbellStress() {
        REGISTERS.set(tail, 0);
    }

    /** The driver. */
    @Actor
    public void driver() {
        descriptor = 5;
        REGISTERS.setRelease(tail, 1);
    }

    /** The card. */
    @Actor
    public void card(final IJ_Result result) {
        result.r1 = REGISTERS.getAcquire(tail);
        result.r2 = descriptor;
    }
}
