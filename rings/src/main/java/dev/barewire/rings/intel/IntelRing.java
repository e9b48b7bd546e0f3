package dev.barewire.rings.intel;

import dev.barewire.dma.DmaAccess;
import dev.barewire.dma.Region;
import dev.barewire.rings.RingMemory;

/**
 * What Intel's cards ask of the memory of a ring in either direction (manual 317453, sections 3.2.6 and 3.4; datasheet
 * 317694, section 7.1.8).
 */
final class IntelRing {
    /** What head and tail registers count, whatever a descriptor's size. */
    static final int UNIT_BYTES = 16;

    private static final int ALIGNMENT = 16;
    /** The length registers count in units of 128 bytes. */
    private static final int SIZE_UNIT = 8;
    private static final int MAX_SIZE = 4096;

    private IntelRing() {
    }

    static RingMemory memory(final Region region, final long offset, final int size, final int descriptorBytes) {
        if (size < SIZE_UNIT || size > MAX_SIZE || size % SIZE_UNIT != 0) {
            throw new IllegalArgumentException("a ring has a multiple of " + SIZE_UNIT + " descriptors from "
                + SIZE_UNIT + " to " + MAX_SIZE + ", not " + size);
        }
        if (region.access() != DmaAccess.READ_WRITE) {
            throw new IllegalArgumentException("the card must write to a ring, but may only read " + region.memory());
        }
        return new RingMemory(region, offset, size * descriptorBytes, ALIGNMENT);
    }
}
