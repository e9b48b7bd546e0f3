package dev.barewire.dma;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.ManyToManyConcurrentArrayQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An owner takes, stamps and lends; other threads look, pass on and release. Nothing may be lost or given twice. */
@Timeout(120)
class BufferPoolStressTest {
    private static final long SEED = 20_240_607;
    private static final int OPERATIONS = 1_000_000;
    private static final int RELEASERS = 3;
    private static final int COUNT = 61;

    private final BufferPool pool = new BufferPool("stress", new FakeIommu().domain(), MemoryKind.ANONYMOUS, 64, COUNT);
    private final ManyToManyConcurrentArrayQueue<Buffer> passed = new ManyToManyConcurrentArrayQueue<>(4 * COUNT);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicLong released = new AtomicLong();
    private volatile boolean ended;

    @Test
    void shouldLoseNothingWhenOtherThreadsReleaseAtRandom() throws InterruptedException {
        final List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < RELEASERS; i++) {
            final Random random = new Random(SEED + i);
            threads.add(Thread.ofPlatform().start(() -> releaseUntilEnded(random)));
        }

        final long holds = takeAndLend(new Random(SEED));
        ended = true;
        for (final Thread thread : threads) {
            thread.join();
        }

        assertThat(failure.get()).isNull();
        assertThat(released.get()).isEqualTo(holds);
        assertThat(pool.outstanding()).isZero();
        assertThat(pool.doubleReleases()).isZero();
        pool.close();
    }

    /** Returns how many holds it gave away. */
    private long takeAndLend(final Random random) {
        long holds = 0;
        for (int taken = 0; taken < OPERATIONS && failure.get() == null; ) {
            final Buffer buffer = pool.take();
            if (buffer == null) {
                Thread.onSpinWait();
                continue;
            }
            taken++;
            stamp(buffer, taken);
            if (random.nextInt(4) == 0) {
                buffer.release();
                continue;
            }
            final int lends = random.nextInt(3);
            for (int i = 0; i < lends; i++) {
                buffer.hold();
            }
            for (int i = 0; i <= lends; i++) {
                holds++;
                pass(buffer);
            }
        }
        return holds;
    }

    private void pass(final Buffer buffer) {
        while (!passed.offer(buffer)) {
            Thread.onSpinWait();
        }
    }

    /** Writes the same number at both ends, so that a reader sees whether another taker wrote meanwhile. */
    private static void stamp(final Buffer buffer, final long number) {
        buffer.memory().putLong(buffer.base(), number);
        buffer.memory().putLong(buffer.base() + buffer.capacity() - Long.BYTES, number);
    }

    private static boolean isWhole(final Buffer buffer, final long number) {
        return buffer.memory().getLong(buffer.base()) == number
            && buffer.memory().getLong(buffer.base() + buffer.capacity() - Long.BYTES) == number;
    }

    private void releaseUntilEnded(final Random random) {
        try {
            for (;;) {
                final boolean last = ended;
                final Buffer buffer = passed.poll();
                if (buffer != null) {
                    look(buffer, random);
                    buffer.release();
                    released.incrementAndGet();
                } else if (last) {
                    return;
                }
            }
        } catch (final Throwable thrown) {
            failure.compareAndSet(null, thrown);
        }
    }

    private static void look(final Buffer buffer, final Random random) {
        final long number = buffer.memory().getLong(buffer.base());
        if (random.nextInt(4) == 0) {
            buffer.hold();
            buffer.release();
        }
        if (!isWhole(buffer, number)) {
            throw new AssertionError("buffer " + buffer + " was given twice");
        }
    }
}
