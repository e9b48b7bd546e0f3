package dev.barewire.testkit.rules;

import static dev.barewire.testkit.rules.CardState.ICR;
import static dev.barewire.testkit.rules.CardState.IMS;
import static dev.barewire.testkit.rules.CardState.IVAR;
import static dev.barewire.testkit.rules.IntelRule.INTR_02;
import static dev.barewire.testkit.rules.IntelRule.INTR_10;

/** How causes are let in and cleared where an 82574 interrupts by messages. */
final class MessageCheck extends RegisterCheck {
    private static final int VALID = 0x8_8888;
    /** Of queues, and of all else. */
    private static final int CAUSES = 0x1f << 20;
    private static final int RXT0 = 1 << 7;

    private int seen;

    MessageCheck(final CardState card, final Breaches breaches) {
        super(card, breaches);
    }

    private boolean usesMessages() {
        return card.has(IVAR, VALID);
    }

    @Override
    void onRead(final int offset, final int value) {
        if (offset == ICR && value != -1 && usesMessages()) {
            seen |= value & CAUSES;
        }
    }

    @Override
    void onWrite(final int offset, final int value) {
        if (CardState.isReset(offset, value)) {
            seen = 0;
        } else if (offset == ICR) {
            seen &= ~value;
        } else if (offset == IMS && usesMessages()) {
            final int left = seen & value & ~card.value(CardState.EIAC);
            require(left == 0, INTR_02, () -> "causes " + hex(left) + " are let in again, but were not written to ICR");
            require((value & RXT0) == 0, INTR_10, () -> "IMS is written as " + hex(value) + ", with RXT0, while IVAR is "
                + hex(card.value(IVAR)));
            seen = 0;
        }
    }
}
