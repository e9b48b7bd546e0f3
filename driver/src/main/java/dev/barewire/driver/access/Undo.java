package dev.barewire.driver.access;

import java.util.ArrayDeque;
import java.util.Deque;

/** The steps that undo what was set up, taken in reverse order, each whatever becomes of the others. For one thread. */
public final class Undo {
    private final Deque<AutoCloseable> steps = new ArrayDeque<>();

    /** Makes an empty one. */
    public Undo() {
    }

    /**
     * Adds a step, which comes before all that were added so far.
     *
     * @param step what undoes the thing just set up
     */
    public void push(final AutoCloseable step) {
        steps.push(step);
    }

    /**
     * Takes all steps since something failed.
     *
     * @param failure to which the failures of steps are added as suppressed ones
     */
    public void all(final Exception failure) {
        while (!steps.isEmpty()) {
            try {
                steps.pop().close();
            } catch (final Exception failed) {
                failure.addSuppressed(failed);
            }
        }
    }

    /**
     * Takes all steps to give a thing back.
     *
     * @param name of the thing
     * @throws IllegalStateException when all were taken, with the failures of those that failed as suppressed ones
     */
    public void all(final String name) {
        final IllegalStateException failed = new IllegalStateException(name + " could not be given back cleanly");
        all(failed);
        if (failed.getSuppressed().length > 0) {
            throw failed;
        }
    }
}
