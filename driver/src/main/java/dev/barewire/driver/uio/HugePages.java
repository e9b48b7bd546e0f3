package dev.barewire.driver.uio;

import dev.barewire.SetupException;
import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.posix.Libc;
import dev.barewire.dma.posix.Posix;
import dev.barewire.dma.posix.SystemCallException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Huge pages of 2 MiB that lie one behind the other in physical memory, and in this process's as well. The kernel's pool
 * gives pages in any order: more are taken than needed until a row of them is found, which is mapped in its order; the
 * others go back. Each page is a memory file of its own.
 *
 * @param memory  the mapping
 * @param address the physical address of its first byte
 * @param files   the pages' descriptors, which stay open while the memory is in use: when this process is killed, its
 *                mappings go before its files, and the card must not outlive its memory
 */
record HugePages(MappedMemory memory, long address, List<Integer> files) implements AutoCloseable {
    static final long BYTES = 2L << 20;
    private static final String PAGEMAP = "/proc/self/pagemap";
    private static final int SMALL_PAGE = 4096;
    // An entry of the page map (admin-guide/mm/pagemap of the kernel's documentation).
    private static final long PRESENT = 1L << 63;
    private static final long FRAME = (1L << 55) - 1;

    /** A page and where it is. */
    record Page(int file, long address) {
    }

    /**
     * Takes pages.
     *
     * @param count how many, in one row
     * @throws SetupException if there is no such row
     */
    static HugePages take(final int count) {
        final List<Page> taken = new ArrayList<>();
        List<Page> row = List.of();
        try {
            boolean more = true;
            for (int wanted = count; row.isEmpty() && more; wanted *= 2) {
                more = add(taken, wanted);
                row = row(taken, count);
            }
            if (row.isEmpty()) {
                throw new SetupException("no " + count + " huge pages of 2 MiB that lie one behind the other are free ("
                    + taken.size() + " are, here and there), and without an IOMMU a card must find a pool in one piece",
                    UioReadiness.reserve(2 * count) + "; or ask for fewer or smaller buffers");
            }
            final List<Integer> files = row.stream().map(Page::file).toList();
            final HugePages pages = new HugePages(MappedMemory.join("huge pages", BYTES, files), row.getFirst().address(), files);
            taken.removeAll(row);
            return pages;
        } finally {
            taken.forEach(page -> Posix.close(page.file()));
        }
    }

    /** Takes pages until there are as many as wanted; false if the kernel has no more. */
    private static boolean add(final List<Page> pages, final int wanted) {
        final int pagemap = Posix.open(PAGEMAP, Posix.O_RDONLY);
        try {
            while (pages.size() < wanted) {
                pages.add(page(pagemap));
            }
            return true;
        } catch (final SystemCallException refused) {
            if (refused.is("ENOMEM") || refused.is("EMFILE")) {
                return false;
            }
            throw refused;
        } finally {
            Posix.close(pagemap);
        }
    }

    private static Page page(final int pagemap) {
        final int file = Libc.memfdCreate("barewire", Libc.MFD_HUGETLB | Libc.MAP_HUGE_2MB);
        try {
            Posix.ftruncate(file, BYTES);
            try (MappedMemory memory = MappedMemory.join("a huge page", BYTES, List.of(file))) {
                return new Page(file, frame(pagemap, memory.pagemapOffset(0)) * SMALL_PAGE);
            }
        } catch (final RuntimeException refused) {
            Posix.close(file);
            throw refused;
        }
    }

    private static long frame(final int pagemap, final long at) {
        final ByteBuffer entry = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
        final boolean known = Posix.pread(pagemap, entry, at) == Long.BYTES && (entry.getLong(0) & PRESENT) != 0
            && (entry.getLong(0) & FRAME) != 0;
        if (!known) {
            throw new SetupException("the kernel hides physical addresses in " + PAGEMAP + " from this process, and UIO gives"
                + " a card nothing else", "run as root, in a container with --cap-add SYS_ADMIN; or use VFIO");
        }
        return entry.getLong(0) & FRAME;
    }

    /**
     * Finds the lowest row.
     *
     * @param pages any, in any order
     * @param count how many in the row
     * @return pages that follow each other, in order; empty if no such row is among them
     */
    static List<Page> row(final List<Page> pages, final int count) {
        final List<Page> sorted = pages.stream().sorted(Comparator.comparingLong(Page::address)).toList();
        int first = 0;
        for (int i = 0; i < sorted.size(); i++) {
            if (i > first && sorted.get(i).address() != sorted.get(i - 1).address() + BYTES) {
                first = i;
            }
            if (i - first + 1 == count) {
                return sorted.subList(first, i + 1);
            }
        }
        return List.of();
    }

    /** Gives the pages back to the kernel. */
    @Override
    public void close() {
        memory.close();
        files.forEach(Posix::close);
    }
}
