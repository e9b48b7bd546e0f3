package dev.barewire.driver.access;

import dev.barewire.dma.posix.Libc;
import dev.barewire.dma.posix.Posix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One interrupt vector: a file that becomes readable when it fires and an eventfd that {@link #wake} signals, both watched
 * for edges, so that neither is ever read.
 */
public final class InterruptVector implements AutoCloseable {
    private static final int CLOSED = -1;

    private final MemorySegment events = Arena.ofAuto().allocate(2L * Libc.epollEventBytes(), Long.BYTES);
    private int epoll = CLOSED;
    private int woken = CLOSED;

    /**
     * Makes a vector.
     *
     * @param fired the file descriptor that the kernel makes readable; it stays its maker's
     */
    public InterruptVector(final int fired) {
        try {
            epoll = Libc.epollCreate();
            woken = Libc.eventfd();
            watch(fired);
            watch(woken);
        } catch (final RuntimeException refused) {
            close();
            throw refused;
        }
    }

    /**
     * Watches a further file, whose edges end a wait as well.
     *
     * @param fd the file descriptor; it stays its maker's, who closes it after this
     */
    public void watch(final int fd) {
        Libc.epollAdd(epoll, fd, Libc.EPOLLIN | Libc.EPOLLET, fd);
    }

    /**
     * Sleeps until it fires, is woken or the time is over. Allocates nothing.
     *
     * @param timeoutMillis how long at most; 0 only looks, -1 waits for ever
     * @return true if it fired or was woken
     */
    public boolean await(final int timeoutMillis) {
        return Libc.epollWait(epoll, events, timeoutMillis) > 0;
    }

    /** Ends a wait, now or the next. Under a lock, so that a number that was closed, and may name another file by now, is
     * never written to. */
    public synchronized void wake() {
        if (woken != CLOSED) {
            Libc.signal(woken);
        }
    }

    @Override
    public synchronized void close() {
        epoll = closed(epoll);
        woken = closed(woken);
    }

    private static int closed(final int fd) {
        if (fd != CLOSED) {
            Posix.close(fd);
        }
        return CLOSED;
    }
}
