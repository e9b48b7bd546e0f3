package dev.barewire.rings.intel;

import static dev.barewire.rings.intel.ExtendedRxDescriptor.HASH;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.STATUS;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.STATUS_EOP;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.WRITE_BACK;
import static dev.barewire.rings.intel.PacketSplitRxDescriptor.ADDRESS;
import static dev.barewire.rings.intel.PacketSplitRxDescriptor.HEADER_LENGTH;
import static dev.barewire.rings.intel.PacketSplitRxDescriptor.HEADER_SPLIT;
import static dev.barewire.rings.intel.PacketSplitRxDescriptor.LENGTHS;
import static dev.barewire.rings.intel.PacketSplitRxDescriptor.MAX_PAYLOAD_BUFFERS;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferSource;
import dev.barewire.dma.Region;
import dev.barewire.rings.RingMemory;
import dev.barewire.rings.RxBurst;

/**
 * A receive ring of packet-split descriptors (datasheet 317694, section 7.1.5): the 82574 with header split.
 *
 * <p>A frame whose header the card knows fills buffer 0 with it and runs on in the others. Any other frame starts in
 * buffer 0 as well and just runs on. One that is longer than all payload buffers of a descriptor goes on in the next
 * one, whose buffer 0 may stay empty. Payload buffers that stayed empty go back to their pool at once.
 */
public final class PacketSplitRxRing extends IntelRxRing {
    private final int headerSize;
    private final Buffer[] headerShadow;

    /**
     * Lays a ring of zeroed descriptors out.
     *
     * @param region        memory that the card may read and write
     * @param offset        where the ring starts in it; its IOVA must be a multiple of 16
     * @param size          descriptors: a multiple of 8 from 8 to 4096
     * @param headerSize    what the card is told that buffer 0 holds, in bytes
     * @param bufferSize    what the card is told that each payload buffer holds, in bytes
     * @param perDescriptor payload buffers of a descriptor, 1 to 3
     */
    public PacketSplitRxRing(final Region region, final long offset, final int size, final int headerSize,
        final int bufferSize, final int perDescriptor) {
        this(IntelRing.memory(region, offset, size, PacketSplitRxDescriptor.SIZE), headerSize, bufferSize, perDescriptor);
    }

    PacketSplitRxRing(final RingMemory memory, final int headerSize, final int bufferSize, final int perDescriptor) {
        super(memory, PacketSplitRxDescriptor.SIZE, STATUS, bufferSize, checked(perDescriptor));
        if (headerSize <= 0) {
            throw new IllegalArgumentException("a header buffer must have at least one byte, not " + headerSize);
        }
        this.headerSize = headerSize;
        this.headerShadow = new Buffer[size];
    }

