package dev.barewire.rings.intel;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferSource;
import dev.barewire.rings.RingMemory;
import dev.barewire.rings.RxRing;
import java.util.Arrays;

/**
 * What Intel's receive rings share, whatever their descriptors: whose turn each descriptor is.
 *
 * <p>The card owns the descriptors from its head up to the tail, which never meets the head of a full ring: one
 * descriptor stays free. What the card writes is not trusted: only published descriptors are looked at; a length beyond
 * the buffer makes the frame bad, and so does a buffer that is not full although the frame goes on.
 */
public abstract class IntelRxRing implements RxRing {
    /** A descriptor is done when this bit of its status byte is set, whatever its format. */
    static final int DONE = 1;
    /** How many descriptors are looked at when there is nothing to reap: a cache line of the smaller ones. */
    private static final int LOOK = 4;

    final RingMemory memory;
    final int size;
    final int bufferSize;
    /** The payload buffers of descriptor i are those from i times {@link #perDescriptor} on. */
    final Buffer[] shadow;
    final int perDescriptor;
    /** The next descriptor to reap. */
    int head;
    /** The next descriptor to post. */
    int tail;
    /** Descriptors posted and not yet reaped. */
    int posted;
    /** How many of the posted the card does not know of yet. */
    int unpublished;
    /** An earlier descriptor of the frame at the head made no sense. */
    boolean frameIsBad;
    /** The descriptor at the head is not its frame's first; kept by rings that need to know. */
    boolean frameGoesOn;
    private final int descriptorBytes;
    private final int statusOffset;
    private long badLengths;
    /** How far behind the head {@link #lookAhead} looked last, and the descriptors that it has told of. */
    private int ahead;
    private final boolean[] told;
    private long disorders;

    /**
     * Makes a ring of zeroed descriptors.
     *
     * @param descriptorBytes a descriptor's size
     * @param statusOffset    where in it the byte with {@link #DONE} is
     * @param bufferSize      what the card is told that a buffer holds
     * @param perDescriptor   payload buffers of a descriptor
     */
    IntelRxRing(final RingMemory memory, final int descriptorBytes, final int statusOffset, final int bufferSize,
        final int perDescriptor) {
        if (bufferSize <= 0) {
            throw new IllegalArgumentException("a receive buffer must have at least one byte, not " + bufferSize);
        }
        this.memory = memory;
        this.descriptorBytes = descriptorBytes;
        this.statusOffset = statusOffset;
        this.size = memory.bytes() / descriptorBytes;
        this.bufferSize = bufferSize;
        this.perDescriptor = perDescriptor;
        this.shadow = new Buffer[size * perDescriptor];
        this.told = new boolean[size];
        memory.clear();
    }

    /** Stores the last quadword of a posted descriptor once more, behind all earlier stores. */
    abstract void storeLast(int index);

    /** Gives back what a posted descriptor holds. */
    abstract void release(int index);

    @Override
    public final int publish() {
        if (unpublished == 0) {
            return NOTHING;
        }
        storeLast(tail == 0 ? size - 1 : tail - 1);
        unpublished = 0;
        return tail();
    }

    /**
     * Where the card may go, of what is published.
     *
     * @return what the tail register shall say
     */
    public final int tail() {
        return tail * (descriptorBytes / IntelRing.UNIT_BYTES);
    }

    @Override
    public final boolean isReady() {
        return posted > unpublished && isDone(head);
    }

    private boolean isDone(final int index) {
        return (memory.getByteAcquire(index * descriptorBytes + statusOffset) & DONE) != 0;
    }

    @Override
    public final long disorders() {
        return disorders;
    }

    @Override
    public int posted() {
        return posted * perDescriptor;
    }

    @Override
    public final void drain() {
        while (posted > 0) {
            release(head);
            head = next(head);
            posted--;
        }
        head = 0;
        tail = 0;
        unpublished = 0;
        frameIsBad = false;
        frameGoesOn = false;
        Arrays.fill(told, false);
        memory.clear();
    }

    /** Takes a buffer to post; null if there is none. */
    final Buffer take(final BufferSource source, final int leastBytes) {
        final Buffer buffer = source.take();
        if (buffer == null) {
            return null;
        }
        if (buffer.capacity() < leastBytes) {
            throw tooSmall(buffer, leastBytes);
        }
        buffer.moveTo(Buffer.Place.RECEIVE_RING);
        return buffer;
    }

    /** Notes that the descriptor at the tail was written. */
    final void post() {
        tail = next(tail);
        posted++;
        unpublished++;
    }

    /** Steps over the descriptor at the head, which was reaped. */
    final void advance() {
        told[head] = false;
        head = next(head);
        posted--;
    }

    /** Looks whether the card has done with more of the descriptors behind the head, and not with the one before each. */
    final void lookAhead() {
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

    /** A length that the card wrote, if it can be true; else 0, and the frame is bad. */
    final int bounded(final int length, final int least, final int most) {
        if (length >= least && length <= most) {
            return length;
        }
        frameIsBad = true;
        badLengths++;
        return 0;
    }

    final int next(final int index) {
        return index + 1 == size ? 0 : index + 1;
    }

    /**
     * How many buffers the card gave back with a length that cannot be. Their frames carry
     * {@link dev.barewire.rings.RxBurst#BAD_DESCRIPTOR} and those buffers a length of 0.
     *
     * @return the count since the ring was made
     */
    public final long badLengths() {
        return badLengths;
    }

    /**
     * Where the card finds the ring.
     *
     * @return the IOVA for its base registers
     */
    public final long iova() {
        return memory.iova();
    }

    /**
     * The ring's length.
     *
     * @return bytes, for the length register
     */
    public final int bytes() {
        return memory.bytes();
    }

    private static RuntimeException tooSmall(final Buffer buffer, final int leastBytes) {
        final String message = "buffer " + buffer + " has " + buffer.capacity() + " bytes, but the card may write "
            + leastBytes + ": give the queue a source of larger buffers";
        buffer.release();
        return new IllegalArgumentException(message);
    }
}
