package dev.barewire.rings.virtio;

import java.util.ArrayList;
import java.util.List;

/** A device's side of a split virtqueue. */
final class SplitDevice extends DeviceQueue {
    private int available;
    private int used;
    private int toldUsed;
    private int nextInOrder;

    SplitDevice(final VirtioFixture fixture, final VirtqueueFormat format, final VirtqueueAreas areas) {
        super(fixture, format, areas);
    }

    @Override
    Chain next() {
        final int index = memory.getShortAcquire(driver + 2) & 0xffff;
        if (index == available) {
            return null;
        }
        complain((index - available & 0xffff) <= format.size(), "2.7.6.1: the index moved back or too far");
        final int head = memory.getShort(driver + 4 + 2L * (available % format.size())) & 0xffff;
        available = available + 1 & 0xffff;
        complain(head < format.size(), "a head of " + head);
        final List<Piece> pieces = new ArrayList<>();
        int at = head;
        for (int count = 1;; count++) {
            final long descriptor = descriptors + at * 16L;
            final long iova = memory.getLong(descriptor);
            final int length = memory.getInt(descriptor + 8);
            final int flags = memory.getShort(descriptor + 12) & 0xffff;
            final int next = memory.getShort(descriptor + 14) & 0xffff;
            complain((flags & ~(NEXT | WRITE | INDIRECT)) == 0, "2.7.5: flags 0x" + Integer.toHexString(flags));
            complain(!format.inOrder() || at == nextInOrder, "2.7.9: a descriptor out of order");
            nextInOrder = (at + 1) % format.size();
            if ((flags & INDIRECT) != 0) {
                complain((flags & (NEXT | WRITE)) == 0, "2.7.5.3.1: INDIRECT and NEXT");
                pieces.addAll(table(iova, length));
            } else {
                pieces.add(new Piece(iova, length, (flags & WRITE) != 0));
            }
            if ((flags & NEXT) == 0) {
                return checked(new Chain(head, count, pieces));
            }
            complain(!format.inOrder() || next == nextInOrder, "2.7.5.2: a chain that is not in sequence");
            complain(count < format.size(), "2.7.5.2: a loop");
            if (count == format.size()) {
                return null;
            }
            at = next;
        }
    }

    @Override
    void use(final Chain chain, final int length) {
        put(chain.id(), length);
        publish(1);
    }

    @Override
    void useBatch(final List<Chain> chains, final int length) {
        put(chains.getLast().id(), length);
        publish(chains.size());
    }

    @Override
    boolean pass(final int length) {
        if ((memory.getShortAcquire(driver + 2) & 0xffff) == available) {
            return false;
        }
        put(memory.getShort(driver + 4 + 2L * (available % format.size())) & 0xffff, length);
        available = available + 1 & 0xffff;
        publish(1);
        return true;
    }

    void put(final int id, final int length) {
        final long entry = device + 4 + 8L * (used % format.size());
        memory.putInt(entry, id);
        memory.putInt(entry + 4, length);
    }

    void publish(final int count) {
        used = used + count & 0xffff;
        memory.putShortRelease(device + 2, (short) used);
    }

    @Override
    void wantNotification() {
        if (format.eventIndex()) {
            // The flag counts for nothing now, whatever it says (2.7.10.1).
            memory.putShortRelease(device, (short) 1);
            memory.putShortRelease(device + 4 + 8L * format.size(), (short) available);
        } else {
            memory.putShortRelease(device, (short) 0);
            // Nor does the event.
            memory.putShortRelease(device + 4 + 8L * format.size(), (short) (available - 1));
        }
    }

    @Override
    void wantNoNotification() {
        if (format.eventIndex()) {
            memory.putShortRelease(device, (short) 0);
            memory.putShortRelease(device + 4 + 8L * format.size(), (short) (available - 1));
        } else {
            memory.putShortRelease(device, (short) 1);
        }
    }

    @Override
    boolean mayInterrupt() {
        final int before = toldUsed;
        toldUsed = used;
        final int flags = memory.getShortAcquire(driver) & 0xffff;
        if (format.eventIndex()) {
            complain(flags == 0, "2.7.7.1: flags of " + flags + " with the event index");
            final int event = memory.getShortAcquire(driver + 4 + 2L * format.size()) & 0xffff;
            return (used - event - 1 & 0xffff) < (used - before & 0xffff);
        }
        complain(flags <= 1, "2.7.7.1: flags of " + flags);
        return flags == 0 && used != before;
    }
}
