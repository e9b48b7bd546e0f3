package dev.barewire.testkit.rules;

import static dev.barewire.testkit.rules.IntelRule.RING_01;
import static dev.barewire.testkit.rules.IntelRule.RING_02;
import static dev.barewire.testkit.rules.IntelRule.RING_03;
import static dev.barewire.testkit.rules.IntelRule.RING_04;
import static dev.barewire.testkit.rules.IntelRule.RING_05;

/** How a ring is laid out, and what lies in it when its unit is switched on. */
final class RingSetupCheck extends RegisterCheck {
    private static final int MIN_BYTES = 8 * 16;
    private static final int MOST_DESCRIPTORS = 4096;

    private final RingRegisters ring;
    private final DmaReader memory;

    /**
     * Watches a ring.
     *
     * @param memory null where only registers can be seen
     */
    RingSetupCheck(final CardState card, final Breaches breaches, final RingRegisters ring, final DmaReader memory) {
        super(card, breaches);
        this.ring = ring;
        this.memory = memory;
    }

    @Override
    void onWrite(final int offset, final int value) {
        if (offset == ring.low()) {
            require((value & (card.isSince(Generation.THE_82576) ? 0x7f : 0xf)) == 0, RING_01, () -> "the " + ring.title() + " ring's base is " + hex(value));
        } else if (offset == ring.length()) {
            require(value % 128 == 0, RING_02, () -> "the " + ring.title() + " ring's length is " + value);
            require(value >= MIN_BYTES && value / card.descriptorBytes(ring) <= MOST_DESCRIPTORS, RING_03,
                () -> "the " + ring.title() + " ring's length is " + value);
        }
        if (offset >= ring.low() && offset <= ring.head()) {
            require(!card.has(ring.unit(), CardState.EN), RING_04,
                () -> hex(offset) + " is written while the " + ring.title() + " unit is on");
        }
        if (card.turnsOn(ring.unit(), offset, value) && card.isUsed(ring)) {
            require(card.value(ring.head()) == 0, RING_04,
                () -> "the " + ring.title() + " ring starts at head " + card.value(ring.head()));
            if (memory != null) {
                requireZeros();
            }
        }
    }

    private void requireZeros() {
        final int bytes = card.descriptorBytes(ring);
        final int size = Math.min(card.size(ring), MOST_DESCRIPTORS);
        final int tail = card.value(ring.tail()) * 16 / bytes;
        for (int i = 0; i < size; i++) {
            final boolean handedOver = i < tail;
            if (handedOver && (ring.isTransmit() || bytes > 16 || card.hasHeaderBuffers(ring))) {
                continue;
            }
            final long at = card.base(ring) + (long) bytes * i;
            final long first = handedOver ? 0 : memory.getLong(at);
            final long second = memory.getLong(at + 8);
            if (first != 0 || second != 0) {
                final int index = i;
                breach(RING_05, () -> ring.title() + " descriptor " + index + " is " + hex(first) + " " + hex(second)
                    + " when the unit is switched on");
                return;
            }
        }
    }
}
