package dev.barewire.rings.virtio;

import static dev.barewire.rings.virtio.PackedLayout.ADDRESS;
import static dev.barewire.rings.virtio.PackedLayout.AVAILABLE;
import static dev.barewire.rings.virtio.PackedLayout.CONTROL;
import static dev.barewire.rings.virtio.PackedLayout.FLAGS;
import static dev.barewire.rings.virtio.PackedLayout.USED;

import dev.barewire.rings.RingMemory;

/**
 * A packed virtqueue (section 2.8): one ring of descriptors that both sides write. Each side goes round it and flips its
 * wrap counter at the end; a descriptor's two flags say whose it is.
 *
 * <p>The control word of the first descriptor of a burst is written last, with release order: until it is there the device
 * does not go on to those behind it, however many chains they are.
 */
final class PackedVirtqueue extends Virtqueue {
    private static final int INDEX = 0xffff;

    /** The slot that is written next. */
    private int slot;
    private boolean wrap = true;
    /** The first control word of the burst, which is held back, and its place; -1 without one. */
    private int heldAt = NONE;
    private long held;
    /** Descriptors written since the last publication, and between the last two. */
    private int written;
    private int publishedCount;
    private int usedSlot;
    private boolean usedWrap = true;

    PackedVirtqueue(final RingMemory memory, final VirtqueueFormat format) {
        super(memory, format);
    }

    @Override
    void add(final long iova, final int length, final int flags) {
        final boolean goesOn = --left > 0;
        final int at = PackedLayout.descriptor(slot);
        final long control = PackedLayout.control(
            length, id, flags | (goesOn ? NEXT : 0) | (wrap ? AVAILABLE : USED));
        memory.putLong(at + ADDRESS, iova);
        if (heldAt == NONE) {
            heldAt = at + CONTROL;
            held = control;
        } else {
            memory.putLong(at + CONTROL, control);
        }
        written++;
        if (++slot == size) {
            slot = 0;
            wrap = !wrap;
        }
    }

    @Override
    void end() {
        // A chain's place in the ring says all.
    }

    @Override
    int makeAvailable() {
        memory.putLongRelease(heldAt, held);
        heldAt = NONE;
        publishedCount = written;
        written = 0;
        return PackedLayout.position(slot, wrap);
    }

    @Override
    boolean wantsNotification() {
        final int event = memory.getInt(device);
        final int flags = PackedLayout.eventFlags(event);
        if (flags != PackedLayout.EVENT_DESCRIPTOR || !eventIndex) {
            return flags != PackedLayout.EVENT_DISABLE;
        }
        final int asked = PackedLayout.eventSlot(event) - (PackedLayout.eventWrap(event) == wrap ? 0 : size);
        return (slot - asked - 1 & INDEX) < publishedCount;
    }

    @Override
    boolean look() {
        if (!hasUsed()) {
            return false;
        }
        final long control = memory.getLong(PackedLayout.descriptor(usedSlot) + CONTROL);
        final int length = (int) control;
        usedId = (int) (control >>> 32) & INDEX;
        usedLength = length < 0 ? Integer.MAX_VALUE : length;
        return true;
    }

    @Override
    void step(final int descriptors) {
        usedSlot += descriptors;
        if (usedSlot >= size) {
            usedSlot -= size;
            usedWrap = !usedWrap;
        }
    }

    @Override
    int visible() {
        return Integer.MAX_VALUE;
    }

    @Override
    boolean hasUsed() {
        if (published() == 0) {
            return false;
        }
        final int flags = memory.getShortAcquire(PackedLayout.descriptor(usedSlot) + FLAGS);
        return (flags & AVAILABLE) != 0 == usedWrap && (flags & USED) != 0 == usedWrap;
    }

    /** Only addresses, lengths and WRITE count in a table: it has an order by itself (2.8.19). */
    @Override
    void addToTable(final int table, final int index, final boolean isLast, final long iova, final int length) {
        final int at = table + PackedLayout.descriptor(index);
        final long control = PackedLayout.control(length, 0, 0);
        if (memory.getLong(at + ADDRESS) != iova) {
            memory.putLong(at + ADDRESS, iova);
        }
        if (memory.getLong(at + CONTROL) != control) {
            memory.putLong(at + CONTROL, control);
        }
    }

    @Override
    void enableInterrupts() {
        memory.putIntRelease(driver, eventIndex
            ? PackedLayout.event(PackedLayout.EVENT_DESCRIPTOR, PackedLayout.position(usedSlot, usedWrap))
            : PackedLayout.event(PackedLayout.EVENT_ENABLE, 0));
    }

    @Override
    void disableInterrupts() {
        memory.putIntRelease(driver, PackedLayout.event(PackedLayout.EVENT_DISABLE, 0));
    }

    @Override
    void rewind() {
        slot = 0;
        wrap = true;
        heldAt = NONE;
        written = 0;
        publishedCount = 0;
        usedSlot = 0;
        usedWrap = true;
    }
}
