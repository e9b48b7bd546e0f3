package dev.barewire.fallback;

import com.sun.management.ThreadMXBean;
import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.DmaAccess;
import dev.barewire.dma.DmaDomain;
import dev.barewire.dma.IommuDomain;
import dev.barewire.dma.IommuMapper;
import dev.barewire.dma.IovaRange;
import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.SegmentList;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;

/** Memory without a card, and frames laid out in it in one piece or in many. */
final class TestMemory implements AutoCloseable {
    private static final int BUFFER = 70_016;

    final DmaDomain domain = new IommuDomain(new NoIommu(), List.of(new IovaRange(0, (1L << 39) - 1)));
    final BufferPool frames = new BufferPool("frames", domain, MemoryKind.ANONYMOUS, BUFFER, 96);

    BufferPool pool(final String name, final int size, final int count) {
        return new BufferPool(name, domain, MemoryKind.ANONYMOUS, size, count);
    }

    /** The bytes in one segment, at an offset in its buffer. */
    SegmentList whole(final byte[] bytes, final int offset) {
        final SegmentList list = new SegmentList(96);
        append(list, bytes, 0, bytes.length, offset);
        return list;
    }

    /** The bytes cut at the given places, each piece in a buffer of its own. */
    SegmentList cut(final byte[] bytes, final int... places) {
        final SegmentList list = new SegmentList(96);
        int from = 0;
        for (final int place : places) {
            append(list, bytes, from, place, from % 7);
            from = place;
        }
        append(list, bytes, from, bytes.length, from % 7);
        return list;
    }

    /** The bytes in up to so many pieces, some of them empty, each at an offset of its own. */
    SegmentList scatter(final byte[] bytes, final int pieces, final Random random) {
        final int[] places = random.ints(pieces - 1L, 0, bytes.length + 1).sorted().toArray();
        final SegmentList list = new SegmentList(96);
        int from = 0;
        for (int i = 0; i < pieces; i++) {
            final int to = i < places.length ? places[i] : bytes.length;
            append(list, bytes, from, to, random.nextInt(65));
            from = to;
        }
        return list;
    }

    private void append(final SegmentList list, final byte[] bytes, final int from, final int to, final int offset) {
        final Buffer buffer = frames.take();
        for (int i = from; i < to; i++) {
            buffer.memory().putByte(buffer.base() + offset + i - from, bytes[i]);
        }
        list.append(buffer, offset, to - from);
    }

    /** What the frame holds, read byte by byte. */
    static byte[] bytes(final SegmentList list) {
        final byte[] bytes = new byte[list.bytes()];
        int at = 0;
        for (int i = 0; i < list.count(); i++) {
            for (int j = 0; j < list.length(i); j++) {
                bytes[at++] = list.buffer(i).memory().getByte(list.buffer(i).base() + list.offset(i) + j);
            }
        }
        return bytes;
    }

    /** Bytes that the calling thread allocates while it runs something; a warm-up is the caller's matter. */
    static long allocatedBy(final Runnable work) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    /** The least that repeated runs allocate: what it costs once the compiler is done. */
    static long allocatedWhenWarm(final Runnable work) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 400 && least > 0; i++) {
            least = Math.min(least, allocatedBy(work));
        }
        return least;
    }

    @Override
    public void close() {
        frames.close();
        domain.close();
    }

    private static final class NoIommu implements IommuMapper {
        @Override
        public void map(final MappedMemory memory, final long iova, final long bytes, final DmaAccess access) {
            // No card looks here.
        }

        @Override
        public void unmap(final long iova, final long bytes) {
            // No card looks here.
        }
    }
}
