package dev.barewire.dma;

import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/**
 * Buffers of one size, cut from one region.
 *
 * <p>One thread owns the pool and takes from it: the first that calls {@link #take()}, until {@link #handOver()}. Its
 * free buffers are an {@code int[]} stack, last in first out, so that a burst finds its memory warm. Any other thread
 * gives buffers back through a queue that the owner empties when its stack is empty. All objects are made at set-up.
 */
public final class BufferPool implements BufferSource, AutoCloseable {
    private final String name;
    private final Region region;
    private final int bufferSize;
    private final Buffer[] buffers;
    private final int[] free;
    private final boolean[] isFree;
    private final ManyToOneConcurrentArrayQueue<Buffer> returned;
    private Thread owner;
    private int top;
    private long nowNanos = System.nanoTime();
    private long doubleReleases;
    private boolean open = true;

    /**
     * Makes a pool of a region of its own, which it closes with itself.
     *
     * @param name       for messages
     * @param domain     the DMA domain of the cards that shall reach it
     * @param kind       the kind of memory
     * @param bufferSize bytes of a buffer, a multiple of 64 so that no two share a cache line
     * @param count      how many buffers
     */
    public BufferPool(
        final String name, final DmaDomain domain, final MemoryKind kind, final int bufferSize, final int count) {
        this(name, domain.allocate(kind, checkedBytes(name, bufferSize, count)), bufferSize, count);
    }

    private BufferPool(final String name, final Region region, final int bufferSize, final int count) {
        this.name = name;
        this.region = region;
        this.bufferSize = bufferSize;
        this.buffers = new Buffer[count];
        this.free = new int[count];
        this.isFree = new boolean[count];
        this.returned = new ManyToOneConcurrentArrayQueue<>(Math.max(2, count));
        for (int i = 0; i < count; i++) {
            buffers[i] = new Buffer(this, i, region, (long) i * bufferSize, bufferSize);
            // The first to be taken is the lowest.
            free[count - 1 - i] = i;
            isFree[i] = true;
        }
        top = count;
    }

    @Override
    public Buffer take() {
        return take(Buffer.Place.APPLICATION);
    }

    /**
     * Takes a buffer for a place.
     *
     * @param place where it goes
     * @return a buffer with one holder, or null when all are out
     */
    public Buffer take(final Buffer.Place place) {
        if (owner != Thread.currentThread()) {
            claim();
        }
        if (top == 0 && collect() == 0) {
            return null;
        }
        final int index = free[--top];
        isFree[index] = false;
        final Buffer buffer = buffers[index];
        buffer.takenBy(place, nowNanos);
        return buffer;
    }

    /**
     * Brings in what other threads gave back.
     *
     * @return how many buffers came
     */
    private int collect() {
        nowNanos = System.nanoTime();
        int count = 0;
        for (Buffer buffer = returned.poll(); buffer != null; buffer = returned.poll()) {
            // A buffer that is home, or out again, cannot come home.
            if (isFree[buffer.index()] || buffer.holders() != 0) {
                doubleReleases++;
            } else {
                push(buffer);
                count++;
            }
        }
        return count;
    }

    /** Whether the calling thread may use the free stack. */
    boolean isOwner() {
        return owner == Thread.currentThread();
    }

    /** Puts a buffer without holders on the stack; owner only. */
    void push(final Buffer buffer) {
        final int index = buffer.index();
        if (isFree[index]) {
            throw new IllegalStateException("double release of buffer " + buffer);
        }
        isFree[index] = true;
        buffer.moveTo(Buffer.Place.POOL);
        free[top++] = index;
    }

    /** Takes a buffer without holders back from any thread. */
    void giveBack(final Buffer buffer) {
        if (isOwner()) {
            push(buffer);
        } else if (!returned.offer(buffer)) {
            throw new IllegalStateException("double release of buffer " + buffer + ": more came back than there are");
        }
    }

    /**
     * Gives up ownership, so that the next thread that takes becomes the owner. The two must agree on when.
     *
     * @throws IllegalStateException if another thread, which still lives, is the owner
     */
    public void handOver() {
        checkUnowned();
        owner = null;
    }

    /** Under a lock, so that of two threads that come first together one is refused. */
    private synchronized void claim() {
        checkUnowned();
        owner = Thread.currentThread();
    }

    private void checkUnowned() {
        final Thread other = owner;
        if (other != null && other != Thread.currentThread() && other.isAlive()) {
            throw new IllegalStateException("pool " + name + " belongs to thread " + other.getName()
                + "; call handOver() there before thread " + Thread.currentThread().getName() + " takes from it");
        }
    }

    /**
     * Advances the coarse clock by which outstanding buffers are dated; a queue calls it now and then.
     *
     * @param nanos as by {@link System#nanoTime()}
     */
    public void clock(final long nanos) {
        nowNanos = nanos;
    }

    @Override
    public int bufferSize() {
        return bufferSize;
    }

    /**
     * How many buffers it has in all.
     *
     * @return the count given at set-up
     */
    public int count() {
        return buffers.length;
    }

    /**
     * How many are free, those that other threads gave back included. Exact only while no other thread releases.
     *
     * @return buffers
     */
    public int available() {
        return top + returned.size();
    }

    /**
     * How many are not in the pool.
     *
     * @return buffers
     */
    public int outstanding() {
        return count() - available();
    }

    /**
     * How many double releases were found only when the second arrived from another thread.
     *
     * @return the count
     */
    public long doubleReleases() {
        return doubleReleases;
    }

    /**
     * Its name.
     *
     * @return as given at set-up
     */
    public String name() {
        return name;
    }

    /**
     * The memory that it is cut from.
     *
     * @return its region
     */
    public Region region() {
        return region;
    }

    /**
     * A buffer by its number, whoever holds it: for tests and dumps.
     *
     * @param index from 0 to {@link #count()} - 1
     * @return the buffer
     */
    public Buffer buffer(final int index) {
        return buffers[index];
    }

    /**
     * Names the buffers that are out: where each is and how long it has been away.
     *
     * @return a line for each, empty when all are home
     */
    public List<String> describeOutstanding() {
        final List<String> lines = new ArrayList<>();
        final long now = System.nanoTime();
        for (final Buffer buffer : buffers) {
            if (buffer.holders() > 0) {
                lines.add("buffer " + buffer + ": " + buffer.place() + ", " + buffer.holders() + " holders, for "
                    + (now - buffer.takenAtNanos()) / 1_000_000 + " ms");
            }
        }
        return lines;
    }

    /**
     * Unmaps its memory. Closing twice does nothing.
     *
     * @throws IllegalStateException naming the buffers that are still out; the memory is unmapped all the same
     */
    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        final List<String> lines = describeOutstanding();
        region.close();
        if (!lines.isEmpty()) {
            final int shown = Math.min(lines.size(), 16);
            throw new IllegalStateException("pool " + name + " closed with " + lines.size() + " of " + count()
                + " buffers outstanding:\n  " + String.join("\n  ", lines.subList(0, shown))
                + (shown < lines.size() ? "\n  and " + (lines.size() - shown) + " more" : ""));
        }
    }

    private static long checkedBytes(final String name, final int bufferSize, final int count) {
        if (bufferSize <= 0 || bufferSize % 64 != 0) {
            throw new IllegalArgumentException(
                "pool " + name + ": buffer size must be a positive multiple of 64, is " + bufferSize);
        }
        if (count <= 0) {
            throw new IllegalArgumentException("pool " + name + ": needs at least one buffer, asked for " + count);
        }
        return (long) bufferSize * count;
    }
}
