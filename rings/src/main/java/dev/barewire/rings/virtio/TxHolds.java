package dev.barewire.rings.virtio;

import dev.barewire.dma.Buffer;
import java.util.Arrays;

/** The holds of the frames that a device has: a list of buffers for each chain, all lists in the same arrays. */
final class TxHolds {
    private static final int NONE = -1;

    private final Buffer[] buffers;
    private final int[] next;
    private final int[] first;
    private int free;

    /**
     * Makes room.
     *
     * @param chains   how many lists
     * @param capacity how many buffers in all
     */
    TxHolds(final int chains, final int capacity) {
        buffers = new Buffer[capacity];
        next = new int[capacity];
        first = new int[chains];
        Arrays.fill(first, NONE);
        for (int i = 0; i < capacity; i++) {
            next[i] = i + 1 == capacity ? NONE : i + 1;
        }
    }

    void add(final int chain, final Buffer buffer) {
        final int at = free;
        free = next[at];
        buffers[at] = buffer;
        next[at] = first[chain];
        first[chain] = at;
    }

    void release(final int chain) {
        int at = first[chain];
        first[chain] = NONE;
        while (at != NONE) {
            final Buffer buffer = buffers[at];
            final int following = next[at];
            buffers[at] = null;
            next[at] = free;
            free = at;
            at = following;
            buffer.moveTo(Buffer.Place.APPLICATION);
            buffer.release();
        }
    }
}
