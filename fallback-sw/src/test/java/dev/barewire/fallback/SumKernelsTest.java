package dev.barewire.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class SumKernelsTest {
    private static final long LONG_ENOUGH = Long.MAX_VALUE;

    private final ScalarKernel scalar = new ScalarKernel();

    @Test
    void shouldOfferVectorsWhenTheModuleIsThere() {
        assertThat(SumKernels.vector().orElseThrow().describe()).startsWith("vector");
    }

    @Test
    void shouldChooseOneOfTheTwo() {
        assertThat(InternetChecksum.best().kernel()).matches("(scalar|vector), .*");
        assertThat(InternetChecksum.best()).isSameAs(InternetChecksum.best());
    }

    @Test
    void shouldKeepTheHolderWhenNoTimeIsGiven() {
        assertThat(SumKernels.winsWithin(0, scalar, scalar)).isFalse();
    }

    @Test
    void shouldTakeTheChallengerWhenItGetsAhead() {
        final Kernel slow = new Kernel(sum -> sum, 1000);
        assertThat(SumKernels.winsWithin(LONG_ENOUGH, scalar, slow)).isTrue();
        assertThat(slow.calls).isPositive();
    }

    @Test
    void shouldRefuseTheChallengerWhenItSumsDifferently() {
        assertThat(SumKernels.winsWithin(LONG_ENOUGH, new Kernel(sum -> sum ^ 1, 1), scalar)).isFalse();
    }

    /** The scalar kernel, as many times as asked for, with its sum tampered with. */
    private static final class Kernel implements SumKernel {
        private final ScalarKernel real = new ScalarKernel();
        private final IntUnaryOperator tamper;
        private final int times;
        private int calls;

        Kernel(final IntUnaryOperator tamper, final int times) {
            this.tamper = tamper;
            this.times = times;
        }

        @Override
        public int sum(final MemorySegment memory, final long offset, final int length) {
            calls++;
            int sum = 0;
            for (int i = 0; i < times; i++) {
                sum |= real.sum(memory, offset, length);
            }
            return tamper.applyAsInt(sum);
        }

        @Override
        public String describe() {
            return "a test's";
        }
    }
}
