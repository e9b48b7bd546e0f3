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
import dev.barewire.rings.RxRing;
import java.util.Arrays;

/**
 * A receive ring of legacy descriptors (manual 317453, sections 3.2.3 and 3.2.6): the 8254x family.
 *
 * <p>The card owns the descriptors from its head up to the tail, which never meets the head of a full ring: one
 * descriptor stays free. What the card writes is not trusted: only published descriptors are looked at; a length beyond
 * the buffer makes the frame bad, and so does a buffer that is not full although the frame goes on.
 */
public final class LegacyRxRing implements RxRing {
    /** How many descriptors are looked at when there is nothing to reap: a cache line of them. */
    private static final int LOOK = 4;

    private final RingMemory memory;
    private final int size;
    private final int bufferSize;
    private final Buffer[] shadow;
    /** The next descriptor to reap. */
    private int head;
    /** The next descriptor to post. */
    private int tail;
    private int posted;
    /** How many of the posted the card does not know of yet. */
    private int unpublished;
    /** An earlier descriptor of the frame at the head made no sense. */
    private boolean frameIsBad;
    private long badLengths;
    /** How far behind the head {@link #lookAhead} looked last, and the descriptors that it has told of. */
    private int ahead;
    private final boolean[] told;
    private long disorders;

    /**
     * Lays a ring of zeroed descriptors out.
     *
     * @param region     memory that the card may read and write
     * @param offset     where the ring starts in it; its IOVA must be a multiple of 16
     * @param size       descriptors: a multiple of 8 from 8 to 4096
     * @param bufferSize what the card is told that a buffer holds, in bytes: it writes no more to one
     */
    public LegacyRxRing(final Region region, final long offset, final int size, final int bufferSize) {
        this(LegacyRing.memory(region, offset, size), bufferSize);
    }

    LegacyRxRing(final RingMemory memory, final int bufferSize) {
        if (bufferSize <= 0) {
            throw new IllegalArgumentException("a receive buffer must have at least one byte, not " + bufferSize);
        }
        this.memory = memory;
        this.size = memory.bytes() / LegacyRxDescriptor.SIZE;
        this.bufferSize = bufferSize;
        this.shadow = new Buffer[size];
        this.told = new boolean[size];
        memory.clear();
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the source gives a buffer that is smaller than what the card may write
     */
    @Override
    public int fill(final BufferSource source) {
        int count = 0;
        while (posted < size - 1) {
            final Buffer buffer = source.take();
            if (buffer == null) {
                break;
            }
            if (buffer.capacity() < bufferSize) {
                throw tooSmall(buffer);
            }
            final int at = LegacyRxDescriptor.offset(tail);
            memory.putLong(at + ADDRESS, buffer.iova());
            // The card adds its status bits to those that it finds.
            memory.putLong(at + WRITE_BACK, 0);
            buffer.moveTo(Buffer.Place.RECEIVE_RING);
            shadow[tail] = buffer;
            tail = next(tail);
            posted++;
            unpublished++;
            count++;
        }
        return count;
    }

    @Override
    public int publish() {
        if (unpublished == 0) {
            return NOTHING;
        }
        final int last = tail == 0 ? size - 1 : tail - 1;
        memory.putLongRelease(LegacyRxDescriptor.offset(last) + WRITE_BACK, 0);
        unpublished = 0;
        return tail;
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
            told[head] = false;
            head = next(head);
        }
        posted -= count;
        if (count == 0 && limit > 0) {
            lookAhead();
        }
        return count;
    }

    /** Looks whether the card has done with more of the descriptors behind the head, and not with the one before each. */
    private void lookAhead() {
        final int published = posted - unpublished;
        for (int i = 0; i < LOOK; i++) {
            ahead = ahead + 1 < published ? ahead + 1 : 1;
            final int later = head + ahead < size ? head + ahead : head + ahead - size;
            if (ahead < published && !told[later] && isDone(later) && !isDone(later == 0 ? size - 1 : later - 1)) {
                told[later] = true;
                disorders++;
            }
        }
    }

    private boolean isDone(final int index) {
        return (memory.getByteAcquire(LegacyRxDescriptor.offset(index) + STATUS) & STATUS_DD) != 0;
    }

    private void take(final RxBurst burst, final int entry, final int status, final long writeBack) {
        final Buffer buffer = shadow[head];
        shadow[head] = null;
        buffer.moveTo(Buffer.Place.APPLICATION);
        burst.buffer[entry] = buffer;
        int length = LegacyRxDescriptor.length(writeBack);
        // The card fills a buffer before it goes on to the next.
        if (length > bufferSize || length < bufferSize && (status & STATUS_EOP) == 0) {
            length = 0;
            frameIsBad = true;
            badLengths++;
        }
        burst.length[entry] = length;
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

    @Override
    public boolean isReady() {
        return posted > unpublished && isDone(head);
    }

    @Override
    public int posted() {
        return posted;
    }

    @Override
    public void drain() {
        while (posted > 0) {
            final Buffer buffer = shadow[head];
            shadow[head] = null;
            head = next(head);
            posted--;
            buffer.release();
        }
        head = 0;
        tail = 0;
        unpublished = 0;
        frameIsBad = false;
        Arrays.fill(told, false);
        memory.clear();
    }

    @Override
    public long disorders() {
        return disorders;
    }

    /**
     * How many descriptors the card gave back with a length that cannot be. Their frames carry
     * {@link RxBurst#BAD_DESCRIPTOR} and those buffers a length of 0.
     *
     * @return the count since the ring was made
     */
    public long badLengths() {
        return badLengths;
    }

    /**
     * Where the card finds the ring.
     *
     * @return the IOVA for its base registers
     */
    public long iova() {
        return memory.iova();
    }

    /**
     * The ring's length.
     *
     * @return bytes, for the length register
     */
    public int bytes() {
        return memory.bytes();
    }

    private int next(final int index) {
        return index + 1 == size ? 0 : index + 1;
    }

    private RuntimeException tooSmall(final Buffer buffer) {
        final String message = "buffer " + buffer + " has " + buffer.capacity() + " bytes, but the card may write "
            + bufferSize + ": give the queue a source of larger buffers";
        buffer.release();
        return new IllegalArgumentException(message);
    }
}
