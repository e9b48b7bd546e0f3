package dev.barewire.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.CopyLedger;
import dev.barewire.dma.SegmentList;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LineariserTest {
    private final TestMemory memory = new TestMemory();
    private final BufferPool pool = memory.pool("linear", 2048, 5);
    private final CopyLedger ledger = new CopyLedger();
    private final Lineariser lineariser = new Lineariser(pool, ledger);

    @AfterEach
    void close() {
        pool.close();
        memory.close();
    }

    @Test
    void shouldCopyNothingWhenTheFrameIsShortEnough() {
        final SegmentList frame = memory.cut(new byte[100], 10, 20);
        assertThat(lineariser.linearise(frame, 3)).isTrue();
        assertThat(frame.count()).isEqualTo(3);
        assertThat(ledger.bytes()).isZero();
        frame.release();
    }

    @Test
    void shouldFetchWhatOnlyOtherCardsReachAndLeaveTheRest() {
        try (TestMemory other = new TestMemory()) {
            final byte[] bytes = new FrameBuilder().random(6000, 2).bytes();
            final SegmentList frame = memory.cut(Arrays.copyOf(bytes, 54));
            final Buffer own = frame.buffer(0);
            final SegmentList foreign = other.cut(Arrays.copyOfRange(bytes, 54, 6000), 5, 4000);
            frame.lendAll(foreign, 0, foreign.count());
            assertThat(lineariser.isReachable(frame)).isFalse();
            assertThat(lineariser.canFetch(frame)).isTrue();

            assertThat(lineariser.fetch(frame)).isTrue();

            assertThat(lineariser.isReachable(frame)).isTrue();
            assertThat(frame.buffer(0)).isSameAs(own);
            assertThat(TestMemory.bytes(frame)).isEqualTo(bytes);
            assertThat(ledger.bytes()).isEqualTo(5946);
            assertThat(lineariser.fetch(frame)).isTrue();
            assertThat(ledger.bytes()).isEqualTo(5946);
            frame.release();
            foreign.release();
        }
    }

    @Test
    void shouldNotFetchWhatDoesNotFit() {
        try (TestMemory other = new TestMemory()) {
            final SegmentList frame = other.cut(new byte[5 * 2048 + 1]);
            assertThat(lineariser.canFetch(frame)).isFalse();
            final Buffer last = pool.take();
            final SegmentList shorter = other.cut(new byte[5 * 2048]);
            assertThat(lineariser.canFetch(shorter)).isTrue();
            assertThat(lineariser.fetch(shorter)).as("four buffers left, five needed").isFalse();
            last.release();
            assertThat(lineariser.fetch(shorter)).isTrue();
            shorter.release();
            frame.release();
        }
    }

    @Test
    void shouldMergeTheNeighboursThatHoldTheFewestBytes() {
        final byte[] bytes = new FrameBuilder().random(9000, 1).bytes();
        final SegmentList frame = memory.cut(bytes, 54, 4054, 4060, 4065, 4070);
        final Buffer large = frame.buffer(1);
        assertThat(lineariser.linearise(frame, 4)).isTrue();
        assertThat(frame.count()).isEqualTo(4);
        assertThat(frame.buffer(1)).isSameAs(large);
        assertThat(TestMemory.bytes(frame)).isEqualTo(bytes);
        assertThat(ledger.bytes()).isEqualTo(16);
        assertThat(memory.frames.outstanding()).isEqualTo(3);
        frame.release();
    }

    @Test
    void shouldUseSeveralBuffersWhenOneDoesNotHoldThem() {
        final Random random = new Random(5);
        for (int round = 0; round < 500; round++) {
            final byte[] bytes = new FrameBuilder().random(random.nextInt(9000), round).bytes();
            final SegmentList frame = memory.scatter(bytes, 1 + random.nextInt(40), random);
            final int before = frame.count();
            final int limit = 5 + random.nextInt(12);
            assertThat(lineariser.linearise(frame, limit)).isTrue();
            assertThat(frame.count()).isLessThanOrEqualTo(Math.min(before, limit));
            assertThat(TestMemory.bytes(frame)).isEqualTo(bytes);
            frame.release();
            assertThat(pool.outstanding()).isZero();
            assertThat(memory.frames.outstanding()).isZero();
        }
    }

    @Test
    void shouldLeaveTheFrameAsItWasWhenThePoolIsShort() {
        final byte[] bytes = new FrameBuilder().random(9900, 1).bytes();
        final SegmentList frame = memory.cut(bytes, 3000, 4300, 5600, 6900);
        assertThat(lineariser.accepts(frame, 2)).as("9900 bytes in two buffers").isFalse();
        assertThat(lineariser.linearise(frame, 2)).isFalse();
        assertThat(lineariser.accepts(frame, 4)).isTrue();
        assertThat(lineariser.accepts(frame, 5)).isTrue();
        final Buffer[] held = {pool.take(), pool.take(), pool.take(), pool.take()};
        assertThat(lineariser.linearise(frame, 4)).as("one buffer left, two needed").isFalse();
        assertThat(pool.available()).isEqualTo(1);
        assertThat(frame.count()).isEqualTo(5);
        assertThat(TestMemory.bytes(frame)).isEqualTo(bytes);
        assertThat(ledger.bytes()).isZero();
        for (final Buffer buffer : held) {
            buffer.release();
        }
        assertThat(lineariser.linearise(frame, 4)).isTrue();
        assertThat(ledger.bytes()).isEqualTo(3900);
        assertThat(TestMemory.bytes(frame)).isEqualTo(bytes);
        frame.release();
    }
}
