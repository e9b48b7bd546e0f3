package dev.barewire.rings.intel;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.BufferSource;

/** A source that runs dry after so many buffers. */
final class Limited implements BufferSource {
    private final BufferPool pool;
    private int left;

    Limited(final BufferPool pool, final int count) {
        this.pool = pool;
        this.left = count;
    }

    @Override
    public Buffer take() {
        return left-- > 0 ? pool.take() : null;
    }

    @Override
    public int bufferSize() {
        return pool.bufferSize();
    }
}
