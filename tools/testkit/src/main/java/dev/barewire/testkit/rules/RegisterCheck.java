package dev.barewire.testkit.rules;

import java.util.function.Supplier;

/** Watches registers for the rules of an area. Calls come one at a time, before the card acts and the state changes. */
abstract class RegisterCheck {
    final CardState card;
    private final Breaches breaches;

    RegisterCheck(final CardState card, final Breaches breaches) {
        this.card = card;
        this.breaches = breaches;
    }

    /** The driver read a register. */
    void onRead(final int offset, final int value) {
        // nothing, unless an area cares
    }

    /** The driver writes a register. */
    void onWrite(final int offset, final int value) {
        // nothing, unless an area cares
    }

    final void breach(final Rule rule, final Supplier<String> detail) {
        breaches.add(rule, detail);
    }

    /** For what happens seldom: a detail that captures anything is made at each call. */
    final void require(final boolean kept, final Rule rule, final Supplier<String> detail) {
        if (!kept) {
            breaches.add(rule, detail);
        }
    }

    static String hex(final long value) {
        return "0x" + Long.toHexString(value);
    }

    static String hex(final int value) {
        return "0x" + Integer.toHexString(value);
    }
}
