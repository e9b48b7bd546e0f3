package dev.barewire.dma;

import java.util.ArrayList;
import java.util.List;

/** A domain behind an IOMMU: any page of this process can be mapped at any free IOVA. */
public final class IommuDomain implements DmaDomain {
    private final IommuMapper mapper;
    private final IovaSpace space;
    private final List<Region> regions = new ArrayList<>();
    private boolean open = true;

    /**
     * Makes an empty domain.
     *
     * @param mapper tells the IOMMU
     * @param usable the IOVA ranges that it can translate, in which no reserved range lies
     */
    public IommuDomain(final IommuMapper mapper, final List<IovaRange> usable) {
        this.mapper = mapper;
        this.space = new IovaSpace(usable);
    }

    @Override
    public Region allocate(final MemoryKind kind, final long bytes) {
        final HostMemory.Allocation got = HostMemory.allocate(kind, bytes);
        try {
            return add(got.memory(), got.kind(), DmaAccess.READ_WRITE, got.note(), true);
        } catch (final RuntimeException refused) {
            got.memory().close();
            throw refused;
        }
    }

    @Override
    public Region map(final MappedMemory memory, final MemoryKind kind, final DmaAccess access) {
        if (memory.size() % HostMemory.PAGE != 0) {
            throw new IllegalArgumentException("only whole pages of 4096 bytes can be mapped, not " + memory);
        }
        return add(memory, kind, access, "", false);
    }

    private synchronized Region add(final MappedMemory memory, final MemoryKind kind, final DmaAccess access,
        final String note, final boolean owned) {
        if (!open) {
            throw new IllegalStateException("the domain is closed: " + memory + " cannot be mapped for its cards");
        }
        final long bytes = memory.size();
        final long alignment = bytes >= HostMemory.HUGE_PAGE ? HostMemory.HUGE_PAGE : HostMemory.PAGE;
        final long iova = space.allocate(bytes, alignment);
        try {
            mapper.map(memory, iova, bytes, access);
        } catch (final RuntimeException refused) {
            space.free(iova, bytes);
            throw refused;
        }
        final Region[] self = new Region[1];
        self[0] = new Region(this, memory, kind, access, iova, note, () -> remove(self[0], iova, owned));
        regions.add(self[0]);
        return self[0];
    }

    private synchronized void remove(final Region region, final long iova, final boolean owned) {
        mapper.unmap(iova, region.size());
        space.free(iova, region.size());
        regions.remove(region);
        if (owned) {
            region.memory().close();
        }
    }

    @Override
    public synchronized List<Region> regions() {
        return List.copyOf(regions);
    }

    /** Closes every region, whatever becomes of the others; what fails is thrown when all were tried. */
    @Override
    public synchronized void close() {
        open = false;
        RuntimeException failed = null;
        for (final Region region : List.copyOf(regions)) {
            try {
                region.close();
            } catch (final RuntimeException refused) {
                if (failed == null) {
                    failed = refused;
                } else {
                    failed.addSuppressed(refused);
                }
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
