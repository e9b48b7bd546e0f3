package dev.barewire.dma;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The unit of ownership: a fixed range of a region that one side owns at a time (its pool, a card or the application).
 *
 * <p>Whoever has it holds it; {@link #hold()} lends it once more, {@link #release()} gives one hold back, and with the
 * last hold it returns to its pool, from any thread. One object stands for a buffer for the whole life of its pool, so
 * handing it on allocates nothing. Each return to the pool raises {@link #generation()}, by which a {@link Segment}
 * notices that what it looks at is gone.
 */
public final class Buffer {
    private static final VarHandle HOLDERS;

    static {
        try {
            HOLDERS = MethodHandles.lookup().findVarHandle(Buffer.class, "holders", int.class);
        } catch (final ReflectiveOperationException error) {
            throw new ExceptionInInitializerError(error);
        }
    }

    private final MappedMemory memory;
    private final long base;
    private final int capacity;
    private final long iova;
    private final BufferPool pool;
    private final int index;
    private int holders;
    private int generation;
    private Place place = Place.POOL;
    private long takenAtNanos;

    Buffer(final BufferPool pool, final int index, final Region region, final long offset, final int capacity) {
        this.pool = pool;
        this.index = index;
        this.memory = region.memory();
        this.base = offset;
        this.capacity = capacity;
        this.iova = region.iova(offset, capacity);
    }

    /** Where a buffer is, for the account of what is outstanding. */
    public enum Place {
        /** In its pool, free. */
        POOL,
        /** Posted to a card to receive into. */
        RECEIVE_RING,
        /** With the application. */
        APPLICATION,
        /** Handed to a card to send from. */
        TRANSMIT_RING
    }

    /**
     * The memory that it is a range of.
     *
     * @return the mapping; offset 0 of this buffer is {@link #base()} there
     */
    public MappedMemory memory() {
        return memory;
    }

    /**
     * Where it starts in {@link #memory()}.
     *
     * @return bytes
     */
    public long base() {
        return base;
    }

    /**
     * Its length.
     *
     * @return bytes
     */
    public int capacity() {
        return capacity;
    }

    /**
     * Where a card finds its first byte.
     *
     * @return an I/O virtual address of the pool's DMA domain
     */
    public long iova() {
        return iova;
    }

    /**
     * The pool that it returns to.
     *
     * @return its pool
     */
    public BufferPool pool() {
        return pool;
    }

    /**
     * How often it has returned to its pool.
     *
     * @return a number that changes when what it held is gone
     */
    public int generation() {
        return generation;
    }

    /**
     * How many hold it.
     *
     * @return 0 when it is free, 1 when the caller is the sole owner
     */
    public int holders() {
        return (int) HOLDERS.getAcquire(this);
    }

    /**
     * Where it is now.
     *
     * @return its place
     */
    public Place place() {
        return place;
    }

    /**
     * Notes where it goes, for the account of outstanding buffers. Allocates nothing.
     *
     * @param next its new place
     */
    public void moveTo(final Place next) {
        place = next;
    }

    /**
     * Lends it once more; only for one who holds it.
     *
     * @throws IllegalStateException if nobody holds it
     */
    public void hold() {
        for (;;) {
            final int now = (int) HOLDERS.getAcquire(this);
            if (now <= 0) {
                throw new IllegalStateException("buffer " + this + " is held after its release");
            }
            if (HOLDERS.compareAndSet(this, now, now + 1)) {
                return;
            }
        }
    }

    /**
     * Gives one hold back; with the last one the buffer returns to its pool. May be called from any thread.
     *
     * @throws IllegalStateException if nobody holds it: a double release
     */
    public void release() {
        if (pool.isOwner() && (int) HOLDERS.getAcquire(this) == 1) {
            // A sole holder: nobody else may touch the count now, so a plain store will do.
            HOLDERS.set(this, 0);
            generation++;
            pool.push(this);
            return;
        }
        releaseShared();
    }

    private void releaseShared() {
        for (;;) {
            final int now = (int) HOLDERS.getAcquire(this);
            if (now <= 0) {
                throw new IllegalStateException("double release of buffer " + this);
            }
            if (HOLDERS.compareAndSet(this, now, now - 1)) {
                if (now == 1) {
                    generation++;
                    pool.giveBack(this);
                }
                return;
            }
        }
    }

    /** Its number in the pool. */
    int index() {
        return index;
    }

    /** Takes it out of the pool: one holder. */
    void takenBy(final Place first, final long nowNanos) {
        HOLDERS.set(this, 1);
        place = first;
        takenAtNanos = nowNanos;
    }

    /** When it left its pool, on the pool's coarse clock. */
    long takenAtNanos() {
        return takenAtNanos;
    }

    @Override
    public String toString() {
        return index + " of pool " + pool.name();
    }
}
