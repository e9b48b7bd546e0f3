package dev.barewire.tools.qemu;

import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.Region;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.access.Registers;
import dev.barewire.driver.pci.PciCapability;
import dev.barewire.driver.pci.PciConfig;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A card's MSI-X vectors (PCI 3.0, section 6.8.2). The message of each goes to a word of its own in QEMU's RAM, on a page that
 * nobody else has, and the word is taken by exchanging it for {@link #QUIET}: a message is seen or stays, and never lost
 * between a look and a clearing. Several messages to one vector before somebody looks are one firing, as in an eventfd.
 *
 * <p>Nothing tells of a store that another process makes to shared memory. So who waits looks a few times, and then sleeps
 * between looks: {@value #SHORTEST_NANOS} ns first and twice as long each time, up to {@value #LONGEST_NANOS} ns. A thread that
 * waits long costs about a thousand looks a second, and the first message after that is heard up to a millisecond late.
 */
final class QemuMessages implements InterruptSource, AutoCloseable {
    /** What a vector's word holds when it has fired, whether by the card or by {@link #wake}. */
    private static final int FIRED = 1;
    private static final int QUIET = 0;
    /** What an entry of the table holds, besides the two halves of the address. */
    private static final int ENTRY_BYTES = 16;
    private static final int ENTRY_DATA = 8;
    private static final int ENTRY_CONTROL = 12;
    private static final int CONTROL = 2;
    private static final int CONTROL_ENABLE = 1 << 15;
    private static final int CONTROL_MASK_ALL = 1 << 14;
    private static final int PAGE = 4096;
    private static final int SPINS = 100;
    private static final long SHORTEST_NANOS = 10_000;
    private static final long LONGEST_NANOS = 1_000_000;

    private final QtestSocket socket;
    private final Region page;
    private final MappedMemory words;
    private final Thread[] waiters;
    private boolean open = true;

    /**
     * Lets every vector of a card fire, once the card may write to memory.
     *
     * @param table  where the vectors' table is
     * @param bar    the BAR that it is in
     * @param config where messages are switched on
     * @param ram    where the messages go
     * @param socket over which this happens
     */
    QemuMessages(final PciCapability.MsixTable table, final Registers bar, final PciConfig config, final QemuRam ram,
        final QtestSocket socket) {
        this.socket = socket;
        waiters = new Thread[Math.min(table.vectors(), PAGE / Integer.BYTES)];
        page = ram.allocate(MemoryKind.MEMFD, PAGE);
        words = page.memory();
        for (int vector = 0; vector < waiters.length; vector++) {
            final int entry = table.offset() + vector * ENTRY_BYTES;
            final long address = page.iova(word(vector), Integer.BYTES);
            bar.write(entry, (int) address);
            bar.write(entry + Integer.BYTES, (int) (address >>> Integer.SIZE));
            bar.write(entry + ENTRY_DATA, FIRED);
            bar.write(entry + ENTRY_CONTROL, 0);
        }
        final int control = PciCapability.find(config, PciCapability.MSIX) + CONTROL;
        config.write(control, Short.BYTES, config.read(control, Short.BYTES) & ~CONTROL_MASK_ALL | CONTROL_ENABLE);
    }

    private static int word(final int vector) {
        return vector * Integer.BYTES;
    }

    @Override
    public Kind kind() {
        return Kind.MSIX;
    }

    @Override
    public int vectors() {
        return waiters.length;
    }

    @Override
    public boolean await(final int vector, final int timeoutMillis) {
        if (timeoutMillis == 0) {
            // To look is to know: what was written before has had its effect.
            socket.settle();
            return take(vector, null);
        }
        final long start = System.nanoTime();
        final long limit = timeoutMillis < 0 ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        boolean interrupted = false;
        boolean came = take(vector, Thread.currentThread());
        long nap = SHORTEST_NANOS;
        for (int looks = 0; !came && isOpen(); looks++) {
            final long left = limit - (System.nanoTime() - start);
            if (left <= 0) {
                break;
            }
            if (looks < SPINS) {
                Thread.onSpinWait();
            } else {
                // A thread that is interrupted does not sleep.
                interrupted |= Thread.interrupted();
                LockSupport.parkNanos(this, Math.min(left, nap));
                nap = Math.min(2 * nap, LONGEST_NANOS);
            }
            came = take(vector, Thread.currentThread());
        }
        came |= take(vector, null);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return came;
    }

    /** Takes a firing, and says who is woken by the next: null if nobody sleeps. */
    private synchronized boolean take(final int vector, final Thread waiter) {
        waiters[vector] = waiter;
        return open && words.exchangeIntAcquire(word(vector), QUIET) != QUIET;
    }

    private synchronized boolean isOpen() {
        return open;
    }

    /** A message needs nothing. */
    @Override
    public void rearm(final int vector) {
    }

    @Override
    public synchronized void wake(final int vector) {
        if (open) {
            words.putIntRelease(word(vector), FIRED);
        }
        LockSupport.unpark(waiters[vector]);
    }

    /** Who waits shall look at the card, and find it gone. */
    void onLost() {
        for (int vector = 0; vector < waiters.length; vector++) {
            wake(vector);
        }
    }

    /** Lets who waits go. */
    @Override
    public synchronized void close() {
        if (open) {
            onLost();
            open = false;
            page.close();
        }
    }
}
