package dev.barewire.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class SumKernelsTest {
    private static final long PATIENCE = 1_000_000;
    private static final int SLOW = 100;
    private static final int FAST = 99;

    private final Stub holder = new Stub(SLOW);
    private long nanos;
    private long allocated;
    private final SumKernels course = new SumKernels(() -> nanos, () -> allocated);

    @Test
    void shouldOfferVectorsWhenTheModuleIsThere() {
        assertThat(SumKernels.vector().orElseThrow().describe()).startsWith("vector");
    }

    @Test
    void shouldStartWithTheScalarKernelAndKeepOneChecksumForAll() {
        assertThat(SumKernels.best().describe()).startsWith("scalar");
        assertThat(InternetChecksum.best().kernel()).matches("(scalar|vector), .*");
        assertThat(InternetChecksum.best()).isSameAs(InternetChecksum.best());
    }

    @Test
    void shouldKeepTheHolderWhenNoTimeIsGiven() {
        assertThat(course.wins(new Stub(FAST), holder, 0)).isFalse();
    }

    @Test
    void shouldTakeTheChallengerWhenItStaysAhead() {
        final Stub challenger = new Stub(FAST);
        assertThat(course.wins(challenger, holder, PATIENCE)).isTrue();
        assertThat(challenger.calls).isEqualTo(holder.calls).isGreaterThan(100);
    }

    @Test
    void shouldKeepTheHolderWhenTheChallengerIsNoFaster() {
        assertThat(course.wins(new Stub(SLOW), holder, PATIENCE)).isFalse();
    }

    @Test
    void shouldKeepTheHolderWhenTheChallengerIsAheadOnlyNowAndThen() {
        final Stub moody = new Stub(FAST);
        moody.slowEvery = 50;
        assertThat(course.wins(moody, holder, PATIENCE)).isFalse();
    }

    @Test
    void shouldKeepTheHolderWhenTheChallengerAllocates() {
        final Stub wasteful = new Stub(FAST);
        wasteful.garbage = 16;
        assertThat(course.wins(wasteful, holder, PATIENCE)).isFalse();
    }

    @Test
    void shouldKeepTheHolderWhenTheChallengerSumsDifferently() {
        final Stub wrong = new Stub(FAST);
        wrong.tamper = 1;
        assertThat(course.wins(wrong, holder, PATIENCE)).isFalse();
        assertThat(wrong.calls).isLessThan(10);
    }

    @Test
    void shouldSumWithTheWinnerOnceItIsChosen() {
        final RacedKernel raced = new RacedKernel(holder);
        final Stub winner = new Stub(FAST);
        final MemorySegment memory = Arena.global().allocate(64).fill((byte) 3);
        final int before = raced.sum(memory, 0, 64);
        raced.choose(winner);

        assertThat(raced.sum(memory, 0, 64)).isEqualTo(before);
        assertThat(holder.calls).isOne();
        assertThat(winner.calls).isOne();
    }

    /** The scalar kernel with a time, a sum and an allocation that a test makes up. */
    private final class Stub implements SumKernel {
        private final ScalarKernel real = new ScalarKernel();
        private final int takes;
        private int slowEvery = Integer.MAX_VALUE;
        private int garbage;
        private int tamper;
        private int calls;

        Stub(final int takes) {
            this.takes = takes;
        }

        @Override
        public int sum(final MemorySegment memory, final long offset, final int length) {
            calls++;
            nanos += calls % slowEvery == 0 ? takes * 10L : takes;
            allocated += garbage;
            return real.sum(memory, offset, length) ^ tamper;
        }

        @Override
        public String describe() {
            return "a test's";
        }
    }
}
