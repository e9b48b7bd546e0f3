package dev.barewire;

import dev.barewire.driver.access.InterruptSource;
import java.util.List;

/**
 * Interrupts that never fire and note how long each wait would have been.
 *
 * @param kind    how they are signalled
 * @param vectors how many there are
 * @param sleeps  the time limits of the waits, in order
 */
record FakeInterrupts(Kind kind, int vectors, List<Integer> sleeps) implements InterruptSource {
    FakeInterrupts(final int vectors, final List<Integer> sleeps) {
        this(vectors == 0 ? Kind.NONE : Kind.MSI, vectors, sleeps);
    }

    @Override
    public boolean await(final int vector, final int timeoutMillis) {
        if (vector >= vectors) {
            throw new IndexOutOfBoundsException(vector);
        }
        sleeps.add(timeoutMillis);
        return false;
    }

    @Override
    public void rearm(final int vector) {
        // nothing was masked
    }

    @Override
    public void wake(final int vector) {
        // nobody sleeps
    }
}
