package dev.barewire.testkit.model.intel;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The card's packet buffer: where frames wait for descriptors (13.4.5 says how large it is). */
final class ReceiveFifo {
    private static final int RECORD = 8;
    private static final int LENGTH = 0;
    private static final int FINDINGS = 4;

    private final UnsafeBuffer bytes;
    private final int capacity;
    private int start;
    private int end;
    private int used;

    ReceiveFifo(final int capacity) {
        this.capacity = capacity;
        bytes = new UnsafeBuffer(new byte[2 * capacity]);
    }

    boolean isEmpty() {
        return used == 0;
    }

    /** Adds a frame; false if there is no room. */
    boolean add(final DirectBuffer frame, final int offset, final int length, final int findings) {
        final int needed = RECORD + length + 7 & ~7;
        if (needed > capacity - used) {
            return false;
        }
        if (needed > bytes.capacity() - end) {
            bytes.putBytes(0, bytes, start, used);
            start = 0;
            end = used;
        }
        bytes.putInt(end + LENGTH, length);
        bytes.putInt(end + FINDINGS, findings);
        bytes.putBytes(end + RECORD, frame, offset, length);
        end += needed;
        used += needed;
        return true;
    }

    /** The first frame's bytes lie here, from {@link #frameOffset()}. */
    DirectBuffer buffer() {
        return bytes;
    }

    int frameOffset() {
        return start + RECORD;
    }

    int frameLength() {
        return bytes.getInt(start + LENGTH);
    }

    int frameFindings() {
        return bytes.getInt(start + FINDINGS);
    }

    void remove() {
        final int taken = RECORD + frameLength() + 7 & ~7;
        start += taken;
        used -= taken;
    }

    void clear() {
        start = 0;
        end = 0;
        used = 0;
    }
}
