package dev.barewire.tools.stress;

import dev.barewire.dma.DmaAccess;
import dev.barewire.dma.DmaDomain;
import dev.barewire.dma.IommuDomain;
import dev.barewire.dma.IommuMapper;
import dev.barewire.dma.IovaRange;
import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.Region;
import java.util.List;

/** A domain that gives everybody the same memory, so that a pool can be made for each of millions of trials. */
final class SharedMemory implements DmaDomain {
    static final DmaDomain DOMAIN = new SharedMemory();
    private static final int BYTES = 4096;

    private final Region region = new IommuDomain(new IommuMapper() {
        @Override
        public void map(final MappedMemory memory, final long iova, final long bytes, final DmaAccess access) {
            // no card looks
        }

        @Override
        public void unmap(final long iova, final long bytes) {
            // no card looks
        }
    }, List.of(new IovaRange(0, Integer.MAX_VALUE))).allocate(MemoryKind.ANONYMOUS, BYTES);

    @Override
    public Region allocate(final MemoryKind kind, final long bytes) {
        return region;
    }

    @Override
    public Region map(final MappedMemory memory, final MemoryKind kind, final DmaAccess access) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Region> regions() {
        return List.of(region);
    }

    @Override
    public void close() {
        // lives as long as the JVM
    }
}
