package dev.barewire.testkit.model;

import dev.barewire.dma.MappedMemory;
import org.agrona.concurrent.UnsafeBuffer;

/** A mapping as Agrona's buffers, whose indexes have only 31 bits: windows of 1 GiB that overlap by the longest access. */
final class BufferWindows {
    /** The most bytes that may be reached through one window. */
    static final int LONGEST = 1 << 21;

    private static final int SHIFT = 30;
    private static final long MASK = (1L << SHIFT) - 1;

    private final UnsafeBuffer[] windows;

    BufferWindows(final MappedMemory memory) {
        windows = new UnsafeBuffer[(int) ((memory.size() - 1 >>> SHIFT) + 1)];
        for (int i = 0; i < windows.length; i++) {
            final long start = (long) i << SHIFT;
            windows[i] = new UnsafeBuffer(new byte[0]);
            memory.wrap(windows[i], start, (int) Math.min(memory.size() - start, MASK + 1 + LONGEST));
        }
    }

    UnsafeBuffer window(final long offset) {
        return windows[(int) (offset >>> SHIFT)];
    }

    int index(final long offset) {
        return (int) (offset & MASK);
    }
}
