package dev.barewire.testkit.model;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The lock of a card: first come, first served, so that neither the card's thread nor a driver's can keep the other out,
 * and without an object for who waits, so that a register access allocates nothing. Whoever has it may take it again.
 */
final class CardLock {
    private static final int SPINS = 200;
    private static final long NAP_NANOS = 20_000;

    private final AtomicInteger nextTicket = new AtomicInteger();
    private final AtomicInteger served = new AtomicInteger();
    /** Written by its holder only: any other thread reads null or somebody else. */
    private Thread holder;
    private int depth;

    void lock() {
        final Thread self = Thread.currentThread();
        if (holder == self) {
            depth++;
            return;
        }
        final int ticket = nextTicket.getAndIncrement();
        for (int spins = 0; served.get() != ticket; spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(this, NAP_NANOS);
            }
        }
        holder = self;
        depth = 1;
    }

    void unlock() {
        if (--depth == 0) {
            holder = null;
            served.setRelease(served.getPlain() + 1);
        }
    }
}
