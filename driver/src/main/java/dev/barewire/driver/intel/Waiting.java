package dev.barewire.driver.intel;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for a card, never for ever. */
final class Waiting {
    private static final long STEP_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private Waiting() {
    }

    /** Looks until it is so or the time is over. */
    static boolean until(final int millis, final BooleanSupplier condition) {
        final long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return condition.getAsBoolean();
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
        return true;
    }

    /** Lets time pass that a data sheet asks for. */
    static void millis(final int millis) {
        until(millis, () -> false);
    }
}
