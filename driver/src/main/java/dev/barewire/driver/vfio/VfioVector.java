package dev.barewire.driver.vfio;

import dev.barewire.dma.posix.Libc;
import dev.barewire.dma.posix.Posix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One interrupt vector: an eventfd that the kernel signals and one that {@link #wake} signals, both watched for edges,
 * so that neither is ever read.
 */
final class VfioVector {
    private static final int CLOSED = -1;

    private final MemorySegment events = Arena.ofAuto().allocate(2L * Libc.epollEventBytes(), Long.BYTES);
    private int epoll = CLOSED;
    private int fired = CLOSED;
    private int woken = CLOSED;

    VfioVector() {
        try {
            epoll = Libc.epollCreate();
            fired = Libc.eventfd();
            woken = Libc.eventfd();
            Libc.epollAdd(epoll, fired, Libc.EPOLLIN | Libc.EPOLLET, 0);
            Libc.epollAdd(epoll, woken, Libc.EPOLLIN | Libc.EPOLLET, 1);
        } catch (final RuntimeException refused) {
            close();
            throw refused;
        }
    }

    /** The eventfd for the kernel to signal. */
    int eventfd() {
        return fired;
    }

    boolean await(final int timeoutMillis) {
        return Libc.epollWait(epoll, events, timeoutMillis) > 0;
    }

    /** Under a lock, so that a number that was closed, and may name another file by now, is never written to. */
    synchronized void wake() {
        if (woken != CLOSED) {
            Libc.signal(woken);
        }
    }

    synchronized void close() {
        epoll = closed(epoll);
        fired = closed(fired);
        woken = closed(woken);
    }

    private static int closed(final int fd) {
        if (fd != CLOSED) {
            Posix.close(fd);
        }
        return CLOSED;
    }
}
