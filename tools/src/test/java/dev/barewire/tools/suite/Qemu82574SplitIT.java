package dev.barewire.tools.suite;

import static dev.barewire.tools.suite.Bench.assertSame;
import static dev.barewire.tools.suite.FrameBuilder.TCP;
import static dev.barewire.tools.suite.FrameBuilder.UDP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.barewire.NicConfig;
import dev.barewire.NicCounters;
import dev.barewire.OffloadPlan;
import dev.barewire.Packet;
import dev.barewire.SplitKind;
import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import dev.barewire.driver.access.Devices;
import dev.barewire.profiles.Offload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Header split by QEMU's 82574L, judged from outside of the driver: QEMU's trace says where the card wrote which bytes of
 * each frame, and the packet must lie just there.
 */
@Timeout(120)
class Qemu82574SplitIT {
    private static final int HOP_BY_HOP = 0;
    private static final int DESTINATION = 60;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final String HEADERS = "headers";
    private static final String PAYLOAD = "payload";

    @TempDir
    private Path folder;
    private Bench bench;
    private DmaTrace trace;

    private void open(int mtu, int headerSize, int payloadSize) throws IOException {
        open(NicConfig.defaults().mtu(mtu)
            .headerPool(domain -> new BufferPool(HEADERS, domain, MemoryKind.ANONYMOUS, headerSize, 256))
            .payloadPool(domain -> new BufferPool(PAYLOAD, domain, MemoryKind.ANONYMOUS, payloadSize, 512)));
    }

    private void open(NicConfig config) throws IOException {
        trace = new DmaTrace(folder.resolve("trace"));
        bench = Bench.over(Devices.open("qemu:e1000e?trace=" + trace.file()),
            config.promiscuous(true).descriptors(64, 64));
        assertThat(bench.nic.offloads().state(Offload.HEADER_SPLIT)).isEqualTo(OffloadPlan.State.HARDWARE);
    }

    @AfterEach
    void close() {
        if (bench != null) {
            bench.close();
        }
    }

    /** Sends a frame and holds the packet against the trace: the same bytes, in the same places. */
    private Packet receive(byte[] frame) throws IOException {
        trace.skip();
        Packet packet = bench.exchange(frame);
        assertSame(bench.bytes(packet), frame, "the frame");
        List<DmaTrace.Write> places = new ArrayList<>();
        for (int i = 0; i < packet.segments().count(); i++) {
            places.add(new DmaTrace.Write(packet.segments().iova(i), packet.segments().length(i)));
        }
        List<DmaTrace.Write> written = trace.descriptors();
        // QEMU traces each write of a payload, and none of a header that it puts apart.
        boolean headerApart = DmaTrace.bytes(trace.payload()) < frame.length;
        assertThat(DmaTrace.joined(written.subList(headerApart ? 1 : 0, written.size()))).as("writes, one by one")
            .isEqualTo(DmaTrace.joined(trace.payload()));
        trace.skip();
        if (packet.split() != SplitKind.HEADER_COPY) {
            assertThat(DmaTrace.joined(places)).as("where the packet lies, and where the card wrote")
                .isEqualTo(DmaTrace.joined(written));
        }
        assertThat(DmaTrace.bytes(written)).as("bytes written").isEqualTo(frame.length);
        if (packet.split() == SplitKind.CARD_BY_HEADER) {
            assertThat(headerApart).as("the header apart").isTrue();
            assertThat(written.getFirst().length()).as("bytes in the header's buffer").isEqualTo(packet.headerLength());
            checkPools(packet, 0);
        }
        assertThat(packet.header().length()).isEqualTo(packet.headerLength());
        return packet;
    }

    private static void checkPools(Packet packet, int from) {
        for (int i = from; i < packet.segments().count(); i++) {
            assertThat(packet.segments().buffer(i).pool().name()).as("pool of segment " + i)
                .isEqualTo(i == 0 ? HEADERS : PAYLOAD);
        }
    }

