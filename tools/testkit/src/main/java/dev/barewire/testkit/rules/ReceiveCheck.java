package dev.barewire.testkit.rules;

import static dev.barewire.testkit.rules.CardState.RCTL;
import static dev.barewire.testkit.rules.IntelRule.RX_01;
import static dev.barewire.testkit.rules.IntelRule.RX_02;
import static dev.barewire.testkit.rules.IntelRule.RX_05;

import java.util.Arrays;

/** What the card is told to receive into. */
final class ReceiveCheck extends RegisterCheck {
    private static final int MAX_RING = 4096;

    private final DmaReader memory;
    private final DmaReader cardMemory;
    private int bufferSize;

    /**
     * Watches the receiver.
     *
     * @param memory     for the driver's thread; null where only registers can be seen
     * @param cardMemory for the card's thread
     */
    ReceiveCheck(final CardState card, final Breaches breaches, final DmaReader memory, final DmaReader cardMemory) {
        super(card, breaches);
        this.memory = memory;
        this.cardMemory = cardMemory;
    }

    @Override
    void onWrite(final int offset, final int value) {
        if (offset != RCTL) {
            return;
        }
        bufferSize = CardState.bufferSize(value);
        if (card.turnsOn(RCTL, offset, value)) {
            require(bufferSize != 0, RX_02, () -> "RCTL " + hex(value) + " has no buffer size");
            require((value & CardState.RCTL_SECRC) != 0, RX_05, () -> "the receiver is switched on with RCTL " + hex(value));
            if (memory != null) {
                requireDistance();
            }
        }
    }

    /** Buffers of a pool lie at equal distances: what lies between two that are posted is what one of them holds. */
    private void requireDistance() {
        final long[] buffers = new long[Math.min(card.value(RingRegisters.RECEIVE.tail()), MAX_RING)];
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = memory.getLong(card.base(RingRegisters.RECEIVE) + 16L * i);
        }
        Arrays.sort(buffers);
        long distance = Long.MAX_VALUE;
        for (int i = 1; i < buffers.length; i++) {
            distance = Math.min(distance, buffers[i] - buffers[i - 1]);
        }
        final long least = distance;
        require(least >= bufferSize, RX_01, () -> "buffers lie " + least + " bytes apart, but RCTL says that each has " + bufferSize);
        require(least < 2L * bufferSize || buffers.length < 2 || bufferSize == 16384, RX_02,
            () -> "buffers lie " + least + " bytes apart, but RCTL says that each has only " + bufferSize);
    }

    /** On the card's thread. */
    void fetched(final int index, final long address) {
        final int size = bufferSize;
        if (cardMemory != null && address != 0 && !cardMemory.isWritable(address, size)) {
            breach(RX_01, () -> "receive descriptor " + index + " points at " + hex(address) + ", where the card may not write "
                + size + " bytes");
        }
    }
}
