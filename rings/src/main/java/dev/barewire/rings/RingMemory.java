package dev.barewire.rings;

import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.Region;
import java.lang.invoke.VarHandle;

/**
 * The range of a region that a ring lies in. Every access of a ring to memory that the card shares goes through here,
 * which is how tests see their order: they record it in a subclass. Where none is loaded the calls are bound statically
 * and inlined. Offsets are bytes from the start of the ring; values are little-endian.
 */
public class RingMemory {
    private final MappedMemory memory;
    private final long base;
    private final long iova;
    private final int bytes;

    /**
     * Takes a range.
     *
     * @param region    a region that the card may read and write
     * @param offset    where the range starts
     * @param bytes     its length
     * @param alignment what its IOVA must be a multiple of
     */
    public RingMemory(final Region region, final long offset, final int bytes, final int alignment) {
        this.memory = region.memory();
        this.base = offset;
        this.iova = region.iova(offset, bytes);
        this.bytes = bytes;
        if (iova % alignment != 0 || offset % Long.BYTES != 0) {
            throw new IllegalArgumentException("a ring must start at a multiple of " + alignment + ", not at IOVA 0x"
                + Long.toHexString(iova) + " (offset " + offset + " of " + memory + ")");
        }
    }

    /**
     * Where the card finds it: what goes into its base registers.
     *
     * @return the IOVA of its first byte
     */
    public final long iova() {
        return iova;
    }

    /**
     * Its length.
     *
     * @return bytes
     */
    public final int bytes() {
        return bytes;
    }

    /** Sets all of it to 0. */
    public void clear() {
        memory.clear(base, bytes);
    }

    /**
     * Reads 64 bits.
     *
     * @param offset where
     * @return the value
     */
    public long getLong(final int offset) {
        return memory.getLong(base + offset);
    }

    /**
     * Writes 64 bits.
     *
     * @param offset where
     * @param value  the value
     */
    public void putLong(final int offset, final long value) {
        memory.putLong(base + offset, value);
    }

    /**
     * Writes 64 bits after all earlier stores.
     *
     * @param offset where, a multiple of 8
     * @param value  the value
     */
    public void putLongRelease(final int offset, final long value) {
        memory.putLongRelease(base + offset, value);
    }

    /**
     * Reads 8 bits before all later loads.
     *
     * @param offset where
     * @return the byte
     */
    public byte getByteAcquire(final int offset) {
        return memory.getByteAcquire(base + offset);
    }

    /**
     * Reads 32 bits.
     *
     * @param offset where
     * @return the value
     */
    public int getInt(final int offset) {
        return memory.getInt(base + offset);
    }

    /**
     * Writes 32 bits.
     *
     * @param offset where
     * @param value  the value
     */
    public void putInt(final int offset, final int value) {
        memory.putInt(base + offset, value);
    }

    /**
     * Reads 32 bits before all later loads.
     *
     * @param offset where, a multiple of 4
     * @return the value
     */
    public int getIntAcquire(final int offset) {
        return memory.getIntAcquire(base + offset);
    }

    /**
     * Writes 32 bits after all earlier stores.
     *
     * @param offset where, a multiple of 4
     * @param value  the value
     */
    public void putIntRelease(final int offset, final int value) {
        memory.putIntRelease(base + offset, value);
    }

    /**
     * Reads 16 bits.
     *
     * @param offset where
     * @return the value
     */
    public short getShort(final int offset) {
        return memory.getShort(base + offset);
    }

    /**
     * Writes 16 bits.
     *
     * @param offset where
     * @param value  the value
     */
    public void putShort(final int offset, final short value) {
        memory.putShort(base + offset, value);
    }

    /**
     * Reads 16 bits before all later loads.
     *
     * @param offset where, a multiple of 2
     * @return the value
     */
    public short getShortAcquire(final int offset) {
        return memory.getShortAcquire(base + offset);
    }

    /**
     * Writes 16 bits after all earlier stores.
     *
     * @param offset where, a multiple of 2
     * @param value  the value
     */
    public void putShortRelease(final int offset, final short value) {
        memory.putShortRelease(base + offset, value);
    }

    /**
     * Writes 8 bits.
     *
     * @param offset where
     * @param value  the byte
     */
    public void putByte(final int offset, final byte value) {
        memory.putByte(base + offset, value);
    }

    /** Lets no later load pass an earlier store: before the other side's wish not to be told is read. */
    public void fullFence() {
        VarHandle.fullFence();
    }
}
