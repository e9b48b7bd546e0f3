package dev.barewire.testkit.rules;

import static dev.barewire.testkit.rules.CardState.ICR;
import static dev.barewire.testkit.rules.CardState.IMC;
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

    /** Causes that were let in and are not cleared since; those of them that were masked in the meantime. */
    private int open;
    private int closed;

    MessageCheck(final CardState card, final Breaches breaches) {
        super(card, breaches);
    }

    private boolean usesMessages() {
        return card.has(IVAR, VALID);
    }

    @Override
    void onWrite(final int offset, final int value) {
        if (CardState.isReset(offset, value)) {
            open = 0;
            closed = 0;
        } else if (offset == ICR) {
            open &= ~value;
            closed &= ~value;
        } else if (offset == IMC) {
            closed |= open & value;
        } else if (offset == IMS && usesMessages()) {
            letIn(value);
        }
    }

    private void letIn(final int causes) {
        final int left = closed & causes & ~card.value(CardState.EIAC);
        if (left != 0) {
            breach(INTR_02, () -> "causes " + hex(left) + " are let in again, but were not written to ICR");
        }
        if ((causes & RXT0) != 0) {
            breach(INTR_10, () -> "IMS is written as " + hex(causes) + ", with RXT0, while IVAR is " + hex(card.value(IVAR)));
        }
        open |= causes & CAUSES;
        closed &= ~causes;
    }
}
