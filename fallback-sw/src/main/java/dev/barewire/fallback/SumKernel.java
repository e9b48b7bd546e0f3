package dev.barewire.fallback;

import java.lang.foreign.MemorySegment;

/**
 * The inner loop of the Internet checksum. All kernels give the same sum, bit for bit: 0 only where every byte is 0.
 */
interface SumKernel {
    /**
     * Adds up a range as big-endian 16-bit words, the first byte being the high half of the first word; an odd last byte
     * is followed by a zero.
     *
     * @param memory the memory
     * @param offset where the range starts in it, at any alignment
     * @param length its length in bytes
     * @return the one's complement sum, 0 to 65535
     */
    int sum(MemorySegment memory, long offset, int length);

    /**
     * What it is, for people.
     *
     * @return such as {@code scalar, 64 bits}
     */
    String describe();
}