    private static int checked(final int perDescriptor) {
        if (perDescriptor < 1 || perDescriptor > MAX_PAYLOAD_BUFFERS) {
            throw new IllegalArgumentException("a descriptor has 1 to " + MAX_PAYLOAD_BUFFERS + " payload buffers, not "
                + perDescriptor);
        }
        return perDescriptor;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if a source gives a buffer that is smaller than what the card may write
     */
    @Override
    public int fill(final BufferSource source, final BufferSource headers) {
        int count = 0;
        while (posted < size - 1 && takeBuffers(source, headers)) {
            write(tail);
            post();
            count++;
        }
        return count;
    }

    /** All buffers for the descriptor at the tail, or none. */
    private boolean takeBuffers(final BufferSource source, final BufferSource headers) {
        final Buffer header = take(headers, headerSize);
        if (header == null) {
            return false;
        }
        headerShadow[tail] = header;
        final int first = tail * perDescriptor;
        try {
            for (int i = 0; i < perDescriptor; i++) {
                shadow[first + i] = take(source, bufferSize);
                if (shadow[first + i] == null) {
                    release(tail);
                    return false;
                }
            }
        } catch (final RuntimeException refused) {
            release(tail);
            throw refused;
        }
        return true;
    }

    /** All four addresses, since the card has written over them. Buffers start at even IOVAs, so DD is 0. */
    private void write(final int index) {
        final int at = PacketSplitRxDescriptor.offset(index) + ADDRESS;
        memory.putLong(at, headerShadow[index].iova());
        for (int i = 0; i < MAX_PAYLOAD_BUFFERS; i++) {
            memory.putLong(at + (i + 1) * Long.BYTES, address(index, i));
        }
    }

    private long address(final int index, final int buffer) {
        return buffer < perDescriptor ? shadow[index * perDescriptor + buffer].iova() : 0;
    }

    @Override
    void storeLast(final int index) {
        memory.putLongRelease(PacketSplitRxDescriptor.offset(index) + MAX_PAYLOAD_BUFFERS * Long.BYTES,
            address(index, MAX_PAYLOAD_BUFFERS - 1));
    }

    @Override
    void release(final int index) {
        headerShadow[index].release();
        headerShadow[index] = null;
        final int first = index * perDescriptor;
        for (int i = first; i < first + perDescriptor; i++) {
            if (shadow[i] != null) {
                shadow[i].release();
                shadow[i] = null;
            }
        }
    }

    @Override
    public int posted() {
        return posted * (perDescriptor + 1);
    }

    @Override
    public int reap(final RxBurst burst, final int max) {
        final int limit = Math.min(Math.min(max, burst.capacity() / perDescriptor), posted - unpublished);
        int entries = 0;
        for (int descriptors = 0; descriptors < limit; descriptors++) {
            final int at = PacketSplitRxDescriptor.offset(head);
            if ((memory.getByteAcquire(at + STATUS) & DONE) == 0) {
                break;
            }
            entries = take(
                burst, entries, memory.getLong(at + WRITE_BACK), memory.getLong(at + LENGTHS), memory.getLong(at + HASH));
            advance();
        }
        if (entries == 0 && limit > 0) {
            lookAhead();
        }
        return entries;
    }

    /** Takes the descriptor at the head apart, into entries from one on; gives the end of them. */
    private int take(final RxBurst burst, final int entry, final long writeBack, final long lengths, final long hash) {
        final boolean ends = (ExtendedRxDescriptor.statusErrors(writeBack) & STATUS_EOP) != 0;
        takeHeader(burst, entry, writeBack, PacketSplitRxDescriptor.headerStatus(lengths));
        final int end = takePayload(burst, entry, lengths, ends);
        if (frameIsBad) {
            burst.flags[end - 1] |= RxBurst.BAD_DESCRIPTOR;
        }
        if (ends) {
            ExtendedRxDescriptor.describe(burst, end - 1, writeBack, hash);
            frameIsBad = false;
        }
        return end;
    }

    private void takeHeader(final RxBurst burst, final int entry, final long writeBack, final int headerStatus) {
        final Buffer header = headerShadow[head];
        headerShadow[head] = null;
        final int length = bounded(ExtendedRxDescriptor.length(writeBack), 0, headerSize);
        final boolean isSplit = (headerStatus & HEADER_SPLIT) != 0 && (headerStatus & HEADER_LENGTH) == length;
        burst.flags[entry] = isSplit && length > 0 ? RxBurst.HEADER_SPLIT : 0;
        burst.headerLength[entry] = length;
        if (length > 0) {
            header.moveTo(Buffer.Place.APPLICATION);
            burst.header[entry] = header;
        } else {
            header.release();
            burst.header[entry] = null;
        }
    }

    /** Buffer 1 is in any case an entry, with the header; those behind it are if there is something in them. */
    private int takePayload(final RxBurst burst, final int entry, final long lengths, final boolean ends) {
        final int first = head * perDescriptor;
        int end = entry;
        for (int i = 0; i < perDescriptor; i++) {
            final Buffer buffer = shadow[first + i];
            shadow[first + i] = null;
            // The card fills a buffer before it goes on to the next, of this descriptor or of the next one.
            final boolean goesOn = i + 1 < perDescriptor ? PacketSplitRxDescriptor.length(lengths, i + 2) > 0 : !ends;
            final int length = bounded(PacketSplitRxDescriptor.length(lengths, i + 1), goesOn ? bufferSize : 0, bufferSize);
            if (i > 0 && length == 0) {
                buffer.release();
                continue;
            }
            if (i > 0) {
                burst.header[end] = null;
                burst.flags[end] = 0;
            }
            buffer.moveTo(Buffer.Place.APPLICATION);
            burst.buffer[end] = buffer;
            burst.length[end++] = length;
        }
        return end;
    }
}
