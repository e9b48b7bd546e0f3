package dev.barewire.rings.intel;

import static dev.barewire.rings.intel.LegacyRxDescriptor.ADDRESS;
import static dev.barewire.rings.intel.LegacyRxDescriptor.ERROR_FRAME;
import static dev.barewire.rings.intel.LegacyRxDescriptor.ERROR_IPE;
import static dev.barewire.rings.intel.LegacyRxDescriptor.ERROR_TCPE;
import static dev.barewire.rings.intel.LegacyRxDescriptor.STATUS;
import static dev.barewire.rings.intel.LegacyRxDescriptor.STATUS_DD;
import static dev.barewire.rings.intel.LegacyRxDescriptor.STATUS_EOP;
import static dev.barewire.rings.intel.LegacyRxDescriptor.STATUS_IPCS;
import static dev.barewire.rings.intel.LegacyRxDescriptor.STATUS_IXSM;
import static dev.barewire.rings.intel.LegacyRxDescriptor.STATUS_TCPCS;
import static dev.barewire.rings.intel.LegacyRxDescriptor.STATUS_VP;
import static dev.barewire.rings.intel.LegacyRxDescriptor.WRITE_BACK;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferSource;
import dev.barewire.dma.Region;
import dev.barewire.rings.RingMemory;
import dev.barewire.rings.RxBurst;

/** A receive ring of legacy descriptors (manual 317453, sections 3.2.3 and 3.2.6): the 8254x family. */
public final class LegacyRxRing extends IntelRxRing {
    /**
     * Lays a ring of zeroed descriptors out.
     *
     * @param region     memory that the card may read and write
     * @param offset     where the ring starts in it; its IOVA must be a multiple of 16
     * @param size       descriptors: a multiple of 8 from 8 to 4096
     * @param bufferSize what the card is told that a buffer holds, in bytes: it writes no more to one
     */
    public LegacyRxRing(final Region region, final long offset, final int size, final int bufferSize) {
        this(IntelRing.memory(region, offset, size, LegacyRxDescriptor.SIZE), bufferSize);
    }

    LegacyRxRing(final RingMemory memory, final int bufferSize) {
        super(memory, LegacyRxDescriptor.SIZE, STATUS, bufferSize, 1);
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
            final int at = LegacyRxDescriptor.offset(tail);
            memory.putLong(at + ADDRESS, buffer.iova());
            // The card adds its status bits to those that it finds.
            memory.putLong(at + WRITE_BACK, 0);
            shadow[tail] = buffer;
            post();
            count++;
        }
        return count;
    }

    @Override
    void storeLast(final int index) {
        memory.putLongRelease(LegacyRxDescriptor.offset(index) + WRITE_BACK, 0);
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
            final int at = LegacyRxDescriptor.offset(head);
            final int status = memory.getByteAcquire(at + STATUS);
            if ((status & STATUS_DD) == 0) {
                break;
            }
            take(burst, count++, status, memory.getLong(at + WRITE_BACK));
            advance();
        }
        if (count == 0 && limit > 0) {
            lookAhead();
        }
        return count;
    }

    private void take(final RxBurst burst, final int entry, final int status, final long writeBack) {
        final Buffer buffer = shadow[head];
        shadow[head] = null;
        buffer.moveTo(Buffer.Place.APPLICATION);
        burst.header[entry] = null;
        burst.buffer[entry] = buffer;
        // The card fills a buffer before it goes on to the next.
        final int least = (status & STATUS_EOP) == 0 ? bufferSize : 0;
        burst.length[entry] = bounded(LegacyRxDescriptor.length(writeBack), least, bufferSize);
        burst.vlan[entry] = LegacyRxDescriptor.special(writeBack);
        if ((status & STATUS_EOP) == 0) {
            burst.flags[entry] = frameIsBad ? RxBurst.BAD_DESCRIPTOR : 0;
        } else {
            burst.flags[entry] = flags(status, LegacyRxDescriptor.errors(writeBack));
            frameIsBad = false;
        }
    }

    private int flags(final int status, final int errors) {
        int flags = RxBurst.END_OF_FRAME;
        if ((errors & ERROR_FRAME) != 0) {
            flags |= RxBurst.FRAME_ERROR;
        }
        if (frameIsBad) {
            flags |= RxBurst.BAD_DESCRIPTOR;
        }
        if ((status & STATUS_VP) != 0) {
            flags |= RxBurst.VLAN_STRIPPED;
        }
        if ((status & STATUS_IXSM) == 0) {
            if ((status & STATUS_IPCS) != 0) {
                flags |= RxBurst.IP_CHECKED | ((errors & ERROR_IPE) != 0 ? RxBurst.IP_BAD : 0);
            }
            if ((status & STATUS_TCPCS) != 0) {
                flags |= RxBurst.L4_CHECKED | ((errors & ERROR_TCPE) != 0 ? RxBurst.L4_BAD : 0);
            }
        }
        return flags;
    }
}
