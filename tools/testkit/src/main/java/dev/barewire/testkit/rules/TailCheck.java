package dev.barewire.testkit.rules;

import static dev.barewire.testkit.rules.IntelRule.RING_06;
import static dev.barewire.testkit.rules.IntelRule.RING_10;
import static dev.barewire.testkit.rules.IntelRule.RING_13;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What a driver hands over when it writes a tail. The tail is heard of on the driver's thread, what the card has fetched and
 * done on the card's; they share only what the driver wrote before the tail and a count of what is done, which is told
 * before the driver can see it.
 */
abstract class TailCheck extends RegisterCheck {
    private static final int MAX_SIZE = 4096;
    /** What head and tail count, in bytes. */
    private static final int UNIT = 16;

    final RingRegisters ring;
    final DmaReader memory;
    /** Descriptors as they were when the tail that handed them over was written. */
    private final long[] first = new long[MAX_SIZE];
    private final long[] second = new long[MAX_SIZE];
    private final AtomicLong done = new AtomicLong();
    private long handedOver;
    private int tail;

    /**
     * Watches a ring.
     *
     * @param memory null where only registers can be seen
     */
    TailCheck(final CardState card, final Breaches breaches, final RingRegisters ring, final DmaReader memory) {
        super(card, breaches);
        this.ring = ring;
        this.memory = memory;
    }

    /** A descriptor is handed over. */
    abstract void onHandOver(int index, long quad1, long quad2);

    /** A tail was written that leaves a descriptor free. */
    abstract void onTail(int count, int next);

    /** Whether a descriptor looks as if the driver had made it ready for the card. */
    abstract boolean isReady(long quad1, long quad2);

    /** The rule against handing over a whole ring. */
    abstract Rule gap();

    @Override
    void onWrite(final int offset, final int value) {
        if (offset == ring.tail()) {
            tail(value);
        } else if (CardState.isReset(offset, value)) {
            tail = 0;
            handedOver = 0;
        } else if (card.turnsOn(ring.unit(), offset, value)) {
            done.set(0);
        }
    }

    private void tail(final int written) {
        final int size = Math.min(card.size(ring), MAX_SIZE);
        final int units = card.descriptorBytes(ring) / UNIT;
        final int next = written / units;
        if (written % units != 0) {
            breach(RING_13, () -> "the " + ring.title() + " tail is " + written + ", amid a descriptor of " + units + " units");
        }
        if (next < 0 || next >= size) {
            breach(RING_10, () -> "the " + ring.title() + " tail is " + next + " of a ring of " + size);
            return;
        }
        final int count = next >= tail ? next - tail : next - tail + size;
        final boolean whole = count == 0 ? memory != null && isReadyAt(next) : outstanding() + count >= size;
        if (whole) {
            breach(gap(), () -> "the " + ring.title() + " tail is " + next + ": it hands over the whole ring of " + size);
        }
        if (memory != null) {
            for (int i = tail; i != next; i = i + 1 == size ? 0 : i + 1) {
                look(i);
            }
        }
        handedOver += count;
        tail = next;
        if (!whole) {
            onTail(count, next);
        }
    }

    private void look(final int index) {
        final long at = address(index);
        final long quad1 = memory.getLong(at);
        final long quad2 = memory.getLong(at + 8);
        first[index] = quad1;
        second[index] = quad2;
        onHandOver(index, quad1, quad2);
    }

    final long address(final int index) {
        return card.base(ring) + (long) card.descriptorBytes(ring) * index;
    }

    final boolean isReadyAt(final int index) {
        final long at = address(index);
        return isReady(memory.getLong(at), memory.getLong(at + 8));
    }

    /** At most how many descriptors the driver may believe the card to have. */
    final long outstanding() {
        return Math.max(0, handedOver - done.getAcquire());
    }

    final long doneCount() {
        return done.getAcquire();
    }

    /** On the card's thread. */
    final void fetched(final int index, final long quad1, final long quad2) {
        if (memory != null && (first[index] != quad1 || second[index] != quad2)) {
            final long was1 = first[index];
            final long was2 = second[index];
            breach(RING_06, () -> ring.title() + " descriptor " + index + " was " + hex(was1) + " " + hex(was2)
                + " when the tail was written and is " + hex(quad1) + " " + hex(quad2) + " when it is fetched");
        }
    }

    /** On the card's thread. */
    final void done(final int count) {
        done.setRelease(done.getPlain() + count);
    }
}
