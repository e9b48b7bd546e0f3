package dev.barewire.testkit.model;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * The thread on which model cards live: one card, or the two at the ends of a cable. It spins for a moment when there is
 * nothing to do, and then sleeps until it is told of something.
 */
final class CardThread implements Runnable {
    private static final int SPINS = 300;
    private static final long FIRST_NAP_NANOS = 20_000;
    private static final int MOST_DOUBLINGS = 20;
    private static final IntSupplier[] NOBODY = {};

    private final String name;
    private final long napNanos;
    private volatile IntSupplier[] cards = NOBODY;
    private volatile Thread thread;
    private boolean parked;

    /**
     * Makes one that does not run yet.
     *
     * @param name     for people
     * @param napNanos how long it may sleep at most, which matters where nobody tells it that frames have come; its naps
     *                 get that long little by little
     */
    CardThread(final String name, final long napNanos) {
        this.name = name;
        this.napNanos = napNanos;
    }

    /** Takes a card on: its work is called from now on. */
    synchronized void add(final IntSupplier card) {
        final IntSupplier[] more = Arrays.copyOf(cards, cards.length + 1);
        more[cards.length] = card;
        cards = more;
        if (thread == null) {
            thread = Thread.ofPlatform().daemon().name(name).unstarted(this);
            thread.start();
        }
        signal();
    }

    /** Leaves a card; the thread ends with its last one. Its work may be called once more. */
    synchronized void remove(final IntSupplier card) {
        cards = Arrays.stream(cards).filter(other -> other != card).toArray(IntSupplier[]::new);
        if (cards.length == 0 && thread != null) {
            final Thread last = thread;
            thread = null;
            LockSupport.unpark(last);
        }
    }

    /** There may be something to do. Called after whatever it is was stored. */
    void signal() {
        // Between that store and the look at the flag; its other half is in rest().
        VarHandle.fullFence();
        if (parked) {
            final Thread sleeper = thread;
            parked = false;
            LockSupport.unpark(sleeper);
        }
    }

    @Override
    public void run() {
        int idle = 0;
        while (thread == Thread.currentThread()) {
            if (work() > 0) {
                idle = 0;
            } else if (idle < SPINS) {
                idle++;
                Thread.onSpinWait();
            } else {
                rest(Math.min(napNanos, FIRST_NAP_NANOS << Math.min(MOST_DOUBLINGS, idle++ - SPINS)));
            }
        }
    }

    private int work() {
        int done = 0;
        for (final IntSupplier card : cards) {
            done += card.getAsInt();
        }
        return done;
    }

    private void rest(final long nanos) {
        parked = true;
        VarHandle.fullFence();
        if (work() == 0) {
            LockSupport.parkNanos(this, nanos);
        }
        parked = false;
    }
}
