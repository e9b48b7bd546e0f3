package dev.barewire.dma;

import java.util.List;
import java.util.TreeMap;

/** An IOMMU that notes what it is told, and refuses when it is told to. */
final class FakeIommu implements IommuMapper {
    static final IovaRange FIRST_GIGABYTE = new IovaRange(0, (1L << 30) - 1);

    final TreeMap<Long, Long> mapped = new TreeMap<>();
    DmaAccess lastAccess;
    boolean refusesToMap;
    boolean refusesToUnmap;

    IommuDomain domain() {
        return new IommuDomain(this, List.of(FIRST_GIGABYTE));
    }

    @Override
    public void map(final MappedMemory memory, final long iova, final long bytes, final DmaAccess access) {
        if (refusesToMap) {
            throw new IllegalArgumentException("refused to map");
        }
        mapped.put(iova, bytes);
        lastAccess = access;
    }

    @Override
    public void unmap(final long iova, final long bytes) {
        if (refusesToUnmap) {
            throw new IllegalArgumentException("refused to unmap");
        }
        if (!mapped.remove(iova, bytes)) {
            throw new IllegalArgumentException("not mapped");
        }
    }
}
