package dev.barewire.testkit.rules;

import static dev.barewire.testkit.rules.IntelRule.INTR_08;

/** How interrupts are masked. */
final class InterruptCheck extends RegisterCheck {
    InterruptCheck(final CardState card, final Breaches breaches) {
        super(card, breaches);
    }

    @Override
    void onWrite(final int offset, final int value) {
        if (offset == CardState.IMS || offset == CardState.IMC) {
            require(value != 0, INTR_08, () -> (offset == CardState.IMS ? "IMS" : "IMC") + " is written with 0");
        }
    }
}
