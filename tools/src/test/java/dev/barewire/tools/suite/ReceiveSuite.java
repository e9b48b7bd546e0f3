package dev.barewire.tools.suite;

import static dev.barewire.tools.suite.Bench.assertSame;
import static dev.barewire.tools.suite.FrameBuilder.TCP;
import static dev.barewire.tools.suite.FrameBuilder.UDP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.NicConfig;
import dev.barewire.NicCounters;
import dev.barewire.Packet;
import dev.barewire.SplitKind;
import dev.barewire.Verdict;
import dev.barewire.dma.Segment;
import dev.barewire.dma.SegmentList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the application gets of frames from the wire, by the defaults: an MTU of 1500, split by view. */
@CardSuite
class ReceiveSuite {
    private static final int ICMP = 1;
    private static final int NO_NEXT = 59;
    private static final int HOP_BY_HOP = 0;
    private static final int DESTINATION = 60;
    private static final int FRAGMENT = 44;
    private static Bench bench;

    @BeforeAll
    static void open() {
        bench = Bench.open(NicConfig.defaults());
    }

    @AfterAll
    static void close() {
        bench.close();
    }

    @Test
    void shouldReceiveEveryByteWhenFramesHaveAnySize() {
        List<byte[]> sent = new ArrayList<>();
        for (int size = 60; size <= 1514; size += size < 200 || size > 1480 ? 1 : 13) {
            sent.add(new FrameBuilder().type(0x88b5).payload(size - 14, size).build());
        }
        sent.forEach(bench.far::send);

        List<Packet> got = bench.receive(sent.size());

        for (int i = 0; i < sent.size(); i++) {
            assertSame(bench.bytes(got.get(i)), sent.get(i), "the frame");
            got.get(i).release();
        }
    }

    static List<Arguments> frames() {
        byte[] ipOptions = new byte[40];
        Arrays.fill(ipOptions, (byte) 1);
        byte[] tcpOptions = ipOptions.clone();
        return List.of(
            frame("IPv4 UDP", 42, Verdict.GOOD, Verdict.GOOD, new FrameBuilder().ipv4(UDP).udp().payload(100, 1)),
            frame("IPv4 UDP, odd", 42, Verdict.GOOD, Verdict.GOOD, new FrameBuilder().ipv4(UDP).udp().payload(101, 2)),
            frame("IPv4 TCP", 54, Verdict.GOOD, Verdict.GOOD, new FrameBuilder().ipv4(TCP).tcp().payload(100, 3)),
            frame("IPv4 with 40 bytes of options", 82, Verdict.GOOD, Verdict.GOOD,
                new FrameBuilder().ipv4(UDP, ipOptions).udp().payload(33, 4)),
            frame("TCP header of 60 bytes", 94, Verdict.GOOD, Verdict.GOOD,
                new FrameBuilder().ipv4(TCP).tcp(tcpOptions).payload(77, 5)),
            frame("TCP header of 60 bytes behind IPv4 header of 60 bytes", 134, Verdict.GOOD, Verdict.GOOD,
                new FrameBuilder().ipv4(TCP, ipOptions).tcp(tcpOptions).payload(77, 6)),
            frame("UDP without checksum", 42, Verdict.GOOD, Verdict.NONE,
                new FrameBuilder().ipv4(UDP).udp().withoutSum().payload(60, 7)),
            frame("ICMP", 34, Verdict.GOOD, Verdict.NONE, new FrameBuilder().ipv4(ICMP).payload(60, 8)),
            frame("first fragment", 34, Verdict.GOOD, Verdict.NONE,
                new FrameBuilder().ipv4(UDP, 0x2000, new byte[0]).udp().payload(64, 9)),
            frame("later fragment", 34, Verdict.GOOD, Verdict.NONE,
                new FrameBuilder().ipv4(UDP, 0x0010, new byte[0]).payload(64, 10)),
            frame("one VLAN tag", 46, Verdict.GOOD, Verdict.GOOD,
                new FrameBuilder().tag(0x2005).ipv4(UDP).udp().payload(64, 11)),
            frame("two VLAN tags", 50, Verdict.GOOD, Verdict.GOOD,
                new FrameBuilder().tag(0x88a8, 0x0007).tag(0x2005).ipv4(UDP).udp().payload(64, 12)),
            frame("IPv6 UDP", 62, Verdict.NONE, Verdict.GOOD, new FrameBuilder().ipv6(UDP).udp().payload(99, 13)),
            frame("IPv6 TCP", 74, Verdict.NONE, Verdict.GOOD, new FrameBuilder().ipv6(TCP).tcp().payload(99, 14)),
            frame("IPv6 with two extension headers", 98, Verdict.NONE, Verdict.GOOD,
                new FrameBuilder().ipv6(HOP_BY_HOP).extension(DESTINATION, 1).extension(TCP, 2).tcp().payload(99, 15)),
            frame("IPv6 first fragment", 62, Verdict.NONE, Verdict.NONE,
                new FrameBuilder().ipv6(FRAGMENT).fragment(UDP, 1).udp().withoutSum().payload(64, 16)),
            frame("IPv6 later fragment", 62, Verdict.NONE, Verdict.NONE,
                new FrameBuilder().ipv6(FRAGMENT).fragment(UDP, 8).payload(64, 17)),
            frame("IPv6 with nothing behind it", 54, Verdict.NONE, Verdict.NONE, new FrameBuilder().ipv6(NO_NEXT).pad()),
            frame("ARP", 0, Verdict.NONE, Verdict.NONE, new FrameBuilder().to(FrameBuilder.BROADCAST).type(0x0806)
                .bytes(FrameBuilder.noise(28, 18)).pad()));
    }

