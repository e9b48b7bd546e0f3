package dev.barewire.rings.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.barewire.dma.SegmentList;
import dev.barewire.rings.RxBurst;
import dev.barewire.rings.TxRequest;
import dev.barewire.rings.TxRing;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bursts allocate nothing after warm-up. */
class VirtqueueAllocationTest {
    private static final int SIZE = 64;
    private static final int WARM_UP = 20_000;
    private static final int BURSTS = 100_000;
    private static final int ROUNDS = 3;
    private static final int BURST = 8;

    private final VirtioFixture fixture = new VirtioFixture(2048, 128);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void shouldAllocateNothingWhenReceivingThroughASplitQueue() {
        receive(false);
    }

    @Test
    void shouldAllocateNothingWhenReceivingThroughAPackedQueue() {
        receive(true);
    }

    private void receive(final boolean packed) {
        final VirtqueueFormat format = new VirtqueueFormat(packed, SIZE, false, true, false);
        final VirtioRxRing ring = new VirtioRxRing(fixture.ring, 0, format, NetFormat.PLAIN, 64, 2048, 1);
        final DeviceQueue device = DeviceQueue.of(fixture, format, ring.areas());
        final RxBurst burst = new RxBurst(BURST);
        final long[] received = new long[1];

        final long bytes = allocatedBy(() -> {
            ring.fill(fixture.pool, fixture.headers);
            ring.publish();
            for (int i = 0; i < BURST; i++) {
                device.pass(500);
            }
            final int count = ring.reap(burst, BURST);
            for (int i = 0; i < count; i++) {
                VirtioFixture.release(burst, i);
            }
            received[0] += count;
        });

        ring.drain();
        assertThat(bytes).isZero();
        assertThat(received[0]).isGreaterThanOrEqualTo((long) (WARM_UP + BURSTS) * BURST);
    }

    @Test
    void shouldAllocateNothingWhenSendingThroughASplitQueue() {
        send(false);
    }

    @Test
    void shouldAllocateNothingWhenSendingThroughAPackedQueue() {
        send(true);
    }

    private void send(final boolean packed) {
        final VirtqueueFormat format = new VirtqueueFormat(packed, SIZE, true, true, true);
        final VirtioTxRing ring = new VirtioTxRing(fixture.ring, 0, format,
            new NetFormat(false, false, true, false, false, false, false));
        final DeviceQueue device = DeviceQueue.of(fixture, format, ring.areas());
        final SegmentList segments = new SegmentList(2);
        final TxRequest request = new TxRequest();
        request.flags = TxRequest.TCP_CHECKSUM;
        request.l3Offset = 14;
        request.l4Offset = 34;
        final long[] sent = new long[1];
        final TxRing.Completion completion = tag -> sent[0]++;

        final long bytes = allocatedBy(() -> {
            for (int i = 0; i < BURST; i++) {
                segments.append(fixture.pool.take(), (i & 1) * 64, 54);
                segments.append(fixture.pool.take(), 0, 1000);
                ring.post(segments, request, i);
                segments.clear();
            }
            ring.publish();
            while (device.pass(0)) {
                // All of them.
            }
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
