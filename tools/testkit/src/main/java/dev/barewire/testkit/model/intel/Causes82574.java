package dev.barewire.testkit.model.intel;

import dev.barewire.testkit.model.CardSlot;

/**
 * An 82574's causes: by its line as an 8254x has them, or by messages (317694, 7.4 and 10.2.4). Then each queue has a cause of
 * its own, all that is no queue's is one more, and IVAR says which vector each goes to. A vector is sent when a cause that the
 * mask lets through comes up, and held back while EITR's time since its last one runs.
 */
final class Causes82574 extends Causes {
    static final int VECTORS = 5;
    private static final int THROTTLE_NANOS = 256;
    private static final int FIRST_VECTOR_CAUSE = 20;
    /** Four bits for each of RXQ0, RXQ1, TXQ0, TXQ1 and the others: a vector and whether it is valid. */
    private static final int IVAR_VALID = 1 << 3;

    private final RegisterFile registers;
    private final long[] sentAt = new long[VECTORS];
    private int signalled;
    private int due;

    Causes82574(final CardSlot slot, final RegisterFile registers) {
        super(slot);
        this.registers = registers;
    }

    @Override
    void received(final int queue, final boolean low) {
        if (slot.messages()) {
            raise(Bits.CAUSE_RXQ0 << queue);
        } else {
            super.received(queue, low);
        }
    }

    @Override
    void transmitted(final int queue) {
        if (slot.messages()) {
            raise(Bits.CAUSE_TXQ0 << queue);
        } else {
            super.transmitted(queue);
        }
    }

    /**
     * What a read does depends (10.2.4.1): with all masked, or with an interrupt under way, it clears, and then masks what IAM
     * says if it shall; otherwise it does nothing.
     */
    @Override
    int read() {
        final boolean asserted = (causes & mask) != 0;
        final int value = causes | (asserted ? Bits.CAUSE_ASSERTED : 0);
        if (mask == 0 || asserted) {
            causes = 0;
            if (asserted && registers.has(Register.CTRL_EXT, Bits.CTRL_EXT_AUTO_MASK)) {
                mask &= ~registers.get(Register.IAM);
            }
        }
        update();
        return value;
    }

    @Override
    void clear(final int bits) {
        causes &= ~bits;
        update();
    }

    @Override
    void update() {
        if ((causes & Bits.OTHER_CAUSES) != 0) {
            causes |= Bits.CAUSE_OTHER;
        }
        if (!slot.messages()) {
            line((causes & mask) != 0);
            return;
        }
        line(false);
        final int now = causes & mask;
        final int risen = now & ~signalled;
        signalled = now;
        for (int i = 0; i < VECTORS; i++) {
            final int entry = registers.get(Register.IVAR) >>> 4 * i;
            if ((risen >>> FIRST_VECTOR_CAUSE + i & 1) != 0 && (entry & IVAR_VALID) != 0) {
                due |= 1 << (entry & IVAR_VALID - 1);
                // What EIAC names is acknowledged by being sent.
                causes &= ~(registers.get(Register.EIAC) & 1 << FIRST_VECTOR_CAUSE + i);
            }
        }
        signalled &= causes;
        if (due != 0) {
            sendLate();
        }
    }

    @Override
    boolean sendLate() {
        for (int vector = 0; due != 0 && vector < VECTORS; vector++) {
            if ((due & 1 << vector) != 0 && mayBeSent(vector)) {
                due &= ~(1 << vector);
                slot.message(vector);
            }
        }
        due &= (1 << VECTORS) - 1;
        return due != 0;
    }

    private boolean mayBeSent(final int vector) {
        final long least = (registers.get(Register.EITR + Integer.BYTES * vector) & 0xffffL) * THROTTLE_NANOS;
        if (least == 0) {
            return true;
        }
        final long now = System.nanoTime();
        final boolean may = sentAt[vector] == 0 || now - sentAt[vector] >= least;
        if (may) {
            sentAt[vector] = now;
        }
        return may;
    }

    @Override
    void reset() {
        signalled = 0;
        due = 0;
        super.reset();
    }

    @Override
    boolean spurious() {
        if (!slot.messages()) {
            return super.spurious();
        }
        slot.message(0);
        return false;
    }
}
