package dev.barewire.driver.uio;

import dev.barewire.dma.DmaAccess;
import dev.barewire.dma.DmaDomain;
import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.Region;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory that cards without an IOMMU reach: huge pages, whose IOVAs are their physical addresses. All cards of this
 * process share one, which ends with the last of them.
 */
final class UioDomain implements DmaDomain {
    private static final Object LOCK = new Object();
    private static UioDomain shared;
    private static int users;

    private final List<Region> regions = new ArrayList<>();
    private boolean open = true;

    /** The domain of this process, for one more card. */
    static UioDomain join() {
        synchronized (LOCK) {
            if (users++ == 0) {
                shared = new UioDomain();
            }
            return shared;
        }
    }

    /** One card less. */
    static void leave() {
        synchronized (LOCK) {
            if (--users == 0) {
                shared.close();
            }
        }
    }

    /** Whatever kind is asked for: the kernel may move any other page, and cards would not follow. */
    @Override
    public synchronized Region allocate(final MemoryKind kind, final long bytes) {
        if (!open) {
            throw new IllegalStateException("the domain is closed: " + bytes + " bytes cannot be had for its cards");
        }
        if (bytes <= 0 || bytes > Integer.MAX_VALUE * HugePages.BYTES) {
            throw new IllegalArgumentException("cannot allocate " + bytes + " bytes");
        }
        final HugePages pages = HugePages.take((int) ((bytes + HugePages.BYTES - 1) / HugePages.BYTES));
        final Region[] self = new Region[1];
        self[0] = new Region(this, pages.memory(), MemoryKind.HUGE_PAGES, DmaAccess.READ_WRITE, pages.address(),
            kind == MemoryKind.HUGE_PAGES ? "" : "instead of " + kind + ": without an IOMMU cards reach nothing else",
            () -> remove(self[0], pages));
        regions.add(self[0]);
        return self[0];
    }

    private synchronized void remove(final Region region, final HugePages pages) {
        regions.remove(region);
        pages.close();
    }

    @Override
    public Region map(final MappedMemory memory, final MemoryKind kind, final DmaAccess access) {
        throw new UnsupportedOperationException(memory + " cannot be mapped for a card: without an IOMMU it lies in pieces for"
            + " the card, and the kernel may move them; allocate from the domain, or reach the card by vfio:");
    }

    @Override
    public synchronized List<Region> regions() {
        return List.copyOf(regions);
    }

    @Override
    public synchronized void close() {
        open = false;
        List.copyOf(regions).forEach(Region::close);
    }
}
