package dev.barewire.rings.virtio;

import java.util.ArrayList;
import java.util.List;

/** A device's side of a packed virtqueue. */
final class PackedDevice extends DeviceQueue {
    private static final int AVAILABLE = 0x80;
    private static final int USED = 0x8000;

    private int slot;
    private boolean wrap = true;
    private int usedSlot;
    private boolean usedWrap = true;
    /** Slots used since the driver's wish was looked at. */
    private int fresh;

    PackedDevice(final VirtioFixture fixture, final VirtqueueFormat format, final VirtqueueAreas areas) {
        super(fixture, format, areas);
    }

    private long at(final int index) {
        return descriptors + index * 16L;
    }

    private boolean isAvailable() {
        final int flags = memory.getShortAcquire(at(slot) + 14) & 0xffff;
        return (flags & AVAILABLE) != 0 == wrap && (flags & USED) != 0 != wrap;
    }

    private void advance() {
        slot++;
        if (slot == format.size()) {
            slot = 0;
            wrap = !wrap;
        }
    }

    @Override
    Chain next() {
        if (!isAvailable()) {
            return null;
        }
        final List<Piece> pieces = new ArrayList<>();
        for (int count = 1;; count++) {
            complain(isAvailable(), "2.8.17: a list of which not all is there");
            final long iova = memory.getLong(at(slot));
            final int length = memory.getInt(at(slot) + 8);
            final int id = memory.getShort(at(slot) + 12) & 0xffff;
            final int flags = memory.getShort(at(slot) + 14) & 0xffff & ~(AVAILABLE | USED);
            complain((flags & ~(NEXT | WRITE | INDIRECT)) == 0, "2.8.13: flags 0x" + Integer.toHexString(flags));
            advance();
            if ((flags & INDIRECT) != 0) {
                complain((flags & NEXT) == 0 && count == 1, "2.8.19: INDIRECT in a list");
                pieces.addAll(table(iova, length));
            } else {
                pieces.add(new Piece(iova, length, (flags & WRITE) != 0));
            }
            if ((flags & NEXT) == 0) {
                return checked(new Chain(id, count, pieces));
            }
            complain(count < format.size(), "2.8.17: a list longer than the queue");
        }
    }

    @Override
    void use(final Chain chain, final int length) {
        put(chain.id(), length, chain.slots());
    }

    @Override
    void useBatch(final List<Chain> chains, final int length) {
        put(chains.getLast().id(), length, chains.stream().mapToInt(Chain::slots).sum());
    }

    @Override
    boolean pass(final int length) {
        if (!isAvailable()) {
            return false;
        }
        final int id = memory.getShort(at(slot) + 12) & 0xffff;
        int slots = 1;
        while ((memory.getShort(at(slot) + 14) & NEXT) != 0) {
            slots++;
            advance();
        }
        advance();
        put(id, length, slots);
        return true;
    }

    void put(final int id, final int length, final int slots) {
        memory.putInt(at(usedSlot) + 8, length);
        memory.putShort(at(usedSlot) + 12, (short) id);
        memory.putShortRelease(at(usedSlot) + 14, (short) (WRITE | (usedWrap ? AVAILABLE | USED : 0)));
        fresh += slots;
        usedSlot += slots;
        if (usedSlot >= format.size()) {
            usedSlot -= format.size();
            usedWrap = !usedWrap;
        }
    }

    @Override
    void wantNotification() {
        memory.putIntRelease(device, format.eventIndex() ? 2 << 16 | slot | (wrap ? 0x8000 : 0) : 0);
    }

    @Override
    void wantNoNotification() {
        memory.putIntRelease(device, 1 << 16);
    }

    @Override
    boolean mayInterrupt() {
        final int count = fresh;
        fresh = 0;
        final int event = memory.getIntAcquire(driver);
        final int flags = event >>> 16;
        complain(flags < (format.eventIndex() ? 3 : 2), "2.8.14: flags of " + flags);
        if (flags != 2) {
            return flags == 0 && count > 0;
        }
        // The place asked for lies among those that were used.
        final int asked = (event & 0x7fff) + ((event & 0x8000) != 0 == usedWrap ? 0 : -format.size());
        return asked < usedSlot && asked >= usedSlot - count;
    }
}
