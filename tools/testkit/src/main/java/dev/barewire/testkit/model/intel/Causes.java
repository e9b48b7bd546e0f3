package dev.barewire.testkit.model.intel;

import dev.barewire.testkit.model.CardSlot;

/** Interrupt causes and their mask: the line is up while a cause is there that the mask lets through (13.4.17 to 13.4.21). */
class Causes {
    final CardSlot slot;
    int causes;
    int mask;
    private boolean line;

    Causes(final CardSlot slot) {
        this.slot = slot;
    }

    /** Descriptors of a queue are done; few may be left. */
    void received(final int queue, final boolean low) {
        raise(Bits.CAUSE_RXT0 | (low ? Bits.CAUSE_RXDMT0 : 0));
    }

    /** Descriptors of a queue are done. */
    void transmitted(final int queue) {
        raise(Bits.CAUSE_TXDW);
    }

    final void raise(final int bits) {
        causes |= bits;
        update();
    }

    /** A read of ICR. */
    int read() {
        final int value = causes;
        causes = 0;
        update();
        return value;
    }

    /** A write to ICR, which an 8254x does not mind. */
    void clear(final int bits) {
    }

    /** Sends what was held back until now; gives whether something is held back still. */
    boolean sendLate() {
        return false;
    }

    /** The card says that there was something when there was nothing; gives whether that lasts until ICR is read. */
    boolean spurious() {
        slot.interruptLine(true);
        return true;
    }

    /** Ends that. */
    final void endSpurious() {
        slot.interruptLine(false);
    }

    /** The card says that queue 0 has received. */
    void storm() {
        received(0, false);
    }

    final int mask() {
        return mask;
    }

    final void enable(final int bits) {
        mask |= bits;
        update();
    }

    final void disable(final int bits) {
        mask &= ~bits;
        update();
    }

    void reset() {
        causes = 0;
        mask = 0;
        update();
    }

    void update() {
        line((causes & mask) != 0);
    }

    final void line(final boolean up) {
        if (up != line) {
            line = up;
            slot.interruptLine(up);
        }
    }
}
