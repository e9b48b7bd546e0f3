package dev.barewire.dma;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which I/O virtual addresses of a domain are free. Addresses are given from the lowest up (some IOMMUs and cards reach
 * only 32 or 39 bits), apart from virtual addresses, and never from a range that the IOMMU reserves.
 */
public final class IovaSpace {
    private final List<IovaRange> free = new ArrayList<>();

    /**
     * Makes a space.
     *
     * @param usable what the IOMMU can translate, its reserved ranges (such as the MSI window) left out
     */
    public IovaSpace(final List<IovaRange> usable) {
        for (final IovaRange range : usable) {
            // IOVA 0 is never given: to a card it often means "no buffer".
            final long first = range.first() == 0 ? HostMemory.HUGE_PAGE : range.first();
            if (Long.compareUnsigned(first, range.last()) < 0) {
                free.add(new IovaRange(first, range.last()));
            }
        }
        sort();
    }

    /**
     * Takes the lowest range that fits.
     *
     * @param bytes     its length
     * @param alignment a power of two that its start is a multiple of
     * @return its first address
     * @throws IllegalStateException if there is none
     */
    public synchronized long allocate(final long bytes, final long alignment) {
        for (int i = 0; i < free.size(); i++) {
            final IovaRange range = free.get(i);
            final long start = (range.first() + alignment - 1) & -alignment;
            final long last = start + bytes - 1;
            final boolean fits = Long.compareUnsigned(start, range.first()) >= 0
                && Long.compareUnsigned(last, start) >= 0 && Long.compareUnsigned(last, range.last()) <= 0;
            if (fits) {
                free.remove(i);
                give(range.first(), start - 1, start);
                give(last + 1, range.last(), last);
                sort();
                return start;
            }
        }
        throw new IllegalStateException("no " + bytes + " bytes of IOVA space left");
    }

    /**
     * Takes a range back.
     *
     * @param first its first address
     * @param bytes its length
     */
    public synchronized void free(final long first, final long bytes) {
        free.add(new IovaRange(first, first + bytes - 1));
        sort();
        for (int i = free.size() - 1; i > 0; i--) {
            final IovaRange lower = free.get(i - 1);
            final IovaRange upper = free.get(i);
            if (lower.last() + 1 == upper.first()) {
                free.set(i - 1, new IovaRange(lower.first(), upper.last()));
                free.remove(i);
            }
        }
    }

    /**
     * What is free.
     *
     * @return ranges in ascending order
     */
    public synchronized List<IovaRange> ranges() {
        return List.copyOf(free);
    }

    /** Puts the rest of a range back, if {@code edge} is not its end. */
    private void give(final long first, final long last, final long edge) {
        final boolean empty = first == edge || last == edge || Long.compareUnsigned(first, last) > 0;
        if (!empty) {
            free.add(new IovaRange(first, last));
        }
    }

    private void sort() {
        free.sort(Comparator.comparing(IovaRange::first, Long::compareUnsigned));
    }
}
