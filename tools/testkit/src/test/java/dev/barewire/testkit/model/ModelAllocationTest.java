package dev.barewire.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.barewire.Packet;
import dev.barewire.dma.Buffer;
import java.lang.management.ManagementFactory;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A card of silicon makes no garbage, and so its model makes none either, frame by frame. */
@Timeout(60)
class ModelAllocationTest {
    private static final int FRAMES = 20_000;

    @Test
    void shouldAllocateNothingForAFrame() {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (ModelStation station = new ModelStation("82540EM?rules=off", ModelNicTest.SMALL)) {
            final long card = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(station.device.name())).findFirst().orElseThrow().threadId();
            final byte[] bytes = TestFrames.udp(station.mac(), 200);
            final UnsafeBuffer frame = new UnsafeBuffer(bytes);
            final Buffer buffer = station.pool.take();
            long least = Long.MAX_VALUE;
            // What the JVM itself allocates for a thread now and then is not there in every round.
            for (int round = 0; round < 10; round++) {
                final long before = threads.getThreadAllocatedBytes(card);
                exchange(station, frame, buffer);
                least = Math.min(least, threads.getThreadAllocatedBytes(card) - before);
            }
            assertThat(least).as("bytes for %d frames in each direction", FRAMES).isZero();
            station.awaitCompletions();
            buffer.release();
        }
    }

    private static void exchange(final ModelStation station, final UnsafeBuffer frame, final Buffer buffer) {
        final Packet[] burst = new Packet[1];
        for (int i = 0; i < FRAMES; i++) {
            ModelStation.await(() -> station.wire.send(frame, 0, frame.capacity()));
            ModelStation.await(() -> station.nic.rx(0).poll(burst) == 1);
            burst[0].release();
            burst[0] = station.nic.tx(0).packet().lend(buffer, 0, 200);
            ModelStation.await(() -> station.nic.tx(0).send(burst, 1) == 1);
            ModelStation.await(() -> station.wire.poll((from, offset, length) -> { }, 1) == 1);
        }
    }
}
