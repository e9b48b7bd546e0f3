package dev.barewire.testkit.rules;

import static dev.barewire.testkit.rules.CardState.MRQC;
import static dev.barewire.testkit.rules.CardState.PSRCTL;
import static dev.barewire.testkit.rules.CardState.RCTL;
import static dev.barewire.testkit.rules.CardState.RETA;
import static dev.barewire.testkit.rules.CardState.RFCTL;
import static dev.barewire.testkit.rules.IntelRule.RING_18;
import static dev.barewire.testkit.rules.IntelRule.RXCSUM_04;
import static dev.barewire.testkit.rules.IntelRule.RX_03;
import static dev.barewire.testkit.rules.IntelRule.SPLIT_01;
import static dev.barewire.testkit.rules.IntelRule.SPLIT_02;

/** What an 82574, or a card after it, is told of its receive descriptors and queues before it is switched on. */
final class ReceiveFormatCheck extends RegisterCheck {
    private static final int PCSD = 1 << 13;
    private static final int MRQC_MODE = 3;
    private static final int RETA_BYTES = 128;

    private final int rss;
    /** Where an entry of the redirection table has its queue. */
    private final int queueShift;

    ReceiveFormatCheck(final CardState card, final Breaches breaches) {
        super(card, breaches);
        rss = card.isSince(Generation.THE_82576) ? 2 : 1;
        queueShift = card.isSince(Generation.THE_82576) ? 0 : 7;
    }

    @Override
    void onWrite(final int offset, final int value) {
        if (offset == RFCTL || offset == PSRCTL) {
            require(!card.has(RCTL, CardState.EN), RX_03, () -> hex(offset) + " is written while the receiver is on");
        } else if (card.turnsOn(RCTL, offset, value)) {
            requireFormat(value);
            requireQueues();
        }
    }

    private void requireFormat(final int rctl) {
        final int type = rctl & CardState.RCTL_DTYP;
        require(type == 0 || type == CardState.RCTL_DTYP_SPLIT && card.hasExtendedDescriptors(), SPLIT_01,
            () -> "the receiver is switched on with RCTL " + hex(rctl) + " and RFCTL " + hex(card.value(RFCTL)));
        if (type == CardState.RCTL_DTYP_SPLIT) {
            require(card.splitSize(0) > 0 && card.splitSize(1) > 0, SPLIT_02,
                () -> "the receiver is switched on with PSRCTL " + hex(card.value(PSRCTL)));
        }
    }

    private void requireQueues() {
        if ((card.value(MRQC) & MRQC_MODE) != rss) {
            return;
        }
        require(card.has(CardState.RXCSUM, PCSD), RXCSUM_04,
            () -> "the receiver is switched on with MRQC " + hex(card.value(MRQC)) + " and RXCSUM " + hex(card.value(CardState.RXCSUM)));
        int named = 0;
        for (int entry = 0; entry < RETA_BYTES; entry++) {
            final int octet = card.value(RETA + (entry & ~3)) >>> Byte.SIZE * (entry & 3);
            named |= 1 << (octet >>> queueShift & card.queues() - 1);
        }
        for (int i = 1; i < card.queues(); i++) {
            final int queue = i;
            require((named >>> queue & 1) == 0 || card.isUsed(card.receiveRing(queue)), RING_18,
                () -> "the receiver is switched on with queue " + queue + " in its redirection table, which has no ring");
        }
    }
}
