package dev.barewire.dma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IovaSpaceTest {
    private static final long PAGE = 4096;
    private static final long HUGE = 2 << 20;
    private static final IovaRange BELOW_MESSAGES = new IovaRange(0, 0xfedf_ffffL);
    private static final IovaRange ABOVE_MESSAGES = new IovaRange(0xfef0_0000L, (1L << 39) - 1);

    @Test
    void shouldGiveTheLowestFirstAndNeverZeroWhenTheSpaceStartsThere() {
        final IovaSpace space = new IovaSpace(List.of(ABOVE_MESSAGES, BELOW_MESSAGES));

        assertThat(space.allocate(PAGE, PAGE)).isEqualTo(HUGE);
        assertThat(space.allocate(HUGE, HUGE)).isEqualTo(2 * HUGE);
        assertThat(space.allocate(PAGE, PAGE)).isEqualTo(HUGE + PAGE);
    }

    @Test
    void shouldStepOverAReservedRangeWhenARequestDoesNotFitBelowIt() {
        final IovaSpace space = new IovaSpace(List.of(BELOW_MESSAGES, ABOVE_MESSAGES));

        assertThat(space.allocate(4L << 30, HUGE)).isEqualTo(0xff00_0000L);
        assertThat(space.allocate(PAGE, PAGE)).isEqualTo(HUGE);
    }

    @Test
    void shouldGiveAllAndNoMoreWhenAskedForAllThatIsThere() {
        final IovaSpace space = new IovaSpace(List.of(new IovaRange(HUGE, HUGE + 3 * PAGE - 1)));

        assertThatThrownBy(() -> space.allocate(4 * PAGE, PAGE)).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("16384 bytes");
        assertThat(space.allocate(3 * PAGE, PAGE)).isEqualTo(HUGE);
        assertThat(space.ranges()).isEmpty();
        assertThatThrownBy(() -> space.allocate(PAGE, PAGE)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldNotWrapRoundWhenARangeEndsAtTheLastAddress() {
        final IovaSpace space = new IovaSpace(List.of(new IovaRange(-3 * PAGE, -1)));

        assertThatThrownBy(() -> space.allocate(HUGE, HUGE)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> space.allocate(4 * PAGE, PAGE)).isInstanceOf(IllegalStateException.class);
        assertThat(space.allocate(PAGE, PAGE)).isEqualTo(-3 * PAGE);
        assertThat(space.allocate(2 * PAGE, 2 * PAGE)).isEqualTo(-2 * PAGE);
        assertThat(space.ranges()).isEmpty();

        space.free(-2 * PAGE, 2 * PAGE);
        space.free(-3 * PAGE, PAGE);
        assertThat(space.ranges()).containsExactly(new IovaRange(-3 * PAGE, -1));
    }

    @Test
    void shouldJoinNeighboursWhenTheyComeBackInAnyOrder() {
        final IovaRange all = new IovaRange(HUGE, HUGE + 4 * PAGE - 1);
        for (final int[] order : new int[][] {{0, 1, 2, 3}, {3, 2, 1, 0}, {0, 2, 1, 3}, {1, 3, 0, 2}}) {
            final IovaSpace space = new IovaSpace(List.of(all));
            for (int i = 0; i < 4; i++) {
                assertThat(space.allocate(PAGE, PAGE)).isEqualTo(HUGE + i * PAGE);
            }
            for (final int i : order) {
                space.free(HUGE + i * PAGE, PAGE);
            }
            assertThat(space.ranges()).containsExactly(all);
        }
    }

    @Test
    void shouldRefuseWhenWhatComesBackIsFreeAlready() {
        final IovaSpace space = new IovaSpace(List.of(new IovaRange(HUGE, 2 * HUGE - 1)));
        final long taken = space.allocate(2 * PAGE, PAGE);
        space.free(taken, PAGE);

        assertThatThrownBy(() -> space.free(taken, PAGE)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> space.free(taken, 2 * PAGE)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> space.free(taken + PAGE, 2 * PAGE)).isInstanceOf(IllegalStateException.class);
        space.free(taken + PAGE, PAGE);
        assertThat(space.ranges()).containsExactly(new IovaRange(HUGE, 2 * HUGE - 1));
    }

    @Test
    void shouldNeverGiveAnAddressTwiceWhenUsedAtRandom() {
        final List<IovaRange> usable = List.of(new IovaRange(0x1000, 0x7f_ffff), new IovaRange(0x90_0000, 0xff_ffff));
        final IovaSpace space = new IovaSpace(usable);
        final boolean[] used = new boolean[0x1000];
        final List<long[]> taken = new ArrayList<>();
        final Random random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            if (!taken.isEmpty() && random.nextInt(100) < 49) {
                final long[] back = taken.remove(random.nextInt(taken.size()));
                mark(used, back, false);
                space.free(back[0], back[1]);
            } else {
                final long bytes = PAGE * (1 + random.nextInt(16));
                final long alignment = PAGE << random.nextInt(4);
                try {
                    final long[] got = {space.allocate(bytes, alignment), bytes};
                    assertThat(got[0] % alignment).isZero();
                    mark(used, got, true);
                    taken.add(got);
                } catch (final IllegalStateException full) {
                    assertThat(taken).isNotEmpty();
                }
            }
        }
        taken.forEach(back -> space.free(back[0], back[1]));
        assertThat(space.ranges()).isEqualTo(usable);
    }

    private static void mark(final boolean[] used, final long[] range, final boolean use) {
        for (long page = range[0] / PAGE; page < (range[0] + range[1]) / PAGE; page++) {
            assertThat(used[(int) page]).isNotEqualTo(use);
            assertThat(page < 0x800 || page >= 0x900).isTrue();
            used[(int) page] = use;
        }
    }
}
