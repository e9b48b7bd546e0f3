package dev.barewire.dma;

import java.util.ArrayList;
import java.util.List;

/**
 * Which I/O virtual addresses of a domain are free. Addresses are given from the lowest up (some IOMMUs and cards reach
 * only 32 or 39 bits), apart from virtual addresses, and never from a range that the IOMMU reserves. All are unsigned.
 */
public final class IovaSpace {
    /** Ascending, apart from each other by one address at least. */
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
                insert(first, range.last());
            }
        }
    }

    /**
     * Takes the lowest range that fits.
     *
     * @param bytes     its length, at least 1
     * @param alignment a power of two that its start is a multiple of
     * @return its first address
     * @throws IllegalStateException if there is none
     */
    public synchronized long allocate(final long bytes, final long alignment) {
        for (int i = 0; i < free.size(); i++) {
            final IovaRange range = free.get(i);
            final long first = (range.first() + alignment - 1) & -alignment;
            // Rounding up may pass the range's end, or the end of all addresses and so come out low.
            final boolean within = Long.compareUnsigned(first, range.first()) >= 0
                && Long.compareUnsigned(first, range.last()) <= 0;
            if (within && Long.compareUnsigned(range.last() - first, bytes - 1) >= 0) {
                cut(i, first, first + bytes - 1);
                return first;
            }
        }
        throw new IllegalStateException("no " + bytes + " bytes of IOVA space are left");
    }

    /** Leaves of a free range what lies before and behind the part that is taken. */
    private void cut(final int index, final long first, final long last) {
        final IovaRange range = free.remove(index);
        if (last != range.last()) {
            free.add(index, new IovaRange(last + 1, range.last()));
        }
        if (first != range.first()) {
            free.add(index, new IovaRange(range.first(), first - 1));
        }
    }

    /**
     * Takes a range back.
     *
     * @param first its first address
     * @param bytes its length, as it was given
     * @throws IllegalStateException if part of it is free already
     */
    public synchronized void free(final long first, final long bytes) {
        insert(first, first + bytes - 1);
    }

    private void insert(final long first, final long last) {
        int at = 0;
        while (at < free.size() && Long.compareUnsigned(free.get(at).first(), first) < 0) {
            at++;
        }
        final IovaRange below = at == 0 ? null : free.get(at - 1);
        final IovaRange above = at == free.size() ? null : free.get(at);
        if (below != null && Long.compareUnsigned(below.last(), first) >= 0
            || above != null && Long.compareUnsigned(above.first(), last) <= 0) {
            throw new IllegalStateException("IOVA range 0x%x-0x%x is free already".formatted(first, last));
        }
        final boolean joinsBelow = below != null && below.last() + 1 == first;
        final boolean joinsAbove = above != null && last + 1 == above.first();
        if (joinsAbove) {
            free.remove(at);
        }
        if (joinsBelow) {
            free.remove(--at);
        }
        free.add(at, new IovaRange(joinsBelow ? below.first() : first, joinsAbove ? above.last() : last));
    }

    /**
     * What is free.
     *
     * @return ranges in ascending order
     */
    public synchronized List<IovaRange> ranges() {
        return List.copyOf(free);
    }
}
