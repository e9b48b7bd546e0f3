package dev.barewire.driver.uio;

import dev.barewire.dma.posix.Libc;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.access.InterruptVector;
import dev.barewire.driver.pci.PciConfig;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntSupplier;

/**
 * The card's INTx line: {@code /dev/uioN} becomes readable when it fires, and the kernel has set the COMMAND register's bit
 * that switches it off, which re-arming clears.
 */
final class UioInterrupts implements InterruptSource, AutoCloseable {
    /** The half of COMMAND that has {@link PciConfig#COMMAND_INTX_DISABLE}. */
    private static final int HIGH_BYTE = PciConfig.COMMAND + 1;

    private final InterruptVector vector;
    private final IntSupplier config;
    private final MemorySegment on = Arena.ofAuto().allocate(1);
    private boolean open = true;

    /**
     * Listens.
     *
     * @param uio    {@code /dev/uioN}, opened
     * @param space  the card's configuration space
     * @param config gives the descriptor of the same
     */
    UioInterrupts(final int uio, final PciConfig space, final IntSupplier config) {
        this.config = config;
        vector = new InterruptVector(uio);
        final int command = space.read(PciConfig.COMMAND, Short.BYTES) & ~PciConfig.COMMAND_INTX_DISABLE;
        on.set(ValueLayout.JAVA_BYTE, 0, (byte) (command >>> Byte.SIZE));
        rearm(0);
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
    public boolean await(final int index, final int timeoutMillis) {
        return vector.await(timeoutMillis);
    }

    /** The line that is still raised fires at once. */
    @Override
    public synchronized void rearm(final int index) {
        if (open) {
            Libc.pwriteQuietly(config.getAsInt(), on, HIGH_BYTE);
        }
    }

    @Override
    public void wake(final int index) {
        vector.wake();
    }

    /** Wakes who waits. Closing twice does nothing. */
    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            vector.wake();
            vector.close();
        }
    }
}
