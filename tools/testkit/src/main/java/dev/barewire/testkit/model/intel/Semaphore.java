package dev.barewire.testkit.model.intel;

import java.util.concurrent.TimeUnit;

/** A bit by which software asks for what it shares with firmware, which a card that takes liberties keeps for a while. */
final class Semaphore {
    private static final long HELD_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private final boolean strict;
    private final int bit;
    /** When software first asked since the last reset; 0 if it has not. */
    private long askedAt;

    Semaphore(final boolean strict, final int bit) {
        this.strict = strict;
        this.bit = bit;
    }

    void reset() {
        askedAt = 0;
    }

    /** Takes what software writes; gives what the register says from then on. */
    int asked(final int value) {
        if (askedAt == 0) {
            askedAt = System.nanoTime() | 1;
        }
        return strict && System.nanoTime() - askedAt < HELD_NANOS ? value & ~bit : value;
    }
}
