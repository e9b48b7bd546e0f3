package dev.barewire.rings.intel;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.DmaAccess;
import dev.barewire.dma.IommuDomain;
import dev.barewire.dma.IommuMapper;
import dev.barewire.dma.IovaRange;
import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.Region;
import dev.barewire.dma.SegmentList;
import java.util.List;

/** Memory for a ring and its buffers, in a domain whose IOMMU believes everything. */
final class RingFixture implements AutoCloseable {
    static final int RING_BYTES = 64 * 1024;

    final IommuDomain domain = new IommuDomain(new IommuMapper() {
        @Override
        public void map(final MappedMemory memory, final long iova, final long bytes, final DmaAccess access) {
        }

        @Override
        public void unmap(final long iova, final long bytes) {
        }
    }, List.of(new IovaRange(0x10_0000, 0xFFFF_FFFFL)));
    final Region ring = domain.allocate(MemoryKind.ANONYMOUS, RING_BYTES);
    final MappedMemory memory = ring.memory();
    final BufferPool pool;

    RingFixture(final int bufferSize, final int buffers) {
        pool = new BufferPool("test", domain, MemoryKind.ANONYMOUS, bufferSize, buffers);
    }

    /** The second quadword of a descriptor. */
    long control(final int index) {
        return memory.getLong(index * 16L + 8);
    }

    long address(final int index) {
        return memory.getLong(index * 16L);
    }

    /** What a card does: fields first, then the status bits, added to those that are there. */
    void receive(final int index, final int length, final int status, final int errors, final int special) {
        final long old = control(index);
        memory.putLong(index * 16L + 8, old | LegacyRxDescriptor.writeBack(length, 0, 0, errors, special));
        memory.putLongRelease(
            index * 16L + 8, control(index) | LegacyRxDescriptor.writeBack(0, 0, status, 0, 0));
    }

    /** The buffer that a card finds at an IOVA. */
    Buffer bufferAt(final long iova) {
        return pool.buffer((int) ((iova - pool.buffer(0).iova()) / pool.bufferSize()));
    }


    /** A frame of segments from the pool, each in a buffer of its own. */
    SegmentList frame(final int... lengths) {
        final SegmentList segments = new SegmentList(lengths.length);
        for (final int length : lengths) {
            segments.append(pool.take(), 0, length);
        }
        return segments;
    }

    @Override
    public void close() {
        pool.close();
        domain.close();
    }
}
