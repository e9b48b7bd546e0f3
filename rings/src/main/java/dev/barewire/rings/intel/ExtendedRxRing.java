package dev.barewire.rings.intel;

import static dev.barewire.rings.intel.ExtendedRxDescriptor.ADDRESS;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.HASH;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.RESERVED;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.STATUS;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.STATUS_EOP;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.WRITE_BACK;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferSource;
import dev.barewire.dma.Region;
import dev.barewire.rings.RingMemory;
import dev.barewire.rings.RxBurst;

/**
 * A receive ring of extended descriptors, one buffer each (datasheet 317694, section 7.1.4): the 82574 without split. An
 * advanced descriptor without split (82576 datasheet, section 7.1) is the same bit for bit, so the 82576 has this
 * ring as well.
 */
public final class ExtendedRxRing extends IntelRxRing {
    /**
     * Lays a ring of zeroed descriptors out.
     *
     * @param region     memory that the card may read and write
     * @param offset     where the ring starts in it; its IOVA must be a multiple of 16
     * @param size       descriptors: a multiple of 8 from 8 to 4096
     * @param bufferSize what the card is told that a buffer holds, in bytes: it writes no more to one
     */
    public ExtendedRxRing(final Region region, final long offset, final int size, final int bufferSize) {
        this(IntelRing.memory(region, offset, size, ExtendedRxDescriptor.SIZE), bufferSize);
    }

    ExtendedRxRing(final RingMemory memory, final int bufferSize) {
        super(memory, ExtendedRxDescriptor.SIZE, STATUS, bufferSize, 1);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the source gives a buffer that is smaller than what the card may write
     */
    @Override
    public int fill(final BufferSource source, final BufferSource headers) {
        int count = 0;
        while (posted < size - 1) {
            final Buffer buffer = take(source, bufferSize);
            if (buffer == null) {
                break;
            }
            final int at = ExtendedRxDescriptor.offset(tail);
            memory.putLong(at + ADDRESS, buffer.iova());
            memory.putLong(at + RESERVED, 0);
            shadow[tail] = buffer;
            post();
            count++;
        }
        return count;
    }

    @Override
    void storeLast(final int index) {
        memory.putLongRelease(ExtendedRxDescriptor.offset(index) + RESERVED, 0);
    }

    @Override
    void release(final int index) {
        final Buffer buffer = shadow[index];
        shadow[index] = null;
        buffer.release();
    }

    @Override
    public int reap(final RxBurst burst, final int max) {
        final int limit = Math.min(Math.min(max, burst.capacity()), posted - unpublished);
        int count = 0;
        while (count < limit) {
            final int at = ExtendedRxDescriptor.offset(head);
            if ((memory.getByteAcquire(at + STATUS) & DONE) == 0) {
                break;
            }
            take(burst, count++, memory.getLong(at + WRITE_BACK), memory.getLong(at + HASH));
            advance();
        }
        if (count == 0 && limit > 0) {
            lookAhead();
        }
        return count;
    }

    private void take(final RxBurst burst, final int entry, final long writeBack, final long hash) {
        final Buffer buffer = shadow[head];
        shadow[head] = null;
        buffer.moveTo(Buffer.Place.APPLICATION);
        burst.header[entry] = null;
        burst.buffer[entry] = buffer;
        // The card fills a buffer before it goes on to the next.
        final boolean ends = (ExtendedRxDescriptor.statusErrors(writeBack) & STATUS_EOP) != 0;
        burst.length[entry] = bounded(ExtendedRxDescriptor.length(writeBack), ends ? 0 : bufferSize, bufferSize);
        burst.flags[entry] = frameIsBad ? RxBurst.BAD_DESCRIPTOR : 0;
        if (ends) {
            ExtendedRxDescriptor.describe(burst, entry, writeBack, hash);
            frameIsBad = false;
        }
    }
}
