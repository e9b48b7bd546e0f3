package dev.barewire;

import org.agrona.concurrent.IdleStrategy;

/**
 * Spins while there is traffic and sleeps on the card's interrupt when there is none, without losing a wake-up. For the
 * thread that owns the queue.
 */
public final class InterruptIdleStrategy implements IdleStrategy {
    private final RxQueue queue;
    private final int spins;
    private final int sleepMillis;
    private int idle;

    /**
     * Makes a strategy.
     *
     * @param queue       whose frames end the sleep
     * @param spins       how many idle cycles to spin before sleeping
     * @param sleepMillis how long to sleep at most, so that work from elsewhere is seen
     */
    public InterruptIdleStrategy(final RxQueue queue, final int spins, final int sleepMillis) {
        this.queue = queue;
        this.spins = spins;
        this.sleepMillis = sleepMillis;
    }

    @Override
    public void idle(final int workCount) {
        if (workCount > 0) {
            reset();
        } else {
            idle();
        }
    }

    @Override
    public void idle() {
        if (idle < spins) {
            idle++;
            Thread.onSpinWait();
        } else {
            queue.await(sleepMillis);
        }
    }

    @Override
    public void reset() {
        idle = 0;
    }

    @Override
    public String alias() {
        return "interrupt";
    }
}
