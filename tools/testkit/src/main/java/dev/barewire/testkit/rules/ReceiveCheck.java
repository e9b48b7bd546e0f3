package dev.barewire.testkit.rules;

import static dev.barewire.testkit.rules.CardState.RCTL;
import static dev.barewire.testkit.rules.IntelRule.RX_01;
import static dev.barewire.testkit.rules.IntelRule.RX_02;
import static dev.barewire.testkit.rules.IntelRule.RX_05;
import static dev.barewire.testkit.rules.IntelRule.SPLIT_03;

import java.util.stream.IntStream;

/** What the card is told to receive into. */
final class ReceiveCheck extends RegisterCheck {
    private static final int MAX_RING = 4096;

    private static final int BUFFERS = 4;

    private final RingRegisters ring;
    private final DmaReader memory;
    private final DmaReader cardMemory;

    /**
     * Watches the receiver.
     *
     * @param memory     for the driver's thread; null where only registers can be seen
     * @param cardMemory for the card's thread
     */
    ReceiveCheck(final CardState card, final Breaches breaches, final RingRegisters ring, final DmaReader memory,
        final DmaReader cardMemory) {
        super(card, breaches);
        this.ring = ring;
        this.memory = memory;
        this.cardMemory = cardMemory;
    }

    @Override
    void onWrite(final int offset, final int value) {
        if (offset != RCTL) {
            return;
        }
        final int bufferSize = CardState.bufferSize(value);
        if (card.turnsOn(RCTL, offset, value)) {
            require(bufferSize != 0, RX_02, () -> "RCTL " + hex(value) + " has no buffer size");
            require((value & CardState.RCTL_SECRC) != 0, RX_05, () -> "the receiver is switched on with RCTL " + hex(value));
            if (memory == null || !card.isUsed(ring) || card.isSince(Generation.THE_82576)) {
                return;
            }
            if (card.hasSplitDescriptors()) {
                requireDistance(0, 0, card.splitSize(0), false);
                requireDistance(1, BUFFERS - 1, card.splitSize(1), false);
            } else {
                requireDistance(0, 0, bufferSize, bufferSize != 16384);
            }
        }
    }

    /** Buffers of a pool lie at equal distances: what lies between two that are posted is what one of them holds. */
    private void requireDistance(final int first, final int last, final int size, final boolean exactly) {
        final int bytes = card.descriptorBytes(ring);
        final int posted = Math.min(card.value(ring.tail()) * 16 / bytes, MAX_RING);
        final long[] buffers = IntStream.range(0, posted).boxed().flatMapToLong(i -> IntStream.rangeClosed(first, last)
            .mapToLong(j -> memory.getLong(card.base(ring) + (long) bytes * i + 8L * j))).filter(at -> at != 0).sorted().toArray();
        long distance = Long.MAX_VALUE;
        for (int i = 1; i < buffers.length; i++) {
            distance = Math.min(distance, buffers[i] - buffers[i - 1]);
        }
        final long least = distance;
        require(least >= size, RX_01, () -> "buffers lie " + least + " bytes apart, but the card is told that each has " + size);
        require(!exactly || least < 2L * size || buffers.length < 2, RX_02,
            () -> "buffers lie " + least + " bytes apart, but RCTL says that each has only " + size);
    }

    /** On the card's thread. */
    void fetched(final int index, final long address) {
        if (cardMemory == null) {
            return;
        }
        if (card.hasSplitDescriptors()) {
            final long at = card.base(ring) + (long) card.descriptorBytes(ring) * index;
            for (int i = 0; i < BUFFERS; i++) {
                requireWritable(SPLIT_03, index, cardMemory.getLong(at + 8L * i), card.splitSize(i));
            }
        } else if (address != 0) {
            requireWritable(RX_01, index, address, card.bufferSize(ring));
            if (card.hasHeaderBuffers(ring)) {
                requireWritable(SPLIT_03, index, cardMemory.getLong(card.base(ring) + (long) card.descriptorBytes(ring) * index + 8),
                    card.headerSize(ring));
            }
        }
    }

    private void requireWritable(final IntelRule rule, final int index, final long address, final int size) {
        if (size > 0 && !cardMemory.isWritable(address, size)) {
            breach(rule, () -> "receive descriptor " + index + " points at " + hex(address) + ", where the card may not write "
                + size + " bytes");
        }
    }
}
