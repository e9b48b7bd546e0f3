package dev.barewire.testkit.model;

import dev.barewire.driver.access.InterruptSource;
import java.util.concurrent.TimeUnit;

/**
 * A model's interrupts, as VFIO would deliver them: by its line or by messages, a vector for each. A firing is kept for who
 * comes to wait for it later.
 */
final class ModelInterrupts implements InterruptSource {
    private final Kind kind;
    private final MaskedLine line = new MaskedLine();
    private final boolean[] fired;
    private final boolean[] woken;
    private boolean closed;
    private long firings;

    /**
     * Makes a source.
     *
     * @param vectors how many messages the card has; 0 for its line
     */
    ModelInterrupts(final int vectors) {
        kind = vectors == 0 ? Kind.INTX : Kind.MSIX;
        fired = new boolean[Math.max(1, vectors)];
        woken = new boolean[fired.length];
    }

    /** The card raises its line or lowers it, which nobody hears of who listens to messages. */
    synchronized void line(final boolean up) {
        fireIf(kind == Kind.INTX && line.set(up), 0);
    }

    /** COMMAND's INTx disable bit. */
    synchronized void enable(final boolean on) {
        fireIf(kind == Kind.INTX && line.enable(on), 0);
    }

    /** The card sends a message. */
    synchronized void message(final int vector) {
        fireIf(kind == Kind.MSIX && vector < fired.length, vector);
    }

    private void fireIf(final boolean due, final int vector) {
        if (due) {
            fired[vector] = true;
            firings++;
            notifyAll();
        }
    }

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public int vectors() {
        return fired.length;
    }

    @Override
    public synchronized boolean await(final int vector, final int timeoutMillis) {
        final long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        try {
            while (!fired[vector] && !woken[vector] && !closed && timeoutMillis != 0) {
                if (timeoutMillis < 0) {
                    wait();
                } else {
                    final long left = end - System.nanoTime();
                    if (left <= 0) {
                        break;
                    }
                    wait(left / 1_000_000, (int) (left % 1_000_000));
                }
            }
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        final boolean came = fired[vector] || woken[vector];
        fired[vector] = false;
        woken[vector] = false;
        return came;
    }

    @Override
    public synchronized void rearm(final int vector) {
        fireIf(kind == Kind.INTX && line.rearm(), 0);
    }

    @Override
    public synchronized void wake(final int vector) {
        woken[vector] = true;
        notifyAll();
    }

    /** How often they have fired. */
    synchronized long firings() {
        return firings;
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
