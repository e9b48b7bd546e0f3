package dev.barewire.testkit.model.intel;

import dev.barewire.testkit.model.CardSlot;

/** Interrupt causes and their mask: the line is up while a cause is there that the mask lets through (13.4.17 to 13.4.21). */
final class Causes {
    private final CardSlot slot;
    private int causes;
    private int mask;
    private boolean line;

    Causes(final CardSlot slot) {
        this.slot = slot;
    }

    void raise(final int bits) {
        causes |= bits;
        update();
    }

    /** A read of ICR. */
    int readAndClear() {
        final int value = causes;
        causes = 0;
        update();
        return value;
    }

    int mask() {
        return mask;
    }

    void enable(final int bits) {
        mask |= bits;
        update();
    }

    void disable(final int bits) {
        mask &= ~bits;
        update();
    }

    void reset() {
        causes = 0;
        mask = 0;
        update();
    }

    private void update() {
        final boolean up = (causes & mask) != 0;
        if (up != line) {
            line = up;
            slot.interruptLine(up);
        }
    }
}
