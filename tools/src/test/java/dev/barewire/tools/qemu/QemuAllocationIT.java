package dev.barewire.tools.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.barewire.NicConfig;
import dev.barewire.Packet;
import dev.barewire.dma.Buffer;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registers and interrupts of QEMU's cards are lines over a socket; the driver's thread makes no garbage of them. */
@Timeout(180)
class QemuAllocationIT {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 10;
    private static final int BURSTS = 500;
    private static final int BURST = 16;
    private static final int LENGTH = 200;

    private final Packet[] burst = new Packet[BURST];
    private long allocated;

    @ParameterizedTest
    @ValueSource(strings = {"qemu:e1000", "qemu:e1000e"})
    void shouldAllocateNothingForAFrame(String card) {
        try (QemuBench bench = new QemuBench(card, NicConfig.defaults().promiscuous(true))) {
            Buffer buffer = bench.pool.take();
            byte[] frame = QemuBench.frame(LENGTH, 1);
            long least = Long.MAX_VALUE;
            // What the JVM itself allocates for a thread now and then is not there in every round.
            for (int round = 0; round < ROUNDS; round++) {
                allocated = 0;
                for (int i = 0; i < BURSTS; i++) {
                    send(bench, buffer);
                    receive(bench, frame);
                }
                least = Math.min(least, allocated);
            }
            assertThat(least).as("bytes for %d frames in each direction", BURSTS * BURST).isZero();
            QemuBench.until("completions", () -> {
                bench.nic.tx(0).reclaim();
                return bench.nic.tx(0).pending() == 0;
            });
            buffer.release();
        }
    }

    private void send(QemuBench bench, Buffer buffer) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < BURST; i++) {
            burst[i] = bench.nic.tx(0).packet().lend(buffer, 0, LENGTH);
        }
        int sent = bench.nic.tx(0).send(burst, BURST);
        allocated += THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(sent).isEqualTo(BURST);
        for (int i = 0; i < BURST; i++) {
            bench.onWire();
        }
    }

    private void receive(QemuBench bench, byte[] frame) {
        for (int i = 0; i < BURST; i++) {
            bench.give(frame);
        }
        for (int left = BURST; left > 0;) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            if (bench.nic.rx(0).await(1000)) {
                int count = bench.nic.rx(0).poll(burst);
                for (int i = 0; i < count; i++) {
                    burst[i].release();
                }
                left -= count;
            }
            allocated += THREADS.getCurrentThreadAllocatedBytes() - before;
        }
    }
}
