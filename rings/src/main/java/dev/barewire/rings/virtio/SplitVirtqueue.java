package dev.barewire.rings.virtio;

import static dev.barewire.rings.virtio.SplitLayout.ADDRESS;
import static dev.barewire.rings.virtio.SplitLayout.AVAILABLE_FLAGS;
import static dev.barewire.rings.virtio.SplitLayout.AVAILABLE_INDEX;
import static dev.barewire.rings.virtio.SplitLayout.CONTROL;
import static dev.barewire.rings.virtio.SplitLayout.NO_INTERRUPT;
import static dev.barewire.rings.virtio.SplitLayout.NO_NOTIFY;
import static dev.barewire.rings.virtio.SplitLayout.USED_FLAGS;
import static dev.barewire.rings.virtio.SplitLayout.USED_INDEX;

import dev.barewire.rings.RingMemory;

/**
 * A split virtqueue (section 2.7): the descriptors' table, the ring of chains that the device may use and that of those
 * that it has. A chain's id is its first descriptor. Indexes are of 16 bits and wrap by themselves. A descriptor or an entry
 * is written only where it differs from what is there, so that the device's copy of its cache line stays good.
 */
final class SplitVirtqueue extends Virtqueue {
    private static final int INDEX = 0xffff;

    private final int mask;
    private final int usedEvent;
    private final int availableEvent;
    /** The descriptor that a chain goes on with; -1 at its start. */
    private int descriptor = NONE;
    private int available;
    private int publishedAvailable;
    /** What was published before that. */
    private int earlier;
    private int used;
    /** The device's index as it was read last, if it can be. */
    private int seenUsed;
    /** The one that could not; -1 if there was none since. */
    private int impossible = NONE;

    SplitVirtqueue(final RingMemory memory, final VirtqueueFormat format) {
        super(memory, format);
        mask = size - 1;
        usedEvent = driver + SplitLayout.usedEvent(size);
        availableEvent = device + SplitLayout.availableEvent(size);
    }

    @Override
    void add(final long iova, final int length, final int flags) {
        final int index = descriptor == NONE ? id : descriptor;
        final boolean goesOn = --left > 0;
        descriptor = goesOn ? takeId() : NONE;
        if (goesOn) {
            extend(descriptor);
        }
        write(SplitLayout.descriptor(index), iova,
            SplitLayout.control(length, goesOn ? flags | NEXT : flags, goesOn ? descriptor : 0));
    }

    private void write(final int at, final long iova, final long control) {
        if (memory.getLong(at + ADDRESS) != iova) {
            memory.putLong(at + ADDRESS, iova);
        }
        if (memory.getLong(at + CONTROL) != control) {
            memory.putLong(at + CONTROL, control);
        }
    }

    @Override
    void end() {
        final int at = driver + SplitLayout.availableEntry(available & mask);
        if (memory.getShort(at) != (short) id) {
            memory.putShort(at, (short) id);
        }
        available = available + 1 & INDEX;
    }

    @Override
    int makeAvailable() {
        memory.putShortRelease(driver + AVAILABLE_INDEX, (short) available);
        earlier = publishedAvailable;
        publishedAvailable = available;
        return available;
    }

    @Override
    boolean wantsNotification() {
        if (!eventIndex) {
            return (memory.getShort(device + USED_FLAGS) & NO_NOTIFY) == 0;
        }
        final int event = memory.getShort(availableEvent);
        return (available - event - 1 & INDEX) < (available - earlier & INDEX);
    }

    @Override
    boolean look() {
        if (used == seenUsed && !readIndex()) {
            return false;
        }
        final long entry = memory.getLong(device + SplitLayout.usedEntry(used & mask));
        final int length = (int) (entry >>> 32);
        usedId = (int) entry;
        usedLength = length < 0 ? Integer.MAX_VALUE : length;
        return true;
    }

    /** Reads how far the device is; it cannot be ahead of what it was given. */
    private boolean readIndex() {
        final int index = memory.getShortAcquire(device + USED_INDEX) & INDEX;
        if (index == used) {
            return false;
        }
        if ((index - used & INDEX) > published()) {
            if (index != impossible) {
                impossible = index;
                disorder();
            }
            return false;
        }
        impossible = NONE;
        seenUsed = index;
        return true;
    }

    @Override
    void step(final int descriptors) {
        used = used + 1 & INDEX;
    }

    @Override
    int visible() {
        return seenUsed - used & INDEX;
    }

    @Override
    boolean hasUsed() {
        if (used != seenUsed) {
            return true;
        }
        final int fresh = (memory.getShortAcquire(device + USED_INDEX) & INDEX) - used & INDEX;
        return fresh != 0 && fresh <= published();
    }

    @Override
    void addToTable(final int table, final int index, final boolean isLast, final long iova, final int length) {
        write(table + SplitLayout.descriptor(index), iova,
            SplitLayout.control(length, isLast ? 0 : NEXT, isLast ? 0 : index + 1));
    }

    /** With the event index flags stay 0, and the device is asked to interrupt at the very next chain. */
    @Override
    void enableInterrupts() {
        if (eventIndex) {
            memory.putShortRelease(usedEvent, (short) used);
        } else {
            memory.putShortRelease(driver + AVAILABLE_FLAGS, (short) 0);
        }
    }

    /** With the event index the device is asked to interrupt as late as can be said: 65535 chains from now. */
    @Override
    void disableInterrupts() {
        if (eventIndex) {
            memory.putShortRelease(usedEvent, (short) (used - 1));
        } else {
            memory.putShortRelease(driver + AVAILABLE_FLAGS, NO_INTERRUPT);
        }
    }

    @Override
    void rewind() {
        descriptor = NONE;
        available = 0;
        publishedAvailable = 0;
        earlier = 0;
        used = 0;
        seenUsed = 0;
        impossible = NONE;
    }
}
