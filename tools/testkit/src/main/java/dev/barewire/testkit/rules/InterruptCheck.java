package dev.barewire.testkit.rules;

import static dev.barewire.testkit.rules.IntelRule.INTR_01;
import static dev.barewire.testkit.rules.IntelRule.INTR_08;

/** How interrupts are masked and acknowledged. */
final class InterruptCheck extends RegisterCheck {
    /** The mask was opened, and ICR was not read since. */
    private boolean open;
    /** And closed again. */
    private boolean unread;

    InterruptCheck(final CardState card, final Breaches breaches) {
        super(card, breaches);
    }

    @Override
    void onRead(final int offset, final int value) {
        if (offset == CardState.ICR) {
            open = false;
            unread = false;
        }
    }

    @Override
    void onWrite(final int offset, final int value) {
        if ((offset == CardState.IMS || offset == CardState.IMC) && value == 0) {
            breach(INTR_08, () -> (offset == CardState.IMS ? "IMS" : "IMC") + " is written with 0");
        }
        if (offset == CardState.IMC) {
            unread |= open;
        } else if (offset == CardState.IMS) {
            // By messages each vector has its own causes, and reading is not what clears them: see INTR_02.
            require(!unread || card.isWritten(CardState.IVAR), INTR_01, () -> "the mask was opened and closed, and is opened again, but ICR was not read");
            open = true;
            unread = false;
        } else if (CardState.isReset(offset, value)) {
            open = false;
            unread = false;
        }
    }
}
