package dev.barewire.tools.bench;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.DmaAccess;
import dev.barewire.dma.IommuDomain;
import dev.barewire.dma.IommuMapper;
import dev.barewire.dma.IovaRange;
import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.SegmentList;
import dev.barewire.fallback.InternetChecksum;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The kernel that won the race, which is over before the warm-up is, against the scalar one, over one segment. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class ChecksumBenchmark {
    /** Bytes summed. */
    @Param({"64", "576", "1460", "9000"})
    public int bytes;

    private final InternetChecksum best = InternetChecksum.best();
    private final InternetChecksum scalar = InternetChecksum.scalar();
    private final SegmentList frame = new SegmentList(1);
    private IommuDomain domain;

    /** Made by JMH. */
    public ChecksumBenchmark() {
    }

    /** Makes a frame of random bytes. */
    @Setup
    public void setUp() {
        domain = new IommuDomain(new NoIommu(), List.of(new IovaRange(0, (1L << 39) - 1)));
        final Buffer buffer = new BufferPool("frame", domain, MemoryKind.ANONYMOUS, 16384, 1).take();
        for (int i = 0; i < bytes; i++) {
            buffer.memory().putByte(buffer.base() + i, (byte) (i * 31));
        }
        frame.append(buffer, 0, bytes);
    }

    /** Unmaps it. */
    @TearDown
    public void tearDown() {
        frame.release();
        domain.close();
    }

    /**
     * The chosen kernel.
     *
     * @return the sum
     */
    @Benchmark
    public int best() {
        return best.sum(frame, 0, bytes);
    }

    /**
     * The scalar kernel.
     *
     * @return the sum
     */
    @Benchmark
    public int scalar() {
        return scalar.sum(frame, 0, bytes);
    }

    private static final class NoIommu implements IommuMapper {
        @Override
        public void map(final MappedMemory memory, final long iova, final long size, final DmaAccess access) {
            // no card looks at this memory
        }

        @Override
        public void unmap(final long iova, final long size) {
            // nothing was mapped
        }
    }
}
