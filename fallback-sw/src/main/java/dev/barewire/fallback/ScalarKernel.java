package dev.barewire.fallback;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Eight bytes at a time in ordinary registers. A one's complement sum does not care in which byte order its words are
 * read, so long as the result is swapped with them (RFC 1071, 2 B); and 64-bit words may be added as two halves each,
 * since 2^16 is 1 modulo 65535 (2 C).
 */
final class ScalarKernel implements SumKernel {
    private static final ValueLayout.OfLong LONG =
        ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_HALF = 0xFFFF_FFFFL;

    @Override
    public int sum(final MemorySegment memory, final long offset, final int length) {
        long even = 0;
        long odd = 0;
        int i = 0;
        for (; i <= length - 2 * Long.BYTES; i += 2 * Long.BYTES) {
            final long first = memory.get(LONG, offset + i);
            final long second = memory.get(LONG, offset + i + Long.BYTES);
            even += (first & LOW_HALF) + (second & LOW_HALF);
            odd += (first >>> 32) + (second >>> 32);
        }
        return fold(even + odd + tail(memory, offset + i, length - i));
    }

    /** Adds up what is left, fewer than 16 bytes, byte by byte into little-endian words. */
    private static long tail(final MemorySegment memory, final long offset, final int length) {
        long sum = 0;
        int i = 0;
        if (length >= Long.BYTES) {
            final long word = memory.get(LONG, offset);
            sum = (word & LOW_HALF) + (word >>> 32);
            i = Long.BYTES;
        }
        for (; i < length; i++) {
            sum += (long) (memory.get(ValueLayout.JAVA_BYTE, offset + i) & 0xFF) << ((i & 1) * Byte.SIZE);
        }
        return sum;
    }

    /** Folds a sum of little-endian words, of which there were fewer than 2^31, to 16 bits in big-endian order. */
    static int fold(final long sum) {
        final long to33 = (sum & LOW_HALF) + (sum >>> 32);
        final long to17 = (to33 & 0xFFFF) + (to33 >>> 16 & 0xFFFF) + (to33 >>> 32);
        final int to16 = InternetChecksum.fold((int) to17);
        return Short.toUnsignedInt(Short.reverseBytes((short) to16));
    }

    @Override
    public String describe() {
        return "scalar, 64 bits";
    }
}
