package dev.barewire.fallback;

import java.lang.foreign.MemorySegment;

/**
 * Sums with one kernel until another has proved better. The choice is published without a fence: kernels hold only final
 * fields and all give the same sums, so a thread that sees the winner late is slower for a while and never wrong.
 */
final class RacedKernel implements SumKernel {
    private SumKernel chosen;

    RacedKernel(final SumKernel first) {
        chosen = first;
    }

    /** Lets another kernel do the work from now on; from any thread. */
    void choose(final SumKernel winner) {
        chosen = winner;
    }

    @Override
    public int sum(final MemorySegment memory, final long offset, final int length) {
        return chosen.sum(memory, offset, length);
    }

    @Override
    public String describe() {
        return chosen.describe();
    }
}
