package dev.barewire.rings.intel;

import static dev.barewire.rings.intel.AdvancedRxDescriptor.ERROR_HBO;
import static dev.barewire.rings.intel.AdvancedRxDescriptor.HEADER;
import static dev.barewire.rings.intel.AdvancedRxDescriptor.HEADER_ADDRESS;
import static dev.barewire.rings.intel.AdvancedRxDescriptor.PACKET_ADDRESS;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.STATUS;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.STATUS_EOP;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.WRITE_BACK;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferSource;
import dev.barewire.dma.Region;
import dev.barewire.rings.RingMemory;
import dev.barewire.rings.RxBurst;

/**
 * A receive ring of advanced descriptors with header split (82576 datasheet, section 7.1): the 82576
 * and its successors. Without split an advanced descriptor is what an {@link ExtendedRxRing} posts and reads.
 *
 * <p>A frame whose headers the card knows has them in the header buffer of its first descriptor, and the rest in packet
 * buffers. Of any other frame the header buffer stays empty, unless the card is told to use it always: then the frame
 * starts there, and a frame that fits lies there wholly. What stayed empty goes back to its pool at once. Later
 * descriptors of a frame may tell of a header too; their header buffers stay empty whatever they say.
 */
public final class AdvancedRxRing extends IntelRxRing {
    private final int headerSize;
    private final boolean always;
    private final Buffer[] headerShadow;

    /**
     * Lays a ring of zeroed descriptors out.
     *
     * @param region     memory that the card may read and write
     * @param offset     where the ring starts in it; the card wants an IOVA that is a multiple of 128
     * @param size       descriptors: a multiple of 8 from 8 to 4096
     * @param headerSize what the card is told that a header buffer holds, in bytes
     * @param bufferSize what the card is told that a packet buffer holds, in bytes
     * @param always     whether the card is told to let every frame start in a header buffer
     */
    public AdvancedRxRing(final Region region, final long offset, final int size, final int headerSize,
        final int bufferSize, final boolean always) {
        this(IntelRing.memory(region, offset, size, AdvancedRxDescriptor.SIZE), headerSize, bufferSize, always);
    }

    AdvancedRxRing(final RingMemory memory, final int headerSize, final int bufferSize, final boolean always) {
        super(memory, AdvancedRxDescriptor.SIZE, STATUS, bufferSize, 1);
        if (headerSize <= 0) {
            throw new IllegalArgumentException("a header buffer must have at least one byte, not " + headerSize);
        }
        this.headerSize = headerSize;
        this.always = always;
        this.headerShadow = new Buffer[size];
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
            final int at = ExtendedRxDescriptor.offset(tail);
            memory.putLong(at + PACKET_ADDRESS, shadow[tail].iova());
            // Buffers start at even IOVAs, so DD is 0.
            memory.putLong(at + HEADER_ADDRESS, headerShadow[tail].iova());
            post();
            count++;
        }
        return count;
    }

    /** Both buffers for the descriptor at the tail, or none. */
    private boolean takeBuffers(final BufferSource source, final BufferSource headers) {
        final Buffer header = take(headers, headerSize);
        if (header == null) {
            return false;
        }
        Buffer packet = null;
        try {
            packet = take(source, bufferSize);
        } finally {
            if (packet == null) {
                header.release();
            }
        }
        if (packet == null) {
            return false;
        }
        headerShadow[tail] = header;
        shadow[tail] = packet;
        return true;
    }

    @Override
    void storeLast(final int index) {
        memory.putLongRelease(ExtendedRxDescriptor.offset(index) + HEADER_ADDRESS, headerShadow[index].iova());
    }

    @Override
    void release(final int index) {
        headerShadow[index].release();
        headerShadow[index] = null;
        shadow[index].release();
        shadow[index] = null;
    }

    @Override
    public int posted() {
        return posted * 2;
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
            take(burst, count++, memory.getLong(at + WRITE_BACK), memory.getLong(at + HEADER));
            advance();
        }
        if (count == 0 && limit > 0) {
            lookAhead();
        }
        return count;
    }

    private void take(final RxBurst burst, final int entry, final long writeBack, final long header) {
        final boolean ends = (ExtendedRxDescriptor.statusErrors(writeBack) & STATUS_EOP) != 0;
        takeHeader(burst, entry, writeBack, header);
        final Buffer buffer = shadow[head];
        shadow[head] = null;
        buffer.moveTo(Buffer.Place.APPLICATION);
        burst.buffer[entry] = buffer;
        // The card fills a buffer before it goes on to the next.
        burst.length[entry] = bounded(ExtendedRxDescriptor.length(writeBack), ends ? 0 : bufferSize, bufferSize);
        if (frameIsBad) {
            burst.flags[entry] |= RxBurst.BAD_DESCRIPTOR;
        }
        frameGoesOn = !ends;
        if (ends) {
            ExtendedRxDescriptor.describe(burst, entry, writeBack, header);
            frameIsBad = false;
        }
    }

    private void takeHeader(final RxBurst burst, final int entry, final long writeBack, final long header) {
        final Buffer buffer = headerShadow[head];
        headerShadow[head] = null;
        final boolean found = AdvancedRxDescriptor.isHeaderFound(header);
        final int said = AdvancedRxDescriptor.headerLength(header);
        // What the errors say is sure in a frame's last descriptor only, so a header that is too large tells as well.
        final boolean isLarge = found
            && (said > headerSize || (ExtendedRxDescriptor.statusErrors(writeBack) & ERROR_HBO) != 0);
        final int length = frameGoesOn || !found && !always ? 0
            : isLarge ? always ? headerSize : 0
            : bounded(said, 0, headerSize);
        burst.flags[entry] = found && !isLarge && length > 0 ? RxBurst.HEADER_SPLIT : 0;
        burst.headerLength[entry] = length;
        if (length > 0) {
            buffer.moveTo(Buffer.Place.APPLICATION);
            burst.header[entry] = buffer;
        } else {
            buffer.release();
            burst.header[entry] = null;
        }
    }
}
