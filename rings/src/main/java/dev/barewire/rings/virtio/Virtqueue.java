package dev.barewire.rings.virtio;

import dev.barewire.dma.DmaAccess;
import dev.barewire.dma.Region;
import dev.barewire.rings.RingMemory;
import java.util.Arrays;

/**
 * The driver's side of a virtqueue, whatever lies in its buffers (sections 2.6 to 2.8). A buffer is a chain of
 * descriptors, known to both sides by an id below the queue's size. One thread uses it; nothing here allocates.
 *
 * <p>To make a chain available: {@link #begin}, {@link #add} for each descriptor, {@link #end}; after a burst of chains
 * {@link #publish()}. The device gives ids back in any order, or under VIRTIO_F_IN_ORDER in the order of the chains, where
 * it may name only the last of several. What it writes is not trusted: an id counts only while its chain is published.
 */
abstract class Virtqueue {
    /** No id. */
    static final int NONE = -1;
    /** The length of a chain that the device did not name, and so has used to its end (2.7.9, 2.8.10). */
    static final int ALL = -1;

    /** Descriptor flags of either format (2.7.5, 2.8.13). */
    static final int NEXT = 1;
    /** The device writes to it. */
    static final int WRITE = 1 << 1;
    /** It points at a table of descriptors. */
    static final int INDIRECT = 1 << 2;

    final RingMemory memory;
    final int size;
    final boolean eventIndex;
    final int driver;
    final int device;
    /** What the device wrote of the chain that it used last. */
    int usedId;
    int usedLength;
    /** How many descriptors are free. */
    int free;
    /** The id that {@link #begin} took, and how many descriptors are still to be added to its chain. */
    int id;
    int left;
    private final boolean inOrder;
    /** The free ids, first given back first taken, as a list. In order they stay a ring: each is followed by its successor. */
    private final int[] next;
    private int freeHead;
    private int freeTail;
    /** By the chain's id: its last entry of the list, how many descriptors it has (0 without a chain), its number. */
    private final int[] last;
    private final int[] count;
    private final int[] number;
    private int chains;
    private int nextNumber;
    private int publishedNumber;
    /** In order: the chain that comes back next, and the last one of those that do so together. */
    private int oldest;
    private int batchEnd;
    private int batchLength;
    private long disorders;

    Virtqueue(final RingMemory memory, final VirtqueueFormat format) {
        this.memory = memory;
        this.size = format.size();
        this.eventIndex = format.eventIndex();
        this.inOrder = format.inOrder();
        this.driver = format.driverOffset();
        this.device = format.deviceOffset();
        this.next = new int[size];
        this.last = new int[size];
        this.count = new int[size];
        this.number = new int[size];
        clear();
    }

    static Virtqueue of(final RingMemory memory, final VirtqueueFormat format) {
        final Virtqueue queue = format.packed() ? new PackedVirtqueue(memory, format) : new SplitVirtqueue(memory, format);
        queue.disableInterrupts();
        return queue;
    }

    /** The memory for a queue's areas and what else a ring needs behind them. */
    static RingMemory memory(final Region region, final long offset, final int bytes) {
        if (region.access() != DmaAccess.READ_WRITE) {
            throw new IllegalArgumentException("the card must write to a ring, but may only read " + region.memory());
        }
        return new RingMemory(region, offset, bytes, VirtqueueFormat.ALIGNMENT);
    }

    /** Writes a descriptor of the chain. */
    abstract void add(long iova, int length, int flags);

    /** Ends a chain whose descriptors were all added. */
    abstract void end();

    /** Makes what was written visible, in one store; gives what a notification carries (2.9). */
    abstract int makeAvailable();

    /** Whether the device wants to be told of what {@link #makeAvailable} published; read behind a full fence. */
    abstract boolean wantsNotification();

    /** Looks for a chain that the device has used; if there is one, sets {@link #usedId} and {@link #usedLength}. */
    abstract boolean look();

    /** Steps over the chain that {@link #look} found. */
    abstract void step(int descriptors);

    /** How many chains the device may have used by what it has published. */
    abstract int visible();

