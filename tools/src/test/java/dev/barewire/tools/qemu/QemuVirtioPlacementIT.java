package dev.barewire.tools.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.NicConfig;
import dev.barewire.Packet;
import dev.barewire.SplitKind;
import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.DmaDomain;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.Region;
import dev.barewire.tools.frames.FrameWriter;
import java.io.IOException;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where QEMU's virtio-net writes when it splits after a length, judged from outside of the driver. */
@Timeout(120)
class QemuVirtioPlacementIT {
    private static final int RAM = 16 << 20;
    private static final int HEADER_BUFFER = 128;
    private static final int PAYLOAD_BUFFER = 2048;
    private static final int BUFFERS = 256;
    /** Of struct virtio_net_hdr, which stands before a frame (VIRTIO 5.1.6). */
    private static final int NET_HEADER = 12;

    private Region headers;
    private Region payload;

    @ParameterizedTest
    @CsvSource({"'', 1", "'', 18", "'', 1000", "'', 1472", "packed=on, 1", "packed=on, 1000", "packed=on, 1472"})
    void shouldPutNothingButHeadersIntoHeaderBuffers(final String options, final int bytes) throws IOException {
        final NicConfig config = NicConfig.defaults().promiscuous(true).descriptors(BUFFERS, BUFFERS)
            .headerPool(domain -> pool("headers", domain, HEADER_BUFFER)).payloadPool(domain -> pool("payload", domain, PAYLOAD_BUFFER));
        try (QemuBench bench = new QemuBench("qemu:virtio-net?ram=16m" + (options.isEmpty() ? "" : "&" + options), config);
                PoisonedRam ram = new PoisonedRam(bench.device, RAM)) {
            final long end = bench.pool.region().iova(0, 0) + bench.pool.region().size();
            ram.poison(headers.iova(0, 0), headers.size());
            ram.poison(payload.iova(0, 0), payload.size());
            ram.poison(end, RAM - end);
            final byte[] frame = QemuVirtioIT.udp(bytes);
            final byte[] before = ram.snapshot();

            bench.give(frame);
            QemuBench.until("a frame", () -> bench.nic.rx(0).await(1000));
            bench.nic.link();
            final byte[] after = ram.snapshot();

            final Packet[] one = new Packet[1];
            QemuBench.until("the frame", () -> bench.nic.rx(0).poll(one) == 1);
            assertThat(one[0].split()).isEqualTo(SplitKind.CARD_BY_LENGTH);
            final Buffer header = one[0].segments().buffer(0);
            final Buffer body = one[0].segments().buffer(1);
            final List<Long> changes = PoisonedRam.changes(before, after);
            assertThat(changes).filteredOn(place -> isWithin(place, headers))
                .allMatch(place -> place >= header.iova() && place < header.iova() + NET_HEADER + FrameWriter.UDP_PAYLOAD);
            assertThat(changes).filteredOn(place -> isWithin(place, payload))
                .allMatch(place -> place >= body.iova() && place < body.iova() + bytes);
            assertThat(changes).filteredOn(place -> place >= end).isEmpty();
            expect(after, header.iova() + NET_HEADER, frame, 0, FrameWriter.UDP_PAYLOAD);
            expect(after, body.iova(), frame, FrameWriter.UDP_PAYLOAD, bytes);
            one[0].release();
        }
    }

    private BufferPool pool(final String name, final DmaDomain domain, final int size) {
        final BufferPool pool = new BufferPool(name, domain, MemoryKind.ANONYMOUS, size, BUFFERS);
        if (size == HEADER_BUFFER) {
            headers = pool.region();
        } else {
            payload = pool.region();
        }
        return pool;
    }

    private static boolean isWithin(final long place, final Region region) {
        return place >= region.iova(0, 0) && place < region.iova(0, 0) + region.size();
    }

    private static void expect(final byte[] ram, final long at, final byte[] frame, final int from, final int bytes) {
        assertThat(LongStream.range(0, bytes)).allMatch(i -> ram[(int) (at + i)] == frame[(int) (from + i)]);
    }
}
