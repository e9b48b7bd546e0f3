package dev.barewire.testkit.wrap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.NicCounters;
import dev.barewire.Packet;
import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import dev.barewire.testkit.pcap.CaptureFile;
import dev.barewire.testkit.pcap.CaptureFile.Frame;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Wrapped model cards under the real queues. */
@Timeout(120)
final class WrappedModelTest {
    private static final NicConfig CONFIG = NicConfig.defaults().promiscuous(true);
    private static final String PLAIN = "model:82540EM?rules=off&wire=cable:";

    @TempDir
    private Path folder;
    private final Packet[] burst = new Packet[64];

    @Test
    void shouldAccountForEveryFrameOfAFaultyCard() {
        final String faulty = "fault:loss=0.05&duplicate=0.05&reorder=0.05&corrupt=0.05&delay=0.05&seed=5:" + PLAIN + "faulty";
        try (Nic left = Nic.open(faulty, CONFIG); Nic right = Nic.open(PLAIN + "faulty", CONFIG);
            BufferPool pool = pool(left)) {
            final Map<String, Long> sent = exchange(left, right, pool, 100_000);
            assertThat(right.counters().get(NicCounters.Name.RX_FRAMES) + dropped(right))
                .isEqualTo(100_000 - sent.get("fault.tx.lost") + sent.get("fault.tx.duplicated"));
            assertThat(left.counters().get(NicCounters.Name.TX_COMPLETED)).isEqualTo(100_000);

            final long before = right.counters().get(NicCounters.Name.TX_FRAMES);
            final long came = left.counters().get(NicCounters.Name.RX_FRAMES) + dropped(left);
            final Map<String, Long> counts = left.statistics();
            assertThat(came).isEqualTo(before - counts.get("fault.rx.lost") + counts.get("fault.rx.duplicated"));
            assertThat(counts.get("fault.rx.lost")).isBetween(3000L, 7000L);
            assertThat(left.buffersOutstanding()).isZero();
            assertThat(right.buffersOutstanding()).isZero();
        }
    }

    @Test
    void shouldRecordWhatACardReceivesAndSendsAndReplayIt() {
        final Path file = folder.resolve("model.pcapng");
        try (Nic left = Nic.open("pcap:out=" + WrapName.escape(file.toString()) + ":" + PLAIN + "pcap", CONFIG);
            Nic right = Nic.open(PLAIN + "pcap", CONFIG); BufferPool pool = pool(left)) {
            exchange(left, right, pool, 2000);
            assertThat(left.statistics()).containsEntry("pcap.recorded", 4000L);
        }

        final CaptureFile read = CaptureFile.read(file);
        assertThat(read.frames()).hasSize(4000).allMatch(frame -> frame.length() == 60);
        assertThat(read.frames()).filteredOn(Frame::isSent).hasSize(2000);
        final String replaying = "pcap:in=" + WrapName.escape(file.toString()) + "&times=3:model:82540EM?rules=off";
        try (Nic nic = Nic.open(replaying, CONFIG)) {
            int received = 0;
            while (received < 6000) {
                nic.rx(0).await(100);
                final int count = nic.rx(0).poll(burst);
                release(count);
                received += count;
            }
            assertThat(nic.rx(0).poll(burst)).isZero();
            assertThat(nic.buffersOutstanding()).isZero();
        }
    }

    /** Sends from left to right; right sends every frame back. Ends when nothing moves any more. */
    private Map<String, Long> exchange(final Nic left, final Nic right, final BufferPool pool, final int frames) {
        assertThat(left.awaitLink(Duration.ofSeconds(5))).isTrue();
        assertThat(right.awaitLink(Duration.ofSeconds(5))).isTrue();
        final Packet[] out = new Packet[1];
        int sent = 0;
        int idle = 0;
        while (sent < frames || idle < 200) {
            final int before = sent;
            while (sent < frames && sent - before < 32 && out(left, pool, out, sent)) {
                sent++;
            }
            final int back = right.rx(0).poll(burst);
            int returned = right.tx(0).send(burst, back);
            while (returned < back) {
                // The ring is long enough for what is under way, but for a burst that comes in while it is full.
                System.arraycopy(burst, returned, burst, 0, back - returned);
                returned += right.tx(0).send(burst, back - returned);
            }
            final int came = left.rx(0).poll(burst);
            release(came);
            left.tx(0).reclaim();
            right.tx(0).reclaim();
            idle = came + back + (sent - before) == 0 ? idle + 1 : 0;
            if (idle > 0) {
                left.rx(0).await(1);
            }
        }
        return left.statistics();
    }

    private static boolean out(final Nic nic, final BufferPool pool, final Packet[] out, final int number) {
        if (out[0] == null) {
            final Buffer buffer = pool.take();
            if (buffer == null) {
                return false;
            }
            for (int i = 0; i < 60; i++) {
                buffer.memory().putByte(buffer.base() + i, (byte) (i < 12 ? 2 : number));
            }
            out[0] = nic.tx(0).packet().append(buffer, 0, 60);
        }
        return nic.tx(0).send(out, 1) == 1;
    }

    private static BufferPool pool(final Nic nic) {
        return new BufferPool("test", nic.domain(), MemoryKind.ANONYMOUS, 128, 512);
    }

    private void release(final int count) {
        for (int i = 0; i < count; i++) {
            burst[i].release();
        }
    }

    private static long dropped(final Nic nic) {
        return nic.counters().drops().values().stream().mapToLong(Long::longValue).sum();
    }
}
