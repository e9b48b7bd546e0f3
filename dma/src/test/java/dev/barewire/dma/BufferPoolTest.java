package dev.barewire.dma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.dma.Buffer.Place;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
    private final FakeIommu iommu = new FakeIommu();
    private final BufferPool pool = new BufferPool("rx", iommu.domain(), MemoryKind.ANONYMOUS, 2048, 3);

    @Test
    void shouldGiveDisjointRangesWhenBuffersAreTaken() {
        final Buffer first = pool.take();
        final Buffer second = pool.take(Place.RECEIVE_RING);

        assertThat(first.capacity()).isEqualTo(2048);
        assertThat(second.iova()).isEqualTo(first.iova() + 2048);
        assertThat(second.base()).isEqualTo(first.base() + 2048);
        assertThat(first.holders()).isEqualTo(1);
        assertThat(first.place()).isEqualTo(Place.APPLICATION);
        assertThat(second.place()).isEqualTo(Place.RECEIVE_RING);
        assertThat(first.pool()).isSameAs(pool);
        assertThat(pool.outstanding()).isEqualTo(2);
        assertThat(pool.available()).isEqualTo(1);
    }

    @Test
    void shouldGiveTheWarmestWhenOneWasJustReleased() {
        pool.take();
        final Buffer warm = pool.take();
        warm.release();

        assertThat(pool.take()).isSameAs(warm);
    }

    @Test
    void shouldGiveNullWhenAllAreOut() {
        for (int i = 0; i < 3; i++) {
            assertThat(pool.take()).isNotNull();
        }
        assertThat(pool.take()).isNull();

        pool.buffer(1).release();
        assertThat(pool.take()).isSameAs(pool.buffer(1));
    }

    @Test
    void shouldComeHomeWithTheLastHoldWhenItWasLent() {
        final Buffer buffer = pool.take();
        final int generation = buffer.generation();
        buffer.hold();
        buffer.hold();
        assertThat(buffer.holders()).isEqualTo(3);

        buffer.release();
        buffer.release();
        assertThat(pool.outstanding()).isEqualTo(1);
        assertThat(buffer.generation()).isEqualTo(generation);

        buffer.release();
        assertThat(pool.outstanding()).isZero();
        assertThat(buffer.generation()).isEqualTo(generation + 1);
        assertThat(buffer.place()).isEqualTo(Place.POOL);
    }

    @Test
    void shouldThrowAtOnceWhenReleasedTwiceOrHeldAfterwards() {
        final Buffer buffer = pool.take();
        buffer.release();

        assertThatThrownBy(buffer::release).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("double release of buffer 0 of pool rx");
        assertThatThrownBy(buffer::hold).isInstanceOf(IllegalStateException.class);
        assertThat(buffer.holders()).isZero();
        assertThat(pool.available()).isEqualTo(3);
    }

    @Test
    void shouldThrowAtOnceWhenAnotherThreadReleasesTwice() throws InterruptedException {
        final Buffer buffer = pool.take();

        assertThat(failureElsewhere(buffer::release)).isNull();
        assertThat(failureElsewhere(buffer::release)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(buffer::release).isInstanceOf(IllegalStateException.class);
        assertThat(pool.available()).isEqualTo(3);
        assertThat(pool.doubleReleases()).isZero();
    }

    @Test
    void shouldBringHomeWhatOtherThreadsReleaseWhenTheStackIsEmpty() throws InterruptedException {
        final Buffer[] all = {pool.take(), pool.take(), pool.take()};
        all[0].hold();

        assertThat(failureElsewhere(() -> {
            all[0].release();
            all[1].release();
        })).isNull();
        assertThat(pool.outstanding()).isEqualTo(2);
        assertThat(pool.take()).isSameAs(all[1]);
        assertThat(pool.take()).isNull();
    }

    @Test
    void shouldBelongToOneThreadWhenAnotherTakes() throws InterruptedException {
        pool.take();

        assertThat(failureElsewhere(pool::take)).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("handOver()").hasMessageContaining(Thread.currentThread().getName());
        assertThat(failureElsewhere(pool::handOver)).isInstanceOf(IllegalStateException.class);

        pool.handOver();
        assertThat(failureElsewhere(pool::take)).isNull();
    }

    @Test
    void shouldBeFreeToClaimWhenItsOwnerHasEnded() throws InterruptedException {
        assertThat(failureElsewhere(pool::take)).isNull();

        assertThat(pool.take()).isNotNull();
        assertThat(pool.outstanding()).isEqualTo(2);
    }

    @Test
    void shouldNameWhatIsOutWhenItIsClosed() {
        pool.take(Place.TRANSMIT_RING).hold();
        pool.take().release();

        assertThat(pool.describeOutstanding()).hasSize(1);
        assertThatThrownBy(pool::close).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("pool rx closed with 1 of 3 buffers outstanding")
            .hasMessageContaining("buffer 0 of pool rx: TRANSMIT_RING, 2 holders, for ");
        assertThat(iommu.mapped).isEmpty();
        pool.close();
    }

    @Test
    void shouldNameWhatIsOutWhenTheDomainWentFirst() {
        pool.take();
        pool.region().close();

        assertThatThrownBy(pool::close).hasMessageContaining("1 of 3 buffers outstanding");
    }

    @Test
    void shouldCloseQuietlyWhenEverythingIsHome() {
        pool.take().release();

        pool.close();
        pool.close();

        assertThat(iommu.mapped).isEmpty();
    }

    @Test
    void shouldCutTheListShortWhenVeryManyAreOut() {
        final BufferPool large = new BufferPool("large", iommu.domain(), MemoryKind.ANONYMOUS, 64, 20);
        while (large.take() != null) {
            assertThat(large.outstanding()).isPositive();
        }

        assertThatThrownBy(large::close).hasMessageContaining("20 of 20").hasMessageContaining("and 4 more");
    }

    @Test
    void shouldRefuseWhenSizesMakeNoSense() {
        for (final int[] shape : new int[][] {{0, 1}, {-64, 1}, {100, 1}, {64, 0}, {64, -1}}) {
            assertThatThrownBy(
                () -> new BufferPool("bad", iommu.domain(), MemoryKind.ANONYMOUS, shape[0], shape[1]))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("pool bad");
        }
    }

    private static Throwable failureElsewhere(final Runnable act) throws InterruptedException {
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final Thread thread = Thread.ofPlatform().start(() -> {
            try {
                act.run();
            } catch (final RuntimeException refused) {
                failure.set(refused);
            }
        });
        thread.join();
        return failure.get();
    }
}
