package dev.barewire.testkit.wrap;

import dev.barewire.driver.access.InterruptSource;
import java.util.function.BooleanSupplier;

/** Interrupts of a card whose wrapping may have something to give without one: then a sleep lasts a millisecond at most. */
final class ImpatientInterrupts implements InterruptSource {
    private static final int NAP_MILLIS = 1;

    private final InterruptSource inner;
    private final BooleanSupplier isWaiting;

    ImpatientInterrupts(final InterruptSource inner, final BooleanSupplier isWaiting) {
        this.inner = inner;
        this.isWaiting = isWaiting;
    }

    @Override
    public Kind kind() {
        return inner.kind();
    }

    @Override
    public int vectors() {
        return inner.vectors();
    }

    @Override
    public boolean await(final int vector, final int timeoutMillis) {
        final boolean naps = timeoutMillis != 0 && isWaiting.getAsBoolean();
        return inner.await(vector, naps ? NAP_MILLIS : timeoutMillis);
    }

    @Override
    public void rearm(final int vector) {
        inner.rearm(vector);
    }

    @Override
    public void wake(final int vector) {
        inner.wake(vector);
    }
}
