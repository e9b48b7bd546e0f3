package dev.barewire.driver.vfio;

import dev.barewire.dma.posix.Libc;
import dev.barewire.dma.posix.Posix;
import dev.barewire.dma.posix.SystemCallException;
import dev.barewire.driver.access.InterruptVector;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Hears the kernel say that the card goes: it wants it back, or the bus has reported an error that nobody could mend. */
final class VfioRemoval implements AutoCloseable {
    private static final String REQUESTED = "the kernel wants the card back, since it is being removed or unbound";
    private static final String BROKEN = "the bus reported an error of the card that cannot be mended (AER)";

    private final List<Integer> eventfds = new ArrayList<>();
    private final MemorySegment events = Arena.ofAuto().allocate(2L * Libc.epollEventBytes(), Long.BYTES);
    private final int epoll;
    private String fault = "";
    private boolean open = true;

    VfioRemoval(final VfioDevice device) {
        epoll = Libc.epollCreate();
        try {
            listen(device, Vfio.IRQ_ERROR);
            listen(device, Vfio.IRQ_REQUEST);
        } catch (final RuntimeException refused) {
            close();
            throw refused;
        }
    }

    private void listen(final VfioDevice device, final int index) {
        if (!has(device, index)) {
            return;
        }
        final int eventfd = Libc.eventfd();
        eventfds.add(eventfd);
        Libc.epollAdd(epoll, eventfd, Libc.EPOLLIN, index);
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment set =
                Vfio.irqSet(arena, index, Vfio.IRQ_DATA_EVENTFD | Vfio.IRQ_TRIGGER, 1, Integer.BYTES);
            set.set(ValueLayout.JAVA_INT, Vfio.IRQ_SET_BYTES, eventfd);
            Libc.ioctl("VFIO_DEVICE_SET_IRQS(" + index + ")", device.fd(), Vfio.DEVICE_SET_IRQS, set);
        }
    }

    /** A card that is not PCI Express has no error of the bus; the kernel refuses the question then. */
    private static boolean has(final VfioDevice device, final int index) {
        try {
            return device.interruptCount(index) > 0;
        } catch (final SystemCallException none) {
            return false;
        }
    }

    /** Lets what is heard here end a wait for a vector too. */
    void endWaits(final InterruptVector vector) {
        eventfds.forEach(vector::watch);
    }

    /** What the kernel has said, or nothing. Allocates nothing. */
    synchronized String fault() {
        if (open && fault.isEmpty() && Libc.epollWait(epoll, events, 0) > 0) {
            fault = Libc.epollData(events, 0) == Vfio.IRQ_REQUEST ? REQUESTED : BROKEN;
        }
        return fault;
    }

    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            eventfds.forEach(Posix::close);
            Posix.close(epoll);
        }
    }
}
