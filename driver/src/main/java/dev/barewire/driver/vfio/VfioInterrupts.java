package dev.barewire.driver.vfio;

import dev.barewire.SetupException;
import dev.barewire.dma.posix.Libc;
import dev.barewire.dma.posix.Posix;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.access.InterruptVector;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.Stream;

/** A device's interrupts of one kind, bound to eventfds from construction to {@link #close()}. */
final class VfioInterrupts implements InterruptSource {
    /** A vector costs three file descriptors, and no card uses one a queue beyond this. */
    private static final int MAX_VECTORS = 64;

    private final VfioDevice device;
    private final Kind kind;
    private final InterruptVector[] vectors;
    private final int[] eventfds;
    private final MemorySegment unmask;
    private int enabled;
    private boolean open;

    /**
     * Enables all vectors at once, since kernels before 6.2 cannot add one later (VFIO_IRQ_INFO_NORESIZE). What the kernel
     * says of the card itself ends a wait as well.
     */
    VfioInterrupts(final VfioDevice device, final Kind kind, final VfioRemoval removal) {
        this.device = device;
        this.kind = kind;
        eventfds = new int[kind == Kind.NONE ? 0 : Math.min(MAX_VECTORS, device.interruptCount(index(kind)))];
        vectors = new InterruptVector[eventfds.length];
        unmask = Vfio.irqSet(Arena.ofAuto(), index(kind), Vfio.IRQ_DATA_NONE | Vfio.IRQ_UNMASK, 1, 0);
        open = true;
        try {
            for (int i = 0; i < vectors.length; i++) {
                eventfds[i] = Libc.eventfd();
                vectors[i] = new InterruptVector(eventfds[i]);
                removal.endWaits(vectors[i]);
            }
            enabled = enable();
        } catch (final RuntimeException refused) {
            close();
            throw refused;
        }
    }

    /** The kind that is wanted, or if that is null the best: a vector for each cause, then messages, then the line. */
    static Kind choose(final VfioDevice device, final Kind wanted) {
        final List<Kind> has = Stream.of(Kind.MSIX, Kind.MSI, Kind.INTX, Kind.NONE)
            .filter(kind -> kind == Kind.NONE || device.interruptCount(index(kind)) > 0).toList();
        if (wanted != null && !has.contains(wanted)) {
            throw new SetupException("the card cannot interrupt by " + wanted, "ask for one of " + has + ", or for none in"
                + " particular");
        }
        return wanted == null ? has.getFirst() : wanted;
    }

    private static int index(final Kind kind) {
        return switch (kind) {
            case MSIX -> Vfio.IRQ_MSIX;
            case MSI -> Vfio.IRQ_MSI;
            case INTX, NONE -> Vfio.IRQ_INTX;
        };
    }

    /** Binds as many vectors as the kernel has to give: short of some, it binds none and says how many it has. */
    private int enable() {
        int count = vectors.length;
        while (count > 0) {
            final int possible = bind(count);
            if (possible == 0) {
                return count;
            }
            count = Math.min(count - 1, possible);
        }
        return 0;
    }

    private int bind(final int count) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment set =
                Vfio.irqSet(arena, index(kind), Vfio.IRQ_DATA_EVENTFD | Vfio.IRQ_TRIGGER, count, count * Integer.BYTES);
            for (int i = 0; i < count; i++) {
                set.set(ValueLayout.JAVA_INT, Vfio.IRQ_SET_BYTES + (long) i * Integer.BYTES, eventfds[i]);
            }
            return Libc.ioctl("VFIO_DEVICE_SET_IRQS(" + kind + ")", device.fd(), Vfio.DEVICE_SET_IRQS, set);
        }
    }

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public int vectors() {
        return enabled;
    }

    @Override
    public boolean await(final int vector, final int timeoutMillis) {
        return vectors[vector].await(timeoutMillis);
    }

    /** The line was masked when it fired; unmasking it while it is still raised makes it fire at once. */
    @Override
    public void rearm(final int vector) {
        if (kind == Kind.INTX) {
            unmask();
        }
    }

    private synchronized void unmask() {
        if (open) {
            Libc.ioctlQuietly(device.fd(), Vfio.DEVICE_SET_IRQS, unmask);
        }
    }

    @Override
    public void wake(final int vector) {
        vectors[vector].wake();
    }

    /** Wakes who waits, takes the eventfds from the kernel and closes them. Closing twice does nothing. */
    synchronized void close() {
        if (!open) {
            return;
        }
        open = false;
        try (Arena arena = Arena.ofConfined()) {
            if (enabled > 0) {
                Libc.ioctl("VFIO_DEVICE_SET_IRQS(" + kind + " off)", device.fd(), Vfio.DEVICE_SET_IRQS,
                    Vfio.irqSet(arena, index(kind), Vfio.IRQ_DATA_NONE | Vfio.IRQ_TRIGGER, 0, 0));
            }
        } finally {
            for (int i = 0; i < vectors.length; i++) {
                if (vectors[i] != null) {
                    vectors[i].wake();
                    vectors[i].close();
                }
                if (eventfds[i] != 0) {
                    Posix.close(eventfds[i]);
                }
            }
        }
    }
}
