package dev.barewire.tools.suite;

import static dev.barewire.tools.suite.Bench.assertSame;
import static dev.barewire.tools.suite.FrameBuilder.TCP;
import static dev.barewire.tools.suite.FrameBuilder.UDP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.NicConfig;
import dev.barewire.NicCounters;
import dev.barewire.OffloadPlan;
import dev.barewire.Packet;
import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import dev.barewire.profiles.Offload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands on the wire when the application sends: the same bytes, whoever does the work. */
@CardSuite
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TransmitScenarios {
    /** Payload of the largest frame that IPv4 lets be cut, and the port that tells its segments apart. */
    static final int LARGEST = 65535 - 40;
    static final int LARGEST_PORT = 4444;
    private static final int IP = 14;
    private static final int DESTINATION = 60;
    private static final byte[] TCP_OPTIONS = {1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8};
    /** The offloads that the two ways differ in. */
    static final List<Offload> OFFLOADS = List.of(Offload.TX_IP_CHECKSUM, Offload.TX_TCP_CHECKSUM, Offload.TX_UDP_CHECKSUM,
            Offload.TX_TCP_SEGMENTATION, Offload.VLAN_INSERT, Offload.VLAN_STRIP, Offload.SCATTER_GATHER);

    private Bench bench;

    abstract NicConfig config();

    abstract OffloadPlan.State doneBy();

    @BeforeAll
    void open() {
        bench = Bench.open(config().vlanStrip(true));
    }

    @AfterAll
    void close() {
        bench.close();
    }

    @Test
    void shouldSayInThePlanWhoDoesTheWork() {
        for (Offload offload : OFFLOADS) {
            assertThat(bench.nic.offloads().state(offload)).as(offload.label()).isEqualTo(doneBy());
        }
    }

    @Test
    void shouldSendEveryByteWhenFramesHaveAnySizeAndAlignment() {
        for (int size = 1; size <= 1514; size += size < 130 || size > 1500 ? 1 : 31) {
            byte[] frame = FrameBuilder.noise(size, size);
            int offset = size % 67;

            bench.send(bench.nic.tx(0).packet().append(bench.filled(frame, 0, size, offset), offset, size));

            assertSame(bench.onWire(), Arrays.copyOf(frame, Math.max(size, FrameBuilder.MIN_FRAME)), "the frame on the wire");
        }
    }

    /** Each segment lies on two pages, so that a card or its IOMMU may have to look at each twice. */
    @ParameterizedTest
    @ValueSource(ints = {1, 31, 33, 64})
    void shouldSendEveryByteWhenSegmentsLieAcrossPages(int segments) {
        byte[] frame = FrameBuilder.noise(20 * segments + 60, segments);
        Packet packet = bench.nic.tx(0).packet();
        for (int at = 0; at < segments; at++) {
            int bytes = at == 0 ? 80 : 20;
            int from = at == 0 ? 0 : 60 + 20 * at;
            packet.append(bench.filled(frame, from, bytes, 4086), 4086, bytes);
        }

        bench.send(packet);

        assertSame(bench.onWire(), frame, "the frame on the wire");
        bench.settle();
    }

    static List<Arguments> sums() {
        List<Arguments> all = new ArrayList<>();
        for (int bytes : new int[] {0, 1, 2, 32, 999, 1400}) {
            all.add(sum("IPv4 UDP " + bytes, FrameBuilder.sent().ipv4(UDP).udp(), bytes, 40));
            all.add(sum("IPv4 TCP " + bytes, FrameBuilder.sent().ipv4(TCP).tcp(), bytes, 50));
            all.add(sum("IPv6 UDP " + bytes, FrameBuilder.sent().ipv6(UDP).udp(), bytes, 60));
            all.add(sum("IPv6 TCP " + bytes, FrameBuilder.sent().ipv6(TCP).tcp(), bytes, 70));
        }
        all.add(sum("IPv4 options", FrameBuilder.sent().ipv4(UDP, new byte[40]).udp(), 77, 80));
        all.add(sum("TCP options", FrameBuilder.sent().ipv4(TCP).tcp(TCP_OPTIONS), 77, 50));
        all.add(sum("tag in the frame", FrameBuilder.sent().tag(5).ipv4(TCP).tcp(), 77, 54));
        all.add(sum("two tags in the frame", FrameBuilder.sent().tag(0x88a8, 6).tag(5).ipv4(UDP).udp(), 77, 48));
        all.add(sum("IPv6 extension", FrameBuilder.sent().ipv6(DESTINATION).extension(UDP, 3).udp(), 77, 84));
        all.add(sum("long IPv6 extension", FrameBuilder.sent().ipv6(DESTINATION).extension(TCP, 40).tcp(), 77, 390));
        return all;
    }

    private static Arguments sum(String name, FrameBuilder frame, int bytes, int at) {
        return Arguments.of(name, frame.payload(bytes, bytes).pad().build(), at);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sums")
    void shouldFillInChecksumsWhenAsked(String name, byte[] frame, int at) {
        byte[] unsummed = frame.clone();
        // What stands in the fields before must not matter.
        unsummed[at] ^= 0x5a;
        if (frame[12] == 8) {
            unsummed[IP + 10] ^= 0x33;
        }
        bench.send(inPieces(unsummed, 61, 14, 7, 400).requestChecksums());

        assertSame(bench.onWire(), frame, "the frame on the wire");
    }

    /** Headers wholly in the first segment, as a split packet has them, then odd pieces at odd addresses. */
    private Packet inPieces(byte[] frame, int... lengths) {
        Packet packet = bench.nic.tx(0).packet();
        int at = 0;
        int offset = 1;
        for (int length : lengths) {
            int piece = Math.min(length, frame.length - at);
            packet.append(bench.filled(frame, at, piece, offset), offset, piece);
            at += piece;
            offset += 2;
        }
        return packet.append(bench.filled(frame, at, frame.length - at, offset), offset, frame.length - at);
    }

    @Test
    void shouldSendTheOtherZeroWhenAUdpChecksumComesToZero() {
        byte[] frame = FrameBuilder.sent().ipv4(UDP).udp().payload(100, 3).build();
        // What the checksum is now, added to a word of the payload, brings it to 0.
        frame[50] = 0;
        frame[51] = 0;
        FrameBuilder.sumTransport(frame, IP, 4, IP + 20, UDP, frame.length);
        frame[50] = frame[40];
        frame[51] = frame[41];
        byte[] expected = frame.clone();
        expected[40] = (byte) 0xff;
        expected[41] = (byte) 0xff;

        bench.send(bench.packet(frame).requestChecksums());

        assertSame(bench.onWire(), expected, "the frame on the wire");
    }

    static List<Arguments> large() {
        List<Arguments> all = new ArrayList<>();
        for (int bytes : new int[] {1, 1460, 1461, 2 * 1460, 3 * 1460 - 1, 20 * 1460, LARGEST}) {
            all.add(Arguments.of("IPv4 " + bytes, bytes, 1460,
                FrameBuilder.sent().port(bytes == LARGEST ? LARGEST_PORT : 1000).ipv4(TCP).tcp(), 4, IP + 20, 0));
            all.add(Arguments.of("IPv6 " + bytes, Math.min(bytes, 65535 - 60), 1440, FrameBuilder.sent().ipv6(TCP).tcp(), 6,
                IP + 40, 0));
        }
        all.add(Arguments.of("TCP options", 30_001, 1448, FrameBuilder.sent().ipv4(TCP).tcp(TCP_OPTIONS), 4, IP + 20, 12));
        all.add(Arguments.of("IPv4 options", 30_001, 1400, FrameBuilder.sent().ipv4(TCP, new byte[8]).tcp(), 4, IP + 28, 0));
        all.add(Arguments.of("small segments", 5_000, 77, FrameBuilder.sent().ipv4(TCP).tcp(), 4, IP + 20, 0));
        return all;
    }

    @ParameterizedTest(name = "{0} cut by {2}")
    @MethodSource("large")
    void shouldSendTheSameSegmentsWhenALargeFrameIsCut(String name, int bytes, int mss, FrameBuilder headers, int version,
            int l4, int options) {
        byte[] frame = headers.payload(bytes, bytes).build();
        int header = l4 + 20 + options;

        bench.send(large(frame, header, mss));

        List<byte[]> expected = FrameBuilder.cut(frame, IP, version, l4, header, mss);
        List<byte[]> got = bench.onWire(expected.size());
        for (int i = 0; i < got.size(); i++) {
            assertSame(got.get(i), expected.get(i), "segment %d", i);
        }
        bench.expectNothingOnWire();
    }

    /** A frame with its header in a buffer of its own and payload in several, at odd places. */
    private Packet large(byte[] frame, int header, int mss) {
        Packet packet = bench.nic.tx(0).packet().append(bench.filled(frame, 0, header, 3), 3, header);
        for (int at = header; at < frame.length;) {
            int piece = Math.min(Bench.BUFFER - 101, frame.length - at);
            packet.append(bench.filled(frame, at, piece, 5), 5, piece);
            at += piece;
        }
        return packet.requestSegmentation(mss);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 16, 64})
    void shouldGatherWhenAFrameLiesInManyOddPieces(int pieces) {
        try (BufferPool other = new BufferPool("other", bench.nic.domain(), MemoryKind.HUGE_PAGES, 2048, pieces)) {
            byte[] frame = FrameBuilder.noise(pieces * 21 + pieces / 2, pieces);
            Packet packet = bench.nic.tx(0).packet();
            int at = 0;
            for (int i = 0; i < pieces; i++) {
                int length = i == pieces - 1 ? frame.length - at : 1 + 2 * (i % 20);
                int offset = 2 * i + 1;
                Buffer buffer = i % 2 == 0 ? bench.filled(frame, at, length, offset) : other.take();
                for (int b = 0; i % 2 != 0 && b < length; b++) {
                    buffer.memory().putByte(buffer.base() + offset + b, frame[at + b]);
                }
                packet.append(buffer, offset, length);
                at += length;
            }
            long gathered = bench.nic.counters().get(NicCounters.Name.TX_LINEARISED);

            bench.send(packet);

            assertSame(bench.onWire(), Arrays.copyOf(frame, Math.max(FrameBuilder.MIN_FRAME, frame.length)), "the frame on the wire");
            assertThat(bench.nic.counters().get(NicCounters.Name.TX_LINEARISED) - gathered)
                .isEqualTo(doneBy() == OffloadPlan.State.HARDWARE ? 0 : 1);
            bench.settle();
        }
    }

    @Test
    void shouldPutTheTagInWhenAsked() {
        byte[] frame = FrameBuilder.sent().ipv4(TCP).tcp().payload(300, 1).build();
        byte[] tagged = FrameBuilder.sent().tag(0xa123).ipv4(TCP).tcp().payload(300, 1).build();

        bench.send(bench.packet(frame).vlan(0xa123).requestChecksums());

        assertSame(bench.onWire(), tagged, "the frame on the wire");
    }

    @Test
    void shouldTagEverySegmentWhenALargeFrameIsCut() {
        byte[] frame = FrameBuilder.sent().ipv4(TCP).tcp().payload(5_000, 1).build();
        byte[] tagged = FrameBuilder.sent().tag(0x0123).ipv4(TCP).tcp().payload(5_000, 1).build();
        List<byte[]> expected = FrameBuilder.cut(tagged, IP + 4, 4, IP + 24, IP + 44, 1000);

        bench.send(large(frame, IP + 40, 1000).vlan(0x0123));

        List<byte[]> got = bench.onWire(expected.size());
        for (int i = 0; i < got.size(); i++) {
            assertSame(got.get(i), expected.get(i), "segment %d", i);
        }
    }

    @Test
    void shouldTakeOneTagOffAndTellItWhenAFrameIsTagged() {
        byte[] plain = new FrameBuilder().ipv4(UDP).udp().payload(300, 1).build();
        byte[] inner = new FrameBuilder().tag(7).ipv4(UDP).udp().payload(300, 1).build();
        Packet untagged = bench.exchange(plain);
        assertThat(untagged.hasVlan()).isFalse();
        untagged.release();

        Packet packet = bench.exchange(new FrameBuilder().tag(0xe00a).ipv4(UDP).udp().payload(300, 1).build());
        assertThat(packet.vlan()).isEqualTo(0xe00a);
        assertSame(bench.bytes(packet), plain, "the frame");
        assertThat(packet.headerLength()).isEqualTo(42);
        packet.release();

        packet = bench.exchange(new FrameBuilder().tag(0x000a).tag(7).ipv4(UDP).udp().payload(300, 1).build());
        assertThat(packet.vlan()).isEqualTo(0x000a);
        assertSame(bench.bytes(packet), inner, "the frame");
        packet.release();
    }

    @Test
    void shouldDropAndCountWhenAFrameCannotBeSent() {
        long tooLong = bench.nic.counters().get(NicCounters.Name.TX_DROP_LONG);
        long malformed = bench.nic.counters().get(NicCounters.Name.TX_DROP_MALFORMED);

        bench.send(bench.packet(FrameBuilder.noise(1523, 1)));
        bench.send(bench.nic.tx(0).packet());
        bench.send(bench.packet(ByteBuffer.allocate(100).putShort(12, (short) 0x0800).array()).requestChecksums());

        bench.expectNothingOnWire();
        assertThat(bench.nic.counters().get(NicCounters.Name.TX_DROP_LONG) - tooLong).isEqualTo(1);
        assertThat(bench.nic.counters().get(NicCounters.Name.TX_DROP_MALFORMED) - malformed).isEqualTo(2);
    }
}
