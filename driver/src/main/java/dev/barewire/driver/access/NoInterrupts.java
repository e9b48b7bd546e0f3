package dev.barewire.driver.access;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands in for the interrupts of a card that has none, or that shall only be polled: a wait ends after a millisecond at
 * the most, so that the caller looks for itself.
 */
public final class NoInterrupts implements InterruptSource {
    private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Makes one. */
    public NoInterrupts() {
    }

    @Override
    public Kind kind() {
        return Kind.NONE;
    }

    @Override
    public int vectors() {
        return 0;
    }

    @Override
    public boolean await(final int vector, final int timeoutMillis) {
        if (timeoutMillis != 0) {
            LockSupport.parkNanos(this, NAP_NANOS);
        }
        return false;
    }

    @Override
    public void rearm(final int vector) {
        // nothing fires, so nothing needs re-arming
    }

    @Override
    public void wake(final int vector) {
        // a wait ends by itself within a millisecond
    }
}
