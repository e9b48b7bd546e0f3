package dev.barewire.fallback;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Chooses a {@link SumKernel} at start. Having vectors is not enough: until the JVM has compiled it, the vector kernel
 * takes a hundred times as long as the scalar one and allocates for every load, and on an emulated CPU it may never get
 * ahead. So the two race, and traffic sees vectors only where they have won.
 */
final class SumKernels {
    /** How long vectors may take to win: they need some 0.3 s on a free core, and a start that waits longer is noticed. */
    private static final long PATIENCE_NANOS = 1_000_000_000;
    /** Odd and even, short and jumbo: what is compiled shall not be thrown away at the first frame of another size. */
    private static final int[] LENGTHS = {20, 64, 131, 576, 1460, 1472, 4097, 9000};
    private static final int ALIGNMENTS = 64;

    private SumKernels() {
    }

    /** The faster one. */
    static SumKernel best() {
        final SumKernel scalar = new ScalarKernel();
        return vector().filter(vector -> winsWithin(PATIENCE_NANOS, vector, scalar)).orElse(scalar);
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

    /** Whether one round of the challenger becomes shorter than every round of the holder so far, with the same sums. */
    static boolean winsWithin(final long nanos, final SumKernel challenger, final SumKernel holder) {
        // Global, as mapped memory is: with another arena's segments what was compiled would be thrown away at once.
        final MemorySegment memory = Arena.global().allocate(LENGTHS[LENGTHS.length - 1] + ALIGNMENTS);
        memory.fill((byte) 0xB5);
        final long start = System.nanoTime();
        long now = start;
        long shortest = Long.MAX_VALUE;
        for (int round = 0; now - start < nanos; round++) {
            final int expected = sumAll(holder, memory, round % ALIGNMENTS);
            final long between = System.nanoTime();
            shortest = Math.min(shortest, between - now);
            final int sums = sumAll(challenger, memory, round % ALIGNMENTS);
            now = System.nanoTime();
            if (sums != expected) {
                return false;
            }
            if (now - between < shortest) {
                return true;
            }
        }
        return false;
    }

    private static int sumAll(final SumKernel kernel, final MemorySegment memory, final int offset) {
        int sums = 0;
        for (final int length : LENGTHS) {
            sums = 31 * sums + kernel.sum(memory, offset, length);
        }
        return sums;
    }
}
