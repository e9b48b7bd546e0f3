package dev.barewire.dma;

import dev.barewire.dma.posix.Libc;
import dev.barewire.dma.posix.Posix;
import dev.barewire.dma.posix.SystemCallException;

/** Gets memory of a kind from the host, before any card knows of it. */
final class HostMemory {
    static final long PAGE = 4096;
    static final long HUGE_PAGE = 2L << 20;

    private static final int READ_WRITE = Libc.PROT_READ | Libc.PROT_WRITE;

    private HostMemory() {
    }

    /** What was got. */
    record Allocation(MappedMemory memory, MemoryKind kind, String note) {
    }

    static Allocation allocate(final MemoryKind kind, final long bytes) {
        return switch (kind) {
            case HUGE_PAGES -> hugePages(roundUp(bytes, HUGE_PAGE));
            case ANONYMOUS -> anonymous(roundUp(bytes, PAGE), "");
            case MEMFD -> memfd(roundUp(bytes, PAGE));
        };
    }

    private static Allocation hugePages(final long bytes) {
        final int flags = Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS | Libc.MAP_POPULATE | Libc.MAP_HUGETLB | Libc.MAP_HUGE_2MB;
        try {
            return new Allocation(
                MappedMemory.map("huge pages", bytes, READ_WRITE, flags, -1, 0), MemoryKind.HUGE_PAGES, "");
        } catch (final SystemCallException refused) {
            final long pages = bytes / HUGE_PAGE;
            return anonymous(bytes, "no " + pages + " free huge pages of 2 MiB (" + refused.errno()
                + "), so pages of 4 KiB are used; reserve them with: sysctl -w vm.nr_hugepages=" + pages);
        }
    }

    private static Allocation anonymous(final long bytes, final String note) {
        final int flags = Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS | Libc.MAP_POPULATE;
        return new Allocation(
            MappedMemory.map("anonymous memory", bytes, READ_WRITE, flags, -1, 0), MemoryKind.ANONYMOUS, note);
    }

    private static Allocation memfd(final long bytes) {
        final int fd = Libc.memfdCreate("barewire");
        try {
            Posix.ftruncate(fd, bytes);
            final int flags = Libc.MAP_SHARED | Libc.MAP_POPULATE;
            return new Allocation(
                MappedMemory.map("memfd", bytes, READ_WRITE, flags, fd, 0), MemoryKind.MEMFD, "");
        } finally {
            Posix.close(fd);
        }
    }

    static long roundUp(final long bytes, final long unit) {
        if (bytes <= 0 || bytes > Long.MAX_VALUE - unit) {
            throw new IllegalArgumentException("cannot allocate " + bytes + " bytes");
        }
        return (bytes + unit - 1) / unit * unit;
    }
}
