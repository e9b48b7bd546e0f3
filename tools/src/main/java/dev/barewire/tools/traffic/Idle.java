package dev.barewire.tools.traffic;

import dev.barewire.InterruptIdleStrategy;
import dev.barewire.RxQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/** What a queue's thread does while there is nothing to do. */
enum Idle {
    /** Keeps its core. */
    BUSY {
        @Override
        IdleStrategy strategy(final RxQueue queue) {
            return BusySpinIdleStrategy.INSTANCE;
        }
    },
    /** Spins, yields, then naps for up to a millisecond. */
    BACKOFF {
        @Override
        IdleStrategy strategy(final RxQueue queue) {
            return new BackoffIdleStrategy(SPINS, SPINS, TimeUnit.MICROSECONDS.toNanos(20), TimeUnit.MILLISECONDS.toNanos(1));
        }
    },
    /** Spins, then sleeps on the card's interrupt. */
    INTERRUPT {
        @Override
        IdleStrategy strategy(final RxQueue queue) {
            return new InterruptIdleStrategy(queue, SPINS, SLEEP_MILLIS);
        }
    };

    private static final int SPINS = 100;
    /** The longest that the end of a run waits for a sleeper. */
    private static final int SLEEP_MILLIS = 100;

    abstract IdleStrategy strategy(RxQueue queue);

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