    private static Arguments frame(String name, int header, Verdict ip, Verdict l4, FrameBuilder frame) {
        return Arguments.of(name, header, ip, l4, frame.build());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frames")
    void shouldSplitAndVerifyWhenAFrameIsSound(String name, int header, Verdict ip, Verdict l4, byte[] frame) {
        Packet packet = bench.exchange(frame);

        assertSame(bench.bytes(packet), frame, "the frame");
        assertThat(packet.headerLength()).isEqualTo(header);
        // Of two tags an 82574L knows the first, if VET has its type, and QEMU's model of it both; so does an 82576, which puts
        // nothing apart then.
        assertThat(packet.split()).isIn(header == 0 ? SplitKind.NOT_SPLIT : bench.split(SplitKind.VIEW),
            name.equals("two VLAN tags") ? SplitKind.VIEW : null, name.equals("two VLAN tags") ? SplitKind.HEADER_COPY : null);
        assertThat(packet.ipChecksum()).isEqualTo(ip);
        assertThat(packet.l4Checksum()).isEqualTo(l4);
        assertThat(packet.header().length()).isEqualTo(header);
        int payload = 0;
        for (int i = 0; i < packet.payloadSegments(); i++) {
            payload += packet.payload(i).length();
        }
        assertThat(payload).isEqualTo(frame.length - header);
        packet.release();
    }

    static List<Arguments> corrupted() {
        List<Arguments> all = new ArrayList<>();
        all.add(Arguments.of("IPv4 header", 34 - 1, Verdict.BAD, null, new FrameBuilder().ipv4(UDP).udp().payload(60, 1).build()));
        all.add(Arguments.of("UDP payload", 80, Verdict.GOOD, Verdict.BAD,
            new FrameBuilder().ipv4(UDP).udp().payload(60, 2).build()));
        all.add(Arguments.of("UDP checksum", 41, Verdict.GOOD, Verdict.BAD,
            new FrameBuilder().ipv4(UDP).udp().payload(60, 3).build()));
        all.add(Arguments.of("TCP last odd byte", 114, Verdict.GOOD, Verdict.BAD,
            new FrameBuilder().ipv4(TCP).tcp().payload(61, 4).build()));
        all.add(Arguments.of("TCP over IPv6", 75, Verdict.NONE, Verdict.BAD,
            new FrameBuilder().ipv6(TCP).tcp().payload(61, 5).build()));
        all.add(Arguments.of("UDP over IPv6, address", 30, Verdict.NONE, Verdict.BAD,
            new FrameBuilder().ipv6(UDP).udp().payload(61, 6).build()));
        return all;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("corrupted")
    void shouldSayBadWhenAChecksumIsWrong(String name, int at, Verdict ip, Verdict l4, byte[] frame) {
        frame[at] ^= 0x40;

        Packet packet = bench.exchange(frame);

        assertSame(bench.bytes(packet), frame, "the frame");
        assertThat(packet.ipChecksum()).isEqualTo(ip);
        if (l4 != null) {
            assertThat(packet.l4Checksum()).isEqualTo(l4);
        }
        packet.release();
    }

    @Test
    void shouldGiveFramesWhoseLengthsLieWithoutReadingBeyondThem() {
        byte[] frame = new FrameBuilder().ipv4(UDP).udp().payload(60, 1).build();
        byte[] beyond = frame.clone();
        beyond[16] = 5;
        byte[] udpBeyond = frame.clone();
        udpBeyond[38] = 5;
        byte[] header = new FrameBuilder().ipv4(TCP).tcp().payload(6, 1).build();
        header[46] = (byte) 0xf0;
        for (byte[] lie : List.of(beyond, udpBeyond, header)) {
            Packet packet = bench.exchange(lie);
            assertSame(bench.bytes(packet), lie, "the frame");
            assertThat(packet.headerLength()).isZero();
            assertThat(packet.l4Checksum()).isEqualTo(Verdict.UNCHECKED);
            packet.release();
        }
    }

    @Test
    void shouldGoOnWhenFramesAreTooShortToBeAny() {
        List<byte[]> sent = new ArrayList<>();
        byte[] whole = new FrameBuilder().ipv4(UDP).udp().payload(18, 1).build();
        for (int size = 14; size < whole.length; size++) {
            sent.add(Arrays.copyOf(whole, size));
        }
        sent.forEach(bench.far::send);

        for (Packet packet : bench.receive(sent.size())) {
            byte[] cut = sent.removeFirst();
            // A card may fill up with zeros what is shorter than a frame can be.
            assertThat(bench.bytes(packet)).startsWith(cut).hasSizeBetween(cut.length, FrameBuilder.MIN_FRAME);
            packet.release();
        }
        bench.expectNothing();
    }

    @Test
    void shouldDropAndCountWhenFramesAreTooLong() {
        long before = tooLong();
        for (int size : new int[] {1523, 2047, 2048, 2049, 9000, 16000}) {
            bench.far.send(new FrameBuilder().type(0x88b5).payload(size - 14, size).build());
        }

        bench.expectNothing();

        assertThat(tooLong() - before).isEqualTo(CardUnderTest.countsLongFrames(bench.nic) ? 6 : 0);
    }

    /** Frames too long for the MTU, wherever they were dropped. */
    private static long tooLong() {
        return bench.nic.statistics().getOrDefault("oversize-received", 0L)
            + bench.nic.counters().get(NicCounters.Name.RX_DROP_LONG);
    }

    @Test
    void shouldRefuseToWriteAHeaderAndLetPayloadBeWritten() {
        Packet packet = bench.exchange(new FrameBuilder().ipv4(UDP).udp().payload(60, 1).build());
        Segment header = packet.header();

        assertThatThrownBy(() -> header.putByte(0, (byte) 1)).isInstanceOf(UnsupportedOperationException.class);
        packet.payload(0).putInt(0, 0x01020304);

        assertThat(packet.payload(0).getInt(0)).isEqualTo(0x01020304);
        packet.release();
    }

    @Test
    void shouldKeepDetachedPayloadWhenThePacketIsReleased() {
        byte[] frame = new FrameBuilder().ipv4(UDP).udp().payload(200, 7).build();
        Packet packet = bench.exchange(frame);
        SegmentList payload = new SegmentList(4);

        packet.detachPayload(payload);
        packet.release();
        bench.expectNothing();

        assertSame(bench.bytes(payload), Arrays.copyOfRange(frame, 42, frame.length), "the frame");
        payload.release();
    }

    @Test
    void shouldThrowWhenAPacketIsUsedAfterItsRelease() {
        Packet packet = bench.exchange(new FrameBuilder().ipv4(UDP).udp().payload(60, 1).build());
        Segment header = packet.header();
        Segment payload = packet.payload(0);
        packet.release();

        assertThatThrownBy(() -> header.getByte(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> payload.getByte(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(packet::release).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldTakePacketsBackWhenAnotherThreadReleasesThem() throws InterruptedException {
        int outstanding = bench.nic.buffersOutstanding();
        byte[] frame = new FrameBuilder().ipv4(UDP).udp().payload(60, 1).build();
        for (int i = 0; i < 100; i++) {
            bench.far.send(frame);
        }
        List<Packet> packets = bench.receive(100);

        Thread other = Thread.ofPlatform().start(() -> packets.forEach(Packet::release));
        other.join();

        assertThat(bench.nic.buffersOutstanding()).isEqualTo(outstanding);
    }
}
