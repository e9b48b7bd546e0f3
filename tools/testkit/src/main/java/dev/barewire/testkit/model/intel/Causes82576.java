package dev.barewire.testkit.model.intel;

import dev.barewire.testkit.model.CardSlot;

/**
 * An 82576's causes (82576 datasheet, 7.3 and 8.8). Without vectors they are an 8254x's, which all are one cause in EICR. With
 * them EICR has a bit for each vector: IVAR says which one a queue has, IVAR_MISC which one all else. A vector is sent when
 * its bit comes up and EIMS lets it through, and held back while EITR's time since its last one runs.
 */
final class Causes82576 extends Causes {
    static final int VECTORS = 25;
    private static final int VECTOR_BITS = (1 << VECTORS) - 1;
    private static final int IVAR_VECTOR = 0x1f;
    private static final int MISC_OTHER_SHIFT = 8;
    private static final int TRANSMIT_SHIFT = 8;
    private static final int HALF = 16;
    /** EITR counts microseconds from bit 2 on. */
    private static final int EITR_SHIFT = 2;
    private static final int EITR_MASK = 0x1fff;
    private static final int MICRO = 1000;

    private final RegisterFile registers;
    /** Queues 2n and 2n + 1 share a register of vectors, not n and n + 8. */
    private final boolean byPairs;
    private final long[] sentAt = new long[VECTORS];
    private int vectors;
    private int vectorMask;
    /** Of causes that are no queue's, and of vectors: those that are up and were told of. */
    private int othersTold;
    private int told;
    private int due;

    Causes82576(final CardSlot slot, final RegisterFile registers, final boolean byPairs) {
        super(slot);
        this.registers = registers;
        this.byPairs = byPairs;
    }

    private boolean hasVectors() {
        return slot.messages() && registers.has(Register.GPIE, Bits.GPIE_VECTORS);
    }

    @Override
    void received(final int queue, final boolean low) {
        if (hasVectors()) {
            come(entry(queue));
        } else {
            super.received(queue, low);
        }
    }

    @Override
    void transmitted(final int queue) {
        if (hasVectors()) {
            come(entry(queue) >>> TRANSMIT_SHIFT);
        } else {
            super.transmitted(queue);
        }
    }

    private int entry(final int queue) {
        final int register = byPairs ? queue >> 1 : queue & 7;
        final int half = byPairs ? queue & 1 : queue >> 3;
        return registers.get(Register.QUEUE_IVAR + Integer.BYTES * register) >>> HALF * half;
    }

    private void come(final int entry) {
        if ((entry & Bits.IVAR_ENTRY_VALID) != 0) {
            vectors |= 1 << (entry & IVAR_VECTOR) & VECTOR_BITS;
            update();
        }
    }

    /** A read clears where GPIE says so, where all is masked, or with an interrupt under way. */
    @Override
    int read() {
        final boolean asserted = (causes & mask) != 0;
        final int value = causes | (asserted ? Bits.CAUSE_ASSERTED : 0);
        if (mask == 0 || asserted || registers.has(Register.GPIE, Bits.GPIE_CLEAR_ON_READ)) {
            causes = 0;
        }
        update();
        return value;
    }

    @Override
    void clear(final int bits) {
        causes &= ~bits;
        update();
    }

    /** A read of EICR, which clears only what has no vectors. */
    int readVectors() {
        final int value = hasVectors() ? vectors : (causes & mask) != 0 ? Bits.EICR_OTHER : 0;
        if (!hasVectors()) {
            vectors = 0;
        }
        return value;
    }

    void clearVectors(final int bits) {
        vectors &= ~bits;
        update();
    }

    void raiseVectors(final int bits) {
        vectors |= bits & VECTOR_BITS;
        update();
    }

    int vectorMask() {
        return vectorMask;
    }

    void enableVectors(final int bits) {
        vectorMask |= bits;
        update();
    }

    void disableVectors(final int bits) {
        vectorMask &= ~bits;
        update();
    }

    @Override
    void update() {
        final int others = causes & mask;
        final int othersRisen = others & ~othersTold;
        othersTold = others;
        line(!slot.messages() && others != 0 && (vectorMask & Bits.EICR_OTHER) != 0);
        if (!slot.messages()) {
            return;
        }
        if (!hasVectors()) {
            // All that there is goes to one message.
            due |= othersRisen != 0 && (vectorMask & Bits.EICR_OTHER) != 0 ? 1 : 0;
        } else {
            final int misc = registers.get(Register.IVAR_MISC) >>> MISC_OTHER_SHIFT;
            if (othersRisen != 0 && (misc & Bits.IVAR_ENTRY_VALID) != 0) {
                vectors |= 1 << (misc & IVAR_VECTOR) & VECTOR_BITS;
            }
            signal();
        }
        if (due != 0) {
            sendLate();
        }
    }

    private void signal() {
        final int up = vectors & vectorMask;
        due |= up & ~told;
        told = up;
        due &= VECTOR_BITS;
    }

    /** What EIAC names is forgotten by being sent, and what EIAM names is masked by it. */
    @Override
    boolean sendLate() {
        for (int vector = 0; due >>> vector != 0; vector++) {
            final int bit = 1 << vector;
            if ((due & bit) != 0 && mayBeSent(vector)) {
                due &= ~bit;
                vectors &= ~(registers.get(Register.VECTOR_EIAC) & bit);
                if (registers.has(Register.GPIE, Bits.GPIE_AUTO_MASK)) {
                    vectorMask &= ~(registers.get(Register.EIAM) & bit);
                }
                told &= vectors & vectorMask;
                slot.message(vector);
            }
        }
        return due != 0;
    }

    private boolean mayBeSent(final int vector) {
        final int eitr = registers.get(Register.VECTOR_EITR + Integer.BYTES * vector);
        final long least = (long) (eitr >>> EITR_SHIFT & EITR_MASK) * MICRO;
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
        vectors = 0;
        vectorMask = 0;
        othersTold = 0;
        told = 0;
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
