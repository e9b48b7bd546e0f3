package dev.barewire.fallback;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.CopySite;
import dev.barewire.dma.SegmentList;
import java.util.Objects;

/**
 * Header fields anywhere in a frame, in network byte order, also where they straddle segments. Offsets are bytes from the
 * frame's first; one outside the frame fails with {@link IndexOutOfBoundsException}.
 */
public final class FrameBytes {
    private FrameBytes() {
    }

    /**
     * Reads 8 bits.
     *
     * @param frame the frame
     * @param at    where
     * @return the value, 0 to 255
     */
    public static int u8(final SegmentList frame, final int at) {
        int left = Objects.checkIndex(at, frame.bytes());
        int index = 0;
        while (left >= frame.length(index)) {
            left -= frame.length(index++);
        }
        final Buffer buffer = frame.buffer(index);
        return buffer.memory().getByte(buffer.base() + frame.offset(index) + left) & 0xFF;
    }

    /**
     * Reads 16 bits.
     *
     * @param frame the frame
     * @param at    where
     * @return the value, 0 to 65535
     */
    public static int u16(final SegmentList frame, final int at) {
        if (inFirst(frame, at, Short.BYTES)) {
            final Buffer first = frame.buffer(0);
            return first.memory().getShortNetworkOrder(first.base() + frame.offset(0) + at) & 0xFFFF;
        }
        return u8(frame, at) << 8 | u8(frame, at + 1);
    }

    /**
     * Reads 32 bits.
     *
     * @param frame the frame
     * @param at    where
     * @return the value, as a signed int
     */
    public static int i32(final SegmentList frame, final int at) {
        return u16(frame, at) << 16 | u16(frame, at + 2);
    }

    /**
     * Writes 8 bits.
     *
     * @param frame the frame
     * @param at    where
     * @param value its low 8 bits count
     */
    public static void put8(final SegmentList frame, final int at, final int value) {
        int left = Objects.checkIndex(at, frame.bytes());
        int index = 0;
        while (left >= frame.length(index)) {
            left -= frame.length(index++);
        }
        final Buffer buffer = frame.buffer(index);
        buffer.memory().putByte(buffer.base() + frame.offset(index) + left, (byte) value);
    }

    /**
     * Writes 16 bits.
     *
     * @param frame the frame
     * @param at    where
     * @param value its low 16 bits count
     */
    public static void put16(final SegmentList frame, final int at, final int value) {
        if (inFirst(frame, at, Short.BYTES)) {
            final Buffer first = frame.buffer(0);
            first.memory().putShortNetworkOrder(first.base() + frame.offset(0) + at, (short) value);
        } else {
            put8(frame, at, value >>> 8);
            put8(frame, at + 1, value);
        }
    }

    /**
     * Writes 32 bits.
     *
     * @param frame the frame
     * @param at    where
     * @param value the value
     */
    public static void put32(final SegmentList frame, final int at, final int value) {
        put16(frame, at, value >>> 16);
        put16(frame, at + 2, value);
    }

    /**
     * Sets the end of a frame to 0.
     *
     * @param frame the frame
     * @param from  its first byte that is cleared
     */
    public static void clear(final SegmentList frame, final int from) {
        int start = 0;
        for (int i = 0; i < frame.count(); i++) {
            final int kept = Math.clamp(from - (long) start, 0, frame.length(i));
            if (kept < frame.length(i)) {
                final Buffer buffer = frame.buffer(i);
                buffer.memory().clear(buffer.base() + frame.offset(i) + kept, frame.length(i) - kept);
            }
            start += frame.length(i);
        }
    }

    /** Gathers a range of a frame into one buffer. */
    static void gather(final SegmentList frame, final int from, final int length, final Buffer target, final int to,
        final CopySite site) {
        int start = 0;
        for (int i = 0; i < frame.count() && start < from + length; i++) {
            final int end = start + frame.length(i);
            final int first = Math.max(start, from);
            final int bytes = Math.min(end, from + length) - first;
            if (bytes > 0) {
                site.copy(frame.buffer(i), frame.offset(i) + first - start, target, to + first - from, bytes);
            }
            start = end;
        }
    }

    private static boolean inFirst(final SegmentList frame, final int at, final int width) {
        return at >= 0 && at <= frame.length(0) - width;
    }
}
