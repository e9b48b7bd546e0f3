package dev.barewire.tools.suite;

import static dev.barewire.tools.suite.Bench.assertSame;
import static dev.barewire.tools.suite.FrameBuilder.TCP;
import static dev.barewire.tools.suite.FrameBuilder.UDP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.Force;
import dev.barewire.HeaderSplit;
import dev.barewire.NicConfig;
import dev.barewire.NicCounters;
import dev.barewire.Packet;
import dev.barewire.SplitKind;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.CopySite;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.SegmentList;
import dev.barewire.profiles.Offload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The places where received frames are split, other than by view after the headers. */
@CardSuite
class SplitSuite {
    private static final int HEADERS = 64;

    @Test
    void shouldPutHeadersIntoTheirOwnPoolAndLeavePayloadWhereItIs() {
        NicConfig config = NicConfig.defaults().mtu(9000).offload(Offload.HEADER_SPLIT, Force.SOFTWARE)
            .headerPool(domain -> new BufferPool("headers", domain, MemoryKind.ANONYMOUS, 128, HEADERS));
        try (Bench bench = Bench.open(config)) {
            long before = bench.nic.copies().bytes();
            int headerBytes = 0;
            for (int bytes = 1; bytes < 8900; bytes += 683) {
                byte[] frame = (bytes % 2 == 0 ? new FrameBuilder().ipv4(TCP).tcp() : new FrameBuilder().ipv6(UDP).udp())
                    .payload(bytes, bytes).build();
                int header = bytes % 2 == 0 ? 54 : 62;
                headerBytes += header;
                Packet packet = bench.exchange(frame);
                assertThat(packet.split()).isEqualTo(SplitKind.HEADER_COPY);
                assertThat(packet.headerLength()).isEqualTo(header);
                SegmentList segments = packet.segments();
                assertThat(segments.buffer(0).pool().name()).isEqualTo("headers");
                assertThat(segments.length(0)).as("bytes in the header's buffer").isEqualTo(header);
                assertThat(segments.buffer(1).pool().name()).isEqualTo("receive");
                assertThat(segments.offset(1)).as("where the card put the payload").isEqualTo(header);
                assertSame(bench.bytes(packet), frame, "frame");
                assertThat(packet.payload(0).getByte(0)).isEqualTo(frame[header]);
                packet.release();
            }
            assertThat(bench.nic.copies().bytes() - before).as("bytes copied").isEqualTo(headerBytes);
            assertThat(bench.nic.copies().sites().stream().filter(site -> site.bytes() > 0).map(CopySite::site))
                .allMatch(site -> site.contains("header"));
            shouldGoOnAfterTheHeaderPoolWasEmpty(bench);
        }
    }

    private static void shouldGoOnAfterTheHeaderPoolWasEmpty(Bench bench) {
        byte[] frame = new FrameBuilder().ipv4(UDP).udp().payload(100, 1).build();
        for (int i = 0; i < HEADERS + 5; i++) {
            bench.far.send(frame);
        }
        List<Packet> kept = new ArrayList<>(bench.receive(HEADERS));
        bench.expectNothing();
        assertThat(bench.nic.counters().get(NicCounters.Name.RX_DROP_NO_HEADER)).isEqualTo(5);
        kept.forEach(Packet::release);
        bench.exchange(frame).release();
    }

    @Test
    void shouldSplitAfterAFixedLengthWhenAsked() {
        try (Bench bench = Bench.open(NicConfig.defaults().headerSplit(HeaderSplit.fixed(100)))) {
            for (int size : new int[] {60, 99, 100, 101, 1000}) {
                byte[] frame = FrameBuilder.noise(size, size);
                Packet packet = bench.exchange(frame);
                int header = Math.min(size, 100);
                assertThat(packet.headerLength()).isEqualTo(header);
                assertThat(packet.header().length()).isEqualTo(header);
                assertThat(packet.payloadSegments()).isEqualTo(size > 100 ? 1 : 0);
                assertSame(bench.bytes(packet), frame, "frame");
                SegmentList payload = new SegmentList(2);
                packet.detachPayload(payload);
                packet.release();
                assertSame(bench.bytes(payload), Arrays.copyOfRange(frame, header, size), "payload");
                payload.release();
            }
        }
    }

    @Test
    void shouldNotSplitWhenNotAsked() {
        try (Bench bench = Bench.open(NicConfig.defaults().headerSplit(HeaderSplit.NONE))) {
            byte[] frame = new FrameBuilder().ipv4(UDP).udp().payload(100, 1).build();
            Packet packet = bench.exchange(frame);
            assertThat(packet.split()).isEqualTo(SplitKind.NOT_SPLIT);
            assertThat(packet.headerLength()).isZero();
            assertThat(packet.payload(0).length()).isEqualTo(frame.length);
            packet.release();
        }
    }
}
