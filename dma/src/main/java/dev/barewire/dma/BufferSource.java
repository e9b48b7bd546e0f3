package dev.barewire.dma;

/** Where a receive queue gets its buffers from: a {@link BufferPool}, or what an application posted. */
public interface BufferSource {
    /**
     * Takes a buffer; the caller is its sole holder. Called by the thread that owns the queue.
     *
     * @return a buffer, or null when there is none now
     */
    Buffer take();

    /**
     * The length that every buffer has at least.
     *
     * @return bytes
     */
    int bufferSize();
}
