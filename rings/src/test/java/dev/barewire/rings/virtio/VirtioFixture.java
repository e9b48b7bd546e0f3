package dev.barewire.rings.virtio;

import dev.barewire.dma.BufferPool;
import dev.barewire.dma.DmaAccess;
import dev.barewire.dma.IommuDomain;
import dev.barewire.dma.IommuMapper;
import dev.barewire.dma.IovaRange;
import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.Region;
import dev.barewire.dma.SegmentList;
import dev.barewire.rings.RxBurst;
import java.util.List;

/** Memory for a queue and its buffers, and a device's way to it: by IOVA. */
final class VirtioFixture implements AutoCloseable {
    static final int RING_BYTES = 1 << 20;
    static final int HEADER_BUFFER = 128;

    private final IommuDomain domain = new IommuDomain(new IommuMapper() {
        @Override
        public void map(final MappedMemory memory, final long iova, final long bytes, final DmaAccess access) {
        }

        @Override
        public void unmap(final long iova, final long bytes) {
        }
    }, List.of(new IovaRange(0x10_0000, 0xFFFF_FFFFL)));
    final Region ring = domain.allocate(MemoryKind.ANONYMOUS, RING_BYTES);
    final BufferPool pool;
    final BufferPool headers;
    private final Region[] regions;

    VirtioFixture(final int bufferSize, final int buffers) {
        pool = new BufferPool("test", domain, MemoryKind.ANONYMOUS, bufferSize, buffers);
        headers = new BufferPool("headers", domain, MemoryKind.ANONYMOUS, HEADER_BUFFER, buffers);
        regions = domain.regions().toArray(Region[]::new);
    }

    /** The region that a device finds at an IOVA. */
    Region at(final long iova) {
        for (final Region region : regions) {
            final long start = region.iova(0, region.size());
            if (iova >= start && iova < start + region.size()) {
                return region;
            }
        }
        throw new AssertionError("the driver gave an address that is not mapped: 0x" + Long.toHexString(iova));
    }

    byte read(final long iova) {
        final Region region = at(iova);
        return region.memory().getByte(iova - region.iova(0, region.size()));
    }

    void write(final long iova, final byte value) {
        final Region region = at(iova);
        region.memory().putByte(iova - region.iova(0, region.size()), value);
    }

    /** Segments from the pool, each in a buffer of its own. */
    SegmentList frame(final int offset, final int... lengths) {
        final SegmentList segments = new SegmentList(lengths.length + 1);
        for (final int length : lengths) {
            segments.append(pool.take(), offset, length);
        }
        return segments;
    }

    /** The bytes of an entry. */
    static byte[] bytes(final RxBurst burst, final int entry) {
        final boolean hasHeader = burst.header[entry] != null;
        final int front = hasHeader ? burst.headerLength[entry] : 0;
        final byte[] bytes = new byte[front + burst.length[entry]];
        for (int i = 0; i < front; i++) {
            bytes[i] = burst.header[entry].memory().getByte(burst.header[entry].base() + burst.offset[entry] + i);
        }
        final int offset = hasHeader ? 0 : burst.offset[entry];
        for (int i = front; i < bytes.length; i++) {
            bytes[i] = burst.buffer[entry].memory().getByte(burst.buffer[entry].base() + offset + i - front);
        }
        return bytes;
    }

    static void release(final RxBurst burst, final int entry) {
        burst.buffer[entry].release();
        if (burst.header[entry] != null) {
            burst.header[entry].release();
            burst.header[entry] = null;
        }
    }

    @Override
    public void close() {
        pool.close();
        headers.close();
        domain.close();
    }
}
