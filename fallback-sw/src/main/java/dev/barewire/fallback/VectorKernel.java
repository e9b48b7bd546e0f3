package dev.barewire.fallback;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * As many bytes at a time as the CPU's vectors hold, by the same arithmetic as {@link ScalarKernel}. Loaded by name, and
 * only where the incubating module is in the boot layer; nothing else may mention it.
 */
final class VectorKernel implements SumKernel {
    private static final VectorSpecies<Byte> SPECIES = ByteVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Long> LANES = LongVector.SPECIES_PREFERRED;
    private static final int STEP = SPECIES.length();
    private static final long LOW_HALF = 0xFFFF_FFFFL;

    private final ScalarKernel rest = new ScalarKernel();

    VectorKernel() {
    }

    @Override
    public int sum(final MemorySegment memory, final long offset, final int length) {
        if (length < 2 * STEP) {
            return rest.sum(memory, offset, length);
        }
        LongVector low = LongVector.zero(LANES);
        LongVector high = LongVector.zero(LANES);
        int i = 0;
        for (; i <= length - STEP; i += STEP) {
            final LongVector words =
                ByteVector.fromMemorySegment(SPECIES, memory, offset + i, ByteOrder.LITTLE_ENDIAN).reinterpretAsLongs();
            low = low.add(words.and(LOW_HALF));
            high = high.add(words.lanewise(VectorOperators.LSHR, 32));
        }
        final int vectors = ScalarKernel.fold(low.add(high).reduceLanes(VectorOperators.ADD));
        return InternetChecksum.fold(vectors + rest.sum(memory, offset + i, length - i));
    }

    @Override
    public String describe() {
        return "vector, " + SPECIES.vectorBitSize() + " bits";
    }
}
