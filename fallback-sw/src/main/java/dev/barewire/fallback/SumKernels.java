package dev.barewire.fallback;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Chooses a {@link SumKernel}. Having vectors is not enough: until the JVM has compiled it, the vector kernel takes a
 * hundred times as long as the scalar one and allocates for every load, and on an emulated CPU it may never get ahead. So
 * traffic starts with the scalar kernel, the two race in the background, and vectors take over where they have won.
 */
final class SumKernels {
    /** A start needs all cores for itself; no stream of frames is worth summing faster before it is over. */
    private static final long HEAD_START_MILLIS = 1000;
    /** How long vectors may take to win: they need some 0.3 s on a free core. */
    private static final long PATIENCE_NANOS = 1_000_000_000;
    /** Rounds in a row that a winner has won: one may be luck. */
    private static final int STREAK = 64;
    /** Odd and even, short and jumbo: what is compiled shall not be thrown away at the first frame of another size. */
    private static final int[] LENGTHS = {20, 64, 131, 576, 1460, 1472, 4097, 9000};
    private static final int ALIGNMENTS = 64;

    /** Global, as mapped memory is: with another arena's segments what was compiled would be thrown away at once. */
    private final MemorySegment memory =
        Arena.global().allocate(LENGTHS[LENGTHS.length - 1] + ALIGNMENTS).fill((byte) 0xB5);
    private final LongSupplier nanos;
    private final LongSupplier allocated;

    /**
     * A race course.
     *
     * @param nanos     the time
     * @param allocated bytes that the calling thread has allocated so far
     */
    SumKernels(final LongSupplier nanos, final LongSupplier allocated) {
        this.nanos = nanos;
        this.allocated = allocated;
    }

    /** The scalar one, at once; where the JVM has vectors, one that goes over to them if they win. */
    static SumKernel best() {
        final SumKernel scalar = new ScalarKernel();
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return scalar;
        }
        final RacedKernel raced = new RacedKernel(scalar);
        Thread.ofPlatform().daemon().name("barewire-checksum-race").start(() -> race(raced, scalar));
        return raced;
    }

    private static void race(final RacedKernel raced, final SumKernel scalar) {
        try {
            Thread.sleep(HEAD_START_MILLIS);
        } catch (final InterruptedException unwanted) {
            return;
        }
        if (ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads && threads.isThreadAllocatedMemoryEnabled()) {
            final SumKernels course = new SumKernels(System::nanoTime, threads::getCurrentThreadAllocatedBytes);
            vector().filter(vector -> course.wins(vector, scalar, PATIENCE_NANOS)).ifPresent(raced::choose);
        }
    }

    /** The vector kernel, where the JVM was started with {@code --add-modules jdk.incubator.vector}. */
    static Optional<SumKernel> vector() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of((SumKernel) Class.forName("dev.barewire.fallback.VectorKernel")
                .getDeclaredConstructor().newInstance());
        } catch (final ReflectiveOperationException | LinkageError refused) {
            System.getLogger(SumKernels.class.getName()).log(System.Logger.Level.INFO,
                "checksums are summed without vectors: " + refused);
            return Optional.empty();
        }
    }

    /**
     * Whether {@value #STREAK} rounds of the challenger in a row become shorter than every round of the holder so far,
     * with the same sums and with nothing allocated.
     *
     * @param patience nanoseconds after which the holder has won
     */
    boolean wins(final SumKernel challenger, final SumKernel holder, final long patience) {
        final long start = nanos.getAsLong();
        long now = start;
        long shortest = Long.MAX_VALUE;
        int streak = 0;
        for (int round = 0; now - start < patience && streak < STREAK; round++) {
            final long beforeHolder = nanos.getAsLong();
            final int expected = sumAll(holder, round % ALIGNMENTS);
            shortest = Math.min(shortest, nanos.getAsLong() - beforeHolder);
            final long bytes = allocated.getAsLong();
            final long beforeChallenger = nanos.getAsLong();
            final int sums = sumAll(challenger, round % ALIGNMENTS);
            now = nanos.getAsLong();
            if (sums != expected) {
                return false;
            }
            streak = now - beforeChallenger < shortest && allocated.getAsLong() == bytes ? streak + 1 : 0;
        }
        return streak == STREAK;
    }

    private int sumAll(final SumKernel kernel, final int offset) {
        int sums = 0;
        for (final int length : LENGTHS) {
            sums = 31 * sums + kernel.sum(memory, offset, length);
        }
        return sums;
    }
}
