package dev.barewire.testkit.rules;

import static dev.barewire.testkit.rules.IntelRule.RESET_07;
import static dev.barewire.testkit.rules.IntelRule.RESET_09;

/** How registers are accessed at all. */
final class AccessCheck extends RegisterCheck {
    AccessCheck(final CardState card, final Breaches breaches) {
        super(card, breaches);
    }

    @Override
    void onRead(final int offset, final int value) {
        check(offset, "read");
    }

    @Override
    void onWrite(final int offset, final int value) {
        check(offset, "written");
    }

    private void check(final int offset, final String how) {
        if (!CardState.isRegister(offset)) {
            breach(RESET_09, () -> "register " + hex(offset) + " is " + how);
        }
        if (!card.commands(CardState.COMMAND_MEMORY)) {
            breach(RESET_07, () -> "register " + hex(offset) + " is " + how + ", but memory space is not on");
        }
    }
}
