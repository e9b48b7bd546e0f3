package dev.barewire.testkit.model;

import dev.barewire.driver.access.InterruptSource;
import java.util.concurrent.TimeUnit;

/** A model's interrupt line, as VFIO would deliver it. A firing is kept for who comes to wait for it later. */
final class ModelInterrupts implements InterruptSource {
    private final MaskedLine line = new MaskedLine();
    private boolean fired;
    private boolean woken;
    private boolean closed;
    private long firings;

    /** The card raises its line or lowers it. */
    synchronized void line(final boolean up) {
        fireIf(line.set(up));
    }

    /** COMMAND's INTx disable bit. */
    synchronized void enable(final boolean on) {
        fireIf(line.enable(on));
    }

    private void fireIf(final boolean due) {
        if (due) {
            fired = true;
            firings++;
            notifyAll();
        }
    }

    @Override
    public Kind kind() {
        return Kind.INTX;
    }

    @Override
    public int vectors() {
        return 1;
    }

    @Override
    public synchronized boolean await(final int vector, final int timeoutMillis) {
        final long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        try {
            while (!fired && !woken && !closed && timeoutMillis != 0) {
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
        final boolean came = fired || woken;
        fired = false;
        woken = false;
        return came;
    }

    @Override
    public synchronized void rearm(final int vector) {
        fireIf(line.rearm());
    }

    @Override
    public synchronized void wake(final int vector) {
        woken = true;
        notifyAll();
    }

    /** How often it has fired. */
    synchronized long firings() {
        return firings;
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