    /** Writes an entry of an indirect table. */
    abstract void addToTable(int table, int index, boolean isLast, long iova, int length);

    /** Whether the device has used a chain that was not looked at yet: one acquire load. */
    abstract boolean hasUsed();

    abstract void enableInterrupts();

    abstract void disableInterrupts();

    abstract void rewind();

    /** Takes an id for a chain of so many descriptors; only if they are {@link #free}. */
    final int begin(final int descriptors) {
        id = takeId();
        last[id] = id;
        count[id] = descriptors;
        number[id] = nextNumber++;
        left = descriptors;
        free -= descriptors;
        chains++;
        return id;
    }

    /** The id that {@link #begin} will take; only if descriptors are {@link #free}. */
    final int nextId() {
        return freeHead;
    }

    /** Takes the first entry of the list of free ones. */
    final int takeId() {
        final int taken = freeHead;
        if (taken == freeTail) {
            freeTail = NONE;
        }
        freeHead = next[taken];
        return taken;
    }

    /** Notes that the chain that {@link #begin} began takes one more entry of the list. */
    final void extend(final int entry) {
        last[id] = entry;
    }

    /** Ends a burst: gives what a notification carries, or -1 if none is to be sent. */
    final int publish() {
        if (publishedNumber == nextNumber) {
            return NONE;
        }
        final int notification = makeAvailable();
        publishedNumber = nextNumber;
        memory.fullFence();
        return wantsNotification() ? notification : NONE;
    }

    /** The id of a chain that the device has used, with {@link #usedLength}; {@link #NONE} if there is no more. */
    final int take() {
        if (batchEnd != NONE) {
            return takeOfBatch();
        }
        while (look()) {
            if (isPublished(usedId)) {
                if (!inOrder) {
                    giveBack(usedId);
                    return usedId;
                }
                if (number[usedId] - number[oldest] < visible()) {
                    batchEnd = usedId;
                    batchLength = usedLength;
                    return takeOfBatch();
                }
            }
            disorders++;
            step(1);
        }
        return NONE;
    }

    /** Whether {@link #take} would find something. */
    final boolean isReady() {
        return batchEnd != NONE || hasUsed();
    }

    private int takeOfBatch() {
        final int taken = oldest;
        final boolean isNamed = taken == batchEnd;
        usedLength = isNamed ? batchLength : ALL;
        if (isNamed) {
            batchEnd = NONE;
        }
        oldest = next[last[taken]];
        giveBack(taken);
        return taken;
    }

    private boolean isPublished(final int chain) {
        return chain >= 0 && chain < size && count[chain] > 0 && number[chain] - publishedNumber < 0;
    }

    private void giveBack(final int chain) {
        step(count[chain]);
        free += count[chain];
        count[chain] = 0;
        chains--;
        if (freeTail == NONE) {
            freeHead = chain;
        } else {
            next[freeTail] = chain;
        }
        freeTail = last[chain];
    }

    /** How many chains the device has. */
    final int published() {
        return chains - (nextNumber - publishedNumber);
    }

    /** How many chains there are, those that are not published included. */
    final int chains() {
        return chains;
    }

    /** Whether an id stands for a chain. */
    final boolean isTaken(final int chain) {
        return count[chain] > 0;
    }

    /** Notes that the device wrote what it may not. */
    final void disorder() {
        disorders++;
    }

    final long disorders() {
        return disorders;
    }

    final VirtqueueAreas areas() {
        return new VirtqueueAreas(memory.iova(), memory.iova() + driver, memory.iova() + device);
    }

    /** Forgets all chains and starts again from nothing; only when the device has been reset. */
    final void reset() {
        clear();
        rewind();
        disableInterrupts();
    }

    private void clear() {
        memory.clear();
        for (int i = 0; i < size; i++) {
            next[i] = i + 1 == size ? 0 : i + 1;
        }
        Arrays.fill(count, 0);
        freeHead = 0;
        freeTail = size - 1;
        free = size;
        chains = 0;
        nextNumber = 0;
        publishedNumber = 0;
        oldest = 0;
        batchEnd = NONE;
    }
}
