package dev.barewire.testkit.wrap;

import dev.barewire.dma.SegmentList;
import dev.barewire.rings.TxRequest;

/** Frames that are kept from going on until their time has come, or enough others have passed. All made at set-up. */
final class HeldFrames {
    private final Frame[] held;
    private int count;

    HeldFrames(final int capacity) {
        held = new Frame[capacity];
    }

    /** A frame of either direction, with the holds on its buffers. */
    static final class Frame {
        final SegmentList segments;
        final TxRequest request = new TxRequest();
        /** A received frame's flags, those of its last descriptor, its VLAN tag and its hash. */
        int flags;
        int vlan;
        int hash;
        int checksumStart;
        int checksumOffset;
        int mss;
        /** The first segment of a received frame is in a buffer for headers; and whether the card cut where the header ends. */
        boolean hasHeader;
        boolean isSplit;
        /** A sent frame's number. */
        long number;
        private long dueFrame;
        private long dueNanos;

        Frame(final int segments) {
            this.segments = new SegmentList(segments);
        }

        private boolean isDue(final long passed, final long nowNanos) {
            return dueFrame - passed <= 0 || dueNanos - nowNanos <= 0;
        }
    }

    boolean isFull() {
        return count == held.length;
    }

    int count() {
        return count;
    }

    /**
     * Keeps a frame.
     *
     * @param frame    which
     * @param dueFrame goes on when so many have passed
     * @param dueNanos or when it is so late
     */
    void add(final Frame frame, final long dueFrame, final long dueNanos) {
        frame.dueFrame = dueFrame;
        frame.dueNanos = dueNanos;
        held[count++] = frame;
    }

    /** The first that is due, which stays here; null if none is. */
    Frame due(final long passed, final long nowNanos) {
        for (int i = 0; i < count; i++) {
            if (held[i].isDue(passed, nowNanos)) {
                return held[i];
            }
        }
        return null;
    }

    /** Takes a frame out. */
    void remove(final Frame frame) {
        int at = 0;
        while (held[at] != frame) {
            at++;
        }
        count--;
        System.arraycopy(held, at + 1, held, at, count - at);
        held[count] = null;
    }

    /** Takes the oldest out, due or not; null if there is none. */
    Frame removeFirst() {
        if (count == 0) {
            return null;
        }
        final Frame first = held[0];
        remove(first);
        return first;
    }
}