    static List<Arguments> frames() {
        byte[] forty = new byte[40];
        byte[] twelve = new byte[12];
        return List.of(
            arguments("UDP", 42, new FrameBuilder().ipv4(UDP).udp().payload(1000, 1)),
            arguments("TCP", 54, new FrameBuilder().ipv4(TCP).tcp().payload(1460, 2)),
            arguments("TCP with 40 bytes of options", 94, new FrameBuilder().ipv4(TCP).tcp(forty).payload(100, 3)),
            arguments("IPv4 with 40 bytes of options", 82, new FrameBuilder().ipv4(UDP, forty).udp().payload(100, 4)),
            arguments("headers of 134 bytes", 134, new FrameBuilder().ipv4(TCP, forty).tcp(forty).payload(1300, 5)),
            arguments("no payload", 66, new FrameBuilder().ipv4(TCP).tcp(twelve)),
            arguments("padding only", 54, new FrameBuilder().ipv4(TCP).tcp().pad()),
            arguments("one byte of payload", 66, new FrameBuilder().ipv4(TCP).tcp(twelve).payload(1, 6)),
            arguments("first fragment", 34, new FrameBuilder().ipv4(UDP, 0x2000, new byte[0]).udp().withoutSum().payload(800, 7)),
            arguments("later fragment", 34, new FrameBuilder().ipv4(UDP, 0x0064, new byte[0]).payload(800, 8)),
            arguments("ICMP", 34, new FrameBuilder().ipv4(1).payload(64, 9)),
            arguments("IPv6 UDP", 62, new FrameBuilder().ipv6(UDP).udp().payload(900, 10)),
            arguments("IPv6 TCP with options", 86, new FrameBuilder().ipv6(TCP).tcp(twelve).payload(900, 11)),
            arguments("IPv6 with extension headers", 98,
                new FrameBuilder().ipv6(HOP_BY_HOP).extension(DESTINATION, 1).extension(TCP, 2).tcp().payload(99, 12)),
            arguments("IPv6 fragment", 62, new FrameBuilder().ipv6(FRAGMENT).fragment(UDP, 8).payload(640, 13)),
            arguments("one tag", 46, new FrameBuilder().tag(0x2005).ipv4(UDP).udp().payload(700, 14)),
            arguments("two tags", 50, new FrameBuilder().tag(0x88a8, 7).tag(0x2005).ipv4(UDP).udp().payload(700, 15)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frames")
    void shouldPutTheHeaderApartWhenTheCardKnowsIt(String name, int header, FrameBuilder frame) throws IOException {
        open(1500, 256, 2048);
        for (int i = 0; i < 3; i++) {
            Packet packet = receive(frame.build());
            assertThat(packet.split()).isEqualTo(SplitKind.CARD_BY_HEADER);
            assertThat(packet.headerLength()).isEqualTo(header);
            packet.release();
        }
        assertThat(bench.nic.copies().bytes()).as("bytes copied").isZero();
    }

    static List<Arguments> others() {
        return List.of(
            arguments("ARP", new FrameBuilder().to(FrameBuilder.BROADCAST).type(0x0806).payload(28, 1).pad()),
            arguments("another type", new FrameBuilder().type(0x88b5).payload(200, 2)),
            arguments("another type, long", new FrameBuilder().type(0x88b5).payload(1500, 3)),
            arguments("the size of a header's buffer", new FrameBuilder().type(0x88b5).payload(256 - 14, 4)),
            arguments("one byte more", new FrameBuilder().type(0x88b5).payload(257 - 14, 5)),
            arguments("a header of 302 bytes", new FrameBuilder().ipv6(HOP_BY_HOP).extension(DESTINATION, 14)
                .extension(UDP, 16).udp().payload(500, 6)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("others")
    void shouldTellThatAFrameIsNotSplitWhenTheCardDidNotSplitIt(String name, FrameBuilder frame) throws IOException {
        open(1500, 256, 2048);
        Packet packet = receive(frame.build());
        assertThat(packet.split()).isEqualTo(SplitKind.NOT_SPLIT);
        assertThat(packet.headerLength()).isZero();
        packet.release();
    }

    /** The card takes an authentication header for longer than it is, and cuts too late. */
    @Test
    void shouldShowTheHeaderWhereItEndsWhenTheCardCutsTooLate() throws IOException {
        open(1500, 256, 2048);
        byte[] authentication = new byte[24];
        authentication[0] = UDP;
        authentication[1] = 24 / 4 - 2;
        byte[] udp = {3, (byte) 0xe8, 7, (byte) 0xd0, 0, 108, 0x12, 0x34};
        byte[] frame = new FrameBuilder().ipv6(AUTHENTICATION).bytes(authentication).bytes(udp).payload(100, 1).build();

        Packet packet = receive(frame);

        assertThat(packet.split()).isEqualTo(SplitKind.VIEW);
        assertThat(packet.headerLength()).isEqualTo(14 + 40 + 24 + 8);
        assertThat(packet.payload(0).getByte(0)).isEqualTo(frame[packet.headerLength()]);
        assertThat(IntStream.range(0, packet.payloadSegments()).map(i -> packet.payload(i).length()).sum()).isEqualTo(100);
        packet.release();
    }

    /** The card is told of 128 bytes, since it can be told of no other size below 256; software knows of all 192. */
    @Test
    void shouldCopyTheHeaderTogetherWhenTheCardHasNoRoomForItAndTheBufferHas() throws IOException {
        open(1500, 192, 2048);
        byte[] options = new byte[40];
        byte[] frame = new FrameBuilder().ipv4(TCP, options).tcp(options).payload(500, 1).build();

        Packet packet = receive(frame);

        assertThat(packet.split()).isEqualTo(SplitKind.HEADER_COPY);
        assertThat(packet.headerLength()).isEqualTo(134);
        assertThat(packet.segments().length(0)).isEqualTo(134);
        assertThat(bench.nic.copies().bytes()).isEqualTo(134);
        packet.release();
    }

    @ParameterizedTest
    @CsvSource({"1500, 1024", "9000, 6144", "9000, 8192", "9212, 16384"})
    void shouldFillAsManyPayloadBuffersAsItTakes(int mtu, int payloadSize) throws IOException {
        open(mtu, 256, payloadSize);
        for (int bytes = 1; bytes <= mtu - 40; bytes += mtu / 11) {
            for (int payload : new int[] {bytes, payloadSize - 1, payloadSize, payloadSize + 1}) {
                if (payload <= mtu - 40) {
                    Packet packet = receive(new FrameBuilder().ipv4(TCP).tcp().payload(payload, payload).pad().build());
                    assertThat(packet.split()).isEqualTo(SplitKind.CARD_BY_HEADER);
                    assertThat(packet.payloadSegments()).isEqualTo((packet.length() - 54 + payloadSize - 1) / payloadSize);
                    packet.release();
                }
            }
        }
    }

    /** What QEMU does not survive if a descriptor has too little room. */
    @ParameterizedTest
    @CsvSource({"6144", "8192", "16384"})
    void shouldDropAndGoOnWhenFramesAreAsLongAsTheCardTakesIn(int payloadSize) throws IOException {
        open(9000, 256, payloadSize);
        for (int length = 16384; length > 16384 - 60; length -= 3) {
            bench.far.send(new FrameBuilder().ipv4(UDP).udp().payload(length - 42, length).build());
            bench.expectNothing();
        }
        assertThat(bench.nic.counters().get(NicCounters.Name.RX_DROP_LONG)).isPositive();
        assertThat(bench.access.fault()).isEmpty();
    }

    @Test
    void shouldLeaveTheSplitToSoftwareWhenLongFramesWouldNotFit() {
        bench = Bench.over(Devices.open("qemu:e1000e"), NicConfig.defaults().mtu(9000).promiscuous(true));

        assertThat(bench.nic.offloads().state(Offload.HEADER_SPLIT)).isEqualTo(OffloadPlan.State.SOFTWARE);
        assertThat(bench.nic.offloads().reason(Offload.HEADER_SPLIT)).contains("2048");
        Packet packet = bench.exchange(new FrameBuilder().ipv4(UDP).udp().payload(8000, 1).build());
        assertThat(packet.split()).isEqualTo(SplitKind.VIEW);
        packet.release();
    }

    /** Without header buffers the card has nothing to receive into, as without any others. */
    @Test
    void shouldGoOnWhenTheApplicationHeldEveryHeaderBuffer() throws IOException {
        open(NicConfig.defaults()
            .headerPool(domain -> new BufferPool(HEADERS, domain, MemoryKind.ANONYMOUS, 256, 100))
            .payloadPool(domain -> new BufferPool(PAYLOAD, domain, MemoryKind.ANONYMOUS, 2048, 512)));
        byte[] frame = new FrameBuilder().ipv4(UDP).udp().payload(100, 1).build();
        for (int round = 0; round < 3; round++) {
            List<Packet> kept = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                kept.add(bench.exchange(frame));
            }
            bench.far.send(frame);
            Packet[] one = new Packet[1];
            assertThat(bench.nic.rx(0).poll(one)).isZero();

            kept.forEach(Packet::release);

            bench.receive().release();
        }
        assertThat(bench.nic.buffersOutstanding()).isZero();
    }

    /** A device that stands between card and queues carries headers that are apart, and doubles a frame in other buffers. */
    @Test
    void shouldGiveTheSameHeaderAndPayloadWhenADeviceDoublesAFrame() {
        bench = Bench.over(Devices.open("fault:rx.duplicate=1&seed=1:qemu:e1000e"), NicConfig.defaults().promiscuous(true));
        byte[] frame = new FrameBuilder().ipv4(UDP).udp().payload(500, 1).build();
        bench.far.send(frame);
        List<SplitKind> kinds = new ArrayList<>();
        while (kinds.size() < 2) {
            Packet packet = bench.receive();
            // The frames that emptied the cable come twice as well.
            if (packet.length() == frame.length) {
                assertSame(bench.bytes(packet), frame, "the frame");
                assertThat(packet.headerLength()).isEqualTo(42);
                kinds.add(packet.split());
            }
            packet.release();
        }
        assertThat(kinds).containsExactlyInAnyOrder(SplitKind.CARD_BY_HEADER, SplitKind.HEADER_COPY);
        assertThat(bench.nic.buffersOutstanding()).isZero();
    }

    /** Header and payload go out again from where they came in, and the payload alone, kept for longer. */
    @Test
    void shouldSendOnWhatItReceived() throws IOException {
        open(1500, 256, 2048);
        byte[] frame = new FrameBuilder().ipv4(UDP).udp().payload(1200, 1).build();
        Packet[] one = {receive(frame)};
        Buffer header = one[0].segments().buffer(0);

        assertThat(bench.nic.tx(0).send(one, 1)).isOne();

        assertSame(bench.onWire(), frame, "the frame on the wire");
        bench.settle();
        assertThat(header.holders()).as("holders of the header's buffer").isZero();
        assertThat(bench.nic.copies().bytes()).as("bytes copied").isZero();
    }
}
