package dev.barewire.rings.intel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.SegmentList;
import dev.barewire.rings.RxBurst;
import dev.barewire.rings.TxRequest;
import dev.barewire.rings.TxRing;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bursts allocate nothing after warm-up. */
class RingAllocationTest {
    private static final int SIZE = 64;
    private static final int WARM_UP = 20_000;
    private static final int BURSTS = 100_000;
    private static final int ROUNDS = 3;
    private static final int BURST = 8;

    private final RingFixture fixture = new RingFixture(2048, 64);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void shouldAllocateNothingWhenReceiving() {
        final LegacyRxRing ring = new LegacyRxRing(fixture.ring, 0, SIZE, 2048);
        final RxBurst burst = new RxBurst(BURST);
        final int[] head = new int[1];

        final long bytes = allocatedBy(() -> {
            ring.fill(fixture.pool);
            ring.publish();
            for (int i = 0; i < BURST; i++) {
                fixture.receive(head[0], 60, LegacyRxDescriptor.STATUS_DD | LegacyRxDescriptor.STATUS_EOP, 0, 0);
                head[0] = (head[0] + 1) % SIZE;
            }
            final int count = ring.reap(burst, BURST);
            for (int i = 0; i < count; i++) {
                burst.buffer[i].release();
            }
        });

        ring.drain();
        assertThat(bytes).isZero();
    }

    @Test
    void shouldAllocateNothingWhenReceivingHeadersApart() {
        try (BufferPool headers = new BufferPool("headers", fixture.domain, MemoryKind.ANONYMOUS, 256, 64)) {
            final PacketSplitRxRing ring = new PacketSplitRxRing(fixture.ring, 0, SIZE, 256, 1024, 2);
            final RxBurst burst = new RxBurst(2 * BURST);
            final int[] head = new int[1];

            final long bytes = allocatedBy(() -> {
                ring.fill(fixture.pool, headers);
                ring.publish();
                for (int i = 0; i < BURST; i++) {
                    fixture.memory.putLong(head[0] * 32L + 16, PacketSplitRxDescriptor.lengths(0x8036, 1024, i, 0));
                    fixture.memory.putLongRelease(head[0] * 32L + 8, ExtendedRxDescriptor.writeBack(3, 0x36, 0));
                    head[0] = (head[0] + 1) % SIZE;
                }
                final int count = ring.reap(burst, BURST);
                for (int i = 0; i < count; i++) {
                    burst.buffer[i].release();
                    if (burst.header[i] != null) {
                        burst.header[i].release();
                    }
                }
            });

            ring.drain();
            assertThat(headers.outstanding()).isZero();
            assertThat(bytes).isZero();
        }
    }

    @Test
    void shouldAllocateNothingWhenReceivingByAdvancedDescriptors() {
        try (BufferPool headers = new BufferPool("headers", fixture.domain, MemoryKind.ANONYMOUS, 256, 64)) {
            final AdvancedRxRing ring = new AdvancedRxRing(fixture.ring, 0, SIZE, 256, 1024, true);
            final RxBurst burst = new RxBurst(BURST);
            final int[] head = new int[1];

            final long bytes = allocatedBy(() -> {
                ring.fill(fixture.pool, headers);
                ring.publish();
                for (int i = 0; i < BURST; i++) {
                    fixture.memory.putLong(head[0] * 16L, AdvancedRxDescriptor.header(true, 54, 1, 1));
                    fixture.memory.putLongRelease(head[0] * 16L + 8, ExtendedRxDescriptor.writeBack(3, i, 0));
                    head[0] = (head[0] + 1) % SIZE;
                }
                final int count = ring.reap(burst, BURST);
                for (int i = 0; i < count; i++) {
                    burst.buffer[i].release();
                    burst.header[i].release();
                }
            });

            ring.drain();
            assertThat(headers.outstanding()).isZero();
            assertThat(bytes).isZero();
        }
    }

    @Test
    void shouldAllocateNothingWhenSending() {
        shouldAllocateNothing(new LegacyTxRing(fixture.ring, 0, SIZE, 4096));
    }

    @Test
    void shouldAllocateNothingWhenSendingByAdvancedDescriptors() {
        shouldAllocateNothing(new AdvancedTxRing(fixture.ring, 0, SIZE, 4096, 0));
    }

    private void shouldAllocateNothing(final TxRing ring) {
        final SegmentList segments = new SegmentList(2);
        final TxRequest request = new TxRequest();
        request.flags = TxRequest.IP_CHECKSUM | TxRequest.TCP_CHECKSUM;
        request.l3Offset = 14;
        request.l4Offset = 34;
        final long[] sent = new long[1];
        final TxRing.Completion completion = tag -> sent[0]++;

        final long bytes = allocatedBy(() -> {
            for (int i = 0; i < BURST; i++) {
                segments.append(fixture.pool.take(), 0, 54);
                segments.append(fixture.pool.take(), 0, 1000);
                ring.post(segments, request, i);
                segments.clear();
            }
            final int tail = ring.publish();
            final int last = tail == 0 ? SIZE - 1 : tail - 1;
            fixture.memory.putLongRelease(last * 16L + 8, fixture.control(last) | 1L << 32);
            ring.reclaim(completion);
        });

        assertThat(bytes).isZero();
        assertThat(sent[0]).isGreaterThanOrEqualTo((long) (WARM_UP + BURSTS) * BURST);
    }

    /** The least of a few rounds: compiling a method allocates once, on the thread that runs it. */
    private static long allocatedBy(final Runnable burst) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < WARM_UP; i++) {
            burst.run();
        }
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && least > 0; round++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < BURSTS; i++) {
                burst.run();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }
}
