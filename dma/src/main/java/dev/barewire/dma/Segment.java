package dev.barewire.dma;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A reusable view of a range of a {@link Buffer}: what an application reads headers and payload through.
 *
 * <p>Every access checks the bounds, the CPU's rights and the generation, so that a view of a buffer that has gone back
 * to its pool fails with {@link IllegalStateException} at the next access. Indexes are bytes from the start of the
 * range; values of several bytes are in network byte order. Looking allocates and copies nothing.
 */
public final class Segment {
    private Buffer buffer;
    private MappedMemory memory;
    private long base;
    private int length;
    private int generation;
    private boolean writable;

    /** Makes a view of nothing. */
    public Segment() {
    }

    /**
     * Looks at a range.
     *
     * @param target   the buffer, which somebody holds
     * @param offset   where the range starts in it
     * @param bytes    its length
     * @param canWrite whether writing through this view is allowed
     * @return this
     * @throws IllegalStateException if nobody holds the buffer
     */
    public Segment wrap(final Buffer target, final int offset, final int bytes, final boolean canWrite) {
        if (offset < 0 || bytes < 0 || offset > target.capacity() - bytes) {
            throw new IndexOutOfBoundsException("no " + bytes + " bytes at " + offset + " of buffer " + target
                + ", which has " + target.capacity());
        }
        if (target.holders() <= 0) {
            throw new IllegalStateException("cannot look at buffer " + target + ", which was released");
        }
        buffer = target;
        memory = target.memory();
        base = target.base() + offset;
        length = bytes;
        generation = target.generation();
        writable = canWrite;
        return this;
    }

    /**
     * Its length.
     *
     * @return bytes
     */
    public int length() {
        return length;
    }

    /**
     * The buffer that it looks at.
     *
     * @return the buffer
     */
    public Buffer buffer() {
        return buffer;
    }

    /**
     * Where its first byte lies in the buffer.
     *
     * @return bytes from the buffer's start
     */
    public int offset() {
        return (int) (base - buffer.base());
    }

    /**
     * Whether it may be written through.
     *
     * @return false for a header
     */
    public boolean isWritable() {
        return writable;
    }

    /**
     * Where a card finds its first byte.
     *
     * @return an IOVA
     */
    public long iova() {
        return buffer.iova() + offset();
    }

    /**
     * The escape to Agrona, for codecs that work on its buffers: no copy, no allocation. What it gives is valid until
     * the buffer is released, which nothing checks.
     *
     * @param target what to point at this range
     * @return the target, to be read only
     * @throws IllegalStateException if the buffer was released
     */
    public DirectBuffer asDirectBuffer(final UnsafeBuffer target) {
        if (buffer == null || buffer.generation() != generation) {
            throw refuse("read", 0, length);
        }
        memory.wrap(target, base, length);
        return target;
    }

    /**
     * The escape to Agrona for a range that may be written.
     *
     * @param target what to point at this range
     * @return the target
     * @throws UnsupportedOperationException if this view is read-only
     */
    public MutableDirectBuffer asMutableDirectBuffer(final UnsafeBuffer target) {
        if (!writable) {
            throw refuse("write", 0, length);
        }
        asDirectBuffer(target);
        return target;
    }

    /**
     * Reads 8 bits.
     *
     * @param index where
     * @return the byte
     */
    public byte getByte(final int index) {
        return memory.getByte(readable(index, Byte.BYTES));
    }

    /**
     * Reads 16 bits.
     *
     * @param index where
     * @return the value, from network byte order
     */
    public short getShort(final int index) {
        return memory.getShortNetworkOrder(readable(index, Short.BYTES));
    }

    /**
     * Reads 32 bits.
     *
     * @param index where
     * @return the value, from network byte order
     */
    public int getInt(final int index) {
        return memory.getIntNetworkOrder(readable(index, Integer.BYTES));
    }

    /**
     * Reads 64 bits.
     *
     * @param index where
     * @return the value, from network byte order
     */
    public long getLong(final int index) {
        return memory.getLongNetworkOrder(readable(index, Long.BYTES));
    }

    /**
     * Writes 8 bits.
     *
     * @param index where
     * @param value the byte
     */
    public void putByte(final int index, final byte value) {
        memory.putByte(writable(index, Byte.BYTES), value);
    }

    /**
     * Writes 16 bits.
     *
     * @param index where
     * @param value the value, to network byte order
     */
    public void putShort(final int index, final short value) {
        memory.putShortNetworkOrder(writable(index, Short.BYTES), value);
    }

    /**
     * Writes 32 bits.
     *
     * @param index where
     * @param value the value, to network byte order
     */
    public void putInt(final int index, final int value) {
        memory.putIntNetworkOrder(writable(index, Integer.BYTES), value);
    }

    /**
     * Writes 64 bits.
     *
     * @param index where
     * @param value the value, to network byte order
     */
    public void putLong(final int index, final long value) {
        memory.putLongNetworkOrder(writable(index, Long.BYTES), value);
    }

    private long readable(final int index, final int width) {
        if (index < 0 || index > length - width || buffer.generation() != generation) {
            throw refuse("read", index, width);
        }
        return base + index;
    }

    private long writable(final int index, final int width) {
        if (!writable || index < 0 || index > length - width || buffer.generation() != generation) {
            throw refuse("write", index, width);
        }
        return base + index;
    }

    private RuntimeException refuse(final String access, final int index, final int width) {
        if (buffer == null) {
            return new IllegalStateException("cannot " + access + ": this view looks at nothing yet");
        }
        if (buffer.generation() != generation) {
            return new IllegalStateException("cannot " + access + ": buffer " + buffer + " was released");
        }
        if (access.equals("write") && !writable) {
            return new UnsupportedOperationException("cannot write: this view is read-only");
        }
        return new IndexOutOfBoundsException(
            "cannot " + access + " " + width + " bytes at " + index + " of " + length);
    }
}
