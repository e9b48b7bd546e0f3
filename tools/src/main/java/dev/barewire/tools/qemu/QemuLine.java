package dev.barewire.tools.qemu;

import dev.barewire.driver.access.InterruptSource;
import dev.barewire.testkit.model.MaskedLine;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A card's INTx line as the I/O APIC sees it, delivered as under VFIO. Who waits reads the test socket meanwhile, without
 * keeping others from it.
 */
final class QemuLine implements InterruptSource, QtestSocket.Listener, AutoCloseable {
    /** Lines below are those of the ISA bus. */
    private static final int FIRST_PCI_LINE = 16;
    private static final Consumer<SelectionKey> NOTHING = key -> { };

    private final MaskedLine line = new MaskedLine();
    private QtestSocket socket;
    private Selector selector;
    private Thread waiter;
    private boolean fired;

    /** Listens to a socket from now on, in whose name {@link #onLine} is called. */
    synchronized void attach(final QtestSocket to) throws IOException {
        socket = to;
        selector = Selector.open();
        to.register(selector);
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
    public synchronized void onLine(final int number, final boolean high) {
        if (number >= FIRST_PCI_LINE && line.set(high)) {
            fire();
        }
    }

    /** Who waits shall look at the card, and find it gone. */
    @Override
    public synchronized void onLost() {
        fire();
    }

    @Override
    public synchronized void rearm(final int vector) {
        if (line.rearm()) {
            fire();
        }
    }

    @Override
    public synchronized void wake(final int vector) {
        fire();
    }

    private void fire() {
        fired = true;
        if (waiter != null && waiter != Thread.currentThread()) {
            selector.wakeup();
        }
    }

    @Override
    public boolean await(final int vector, final int timeoutMillis) {
        if (timeoutMillis == 0) {
            // To look is to know: what was written before has had its effect.
            socket.settle();
            return consume(false);
        }
        final long end = timeoutMillis < 0 ? Long.MAX_VALUE : System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        boolean interrupted = false;
        boolean came = consume(true);
        while (!came) {
            final long left = timeoutMillis < 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime() + 999_999);
            if (timeoutMillis > 0 && left <= 0) {
                break;
            }
            interrupted |= Thread.interrupted();
            if (!sleep(left)) {
                break;
            }
            socket.drain();
            came = consume(true);
        }
        came |= consume(false);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return came;
    }

    /** Takes a firing, or says that this thread is about to sleep, so that the next one wakes it. */
    private synchronized boolean consume(final boolean sleeps) {
        final boolean came = fired;
        fired = false;
        waiter = sleeps && !came ? Thread.currentThread() : null;
        return came;
    }

    /** Sleeps until something comes; 0 is for ever. */
    private boolean sleep(final long millis) {
        try {
            selector.select(NOTHING, millis);
            return true;
        } catch (final IOException | ClosedSelectorException closed) {
            return false;
        }
    }

    /** Lets who waits go. */
    @Override
    public synchronized void close() {
        fire();
        try {
            if (selector != null) {
                selector.close();
            }
        } catch (final IOException nothingToSave) {
            // A selector holds nothing but its own descriptors.
        }
    }
}
