package dev.barewire.testkit.model.intel;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The card's packet buffer: where frames wait for descriptors (13.4.5 says how large it is). */
final class ReceiveFifo {
    private static final int RECORD = 24;
    private static final int LENGTH = 0;
    private static final int FINDINGS = 4;
    private static final int QUEUE = 8;
    private static final int HEADER = 12;
    private static final int HASH_TYPE = 16;
    private static final int HASH = 20;

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
    boolean add(final DirectBuffer frame, final int offset, final int length, final FrameFacts facts) {
        final int needed = taken(length);
        if (needed > capacity - used) {
            return false;
        }
        if (needed > bytes.capacity() - end) {
            bytes.putBytes(0, bytes, start, used);
            start = 0;
            end = used;
        }
        bytes.putInt(end + LENGTH, length);
        bytes.putInt(end + FINDINGS, facts.findings);
        bytes.putInt(end + QUEUE, facts.queue);
        bytes.putInt(end + HEADER, facts.headerLength);
        bytes.putInt(end + HASH_TYPE, facts.hashType);
        bytes.putInt(end + HASH, facts.hash);
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

    void frameFacts(final FrameFacts facts) {
        facts.findings = bytes.getInt(start + FINDINGS);
        facts.queue = bytes.getInt(start + QUEUE);
        facts.headerLength = bytes.getInt(start + HEADER);
        facts.hashType = bytes.getInt(start + HASH_TYPE);
        facts.hash = bytes.getInt(start + HASH);
    }

    void remove() {
        final int taken = taken(frameLength());
        start += taken;
        used -= taken;
    }

    private static int taken(final int length) {
        return RECORD + length + 7 & ~7;
    }

    void clear() {
        start = 0;
        end = 0;
        used = 0;
    }
}
