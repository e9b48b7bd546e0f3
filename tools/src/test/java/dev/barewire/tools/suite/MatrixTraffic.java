package dev.barewire.tools.suite;

import static dev.barewire.tools.suite.Bench.assertSame;
import static dev.barewire.tools.suite.FrameBuilder.TCP;
import static dev.barewire.tools.suite.FrameBuilder.UDP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.OffloadPlan;
import dev.barewire.OffloadPlan.State;
import dev.barewire.Packet;
import dev.barewire.Verdict;
import dev.barewire.profiles.Offload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The traffic that each cell of the matrix sees, and what must come of it by the plan. */
final class MatrixTraffic {
    private static final int STANDARD = 1500;
    private static final int TAG_AT = 12;
    private static final int TAG_BYTES = 4;
    private static final int IP = 14;
    private static final int MSS = 1000;
    private static final byte[] OPTIONS = {1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8};

    private final Bench bench;
    private final OffloadPlan plan;
    private final int mtu;

    MatrixTraffic(Bench bench, int mtu) {
        this.bench = bench;
        this.mtu = mtu;
        plan = bench.nic.offloads();
    }

    // ---- received

    /**
     * A frame from the wire.
     *
     * @param name   for messages
     * @param frame  its bytes
     * @param header how many of them are headers, tags included
     * @param tagged whether it has a VLAN tag
     * @param l4     who verifies its transport checksum; null if it has none
     * @param ip     what a look at its IPv4 header must come to
     * @param sum    what a look at its transport checksum must come to
     */
    private record In(String name, byte[] frame, int header, boolean tagged, Offload l4, Verdict ip, Verdict sum) {
    }

    private List<In> incoming() {
        List<In> all = new ArrayList<>(List.of(
            in("ARP", new FrameBuilder().to(FrameBuilder.BROADCAST).type(0x0806).bytes(FrameBuilder.noise(28, 1)).pad(), 0,
                null, Verdict.NONE, Verdict.NONE),
            in("IPv4 UDP", new FrameBuilder().ipv4(UDP).udp().payload(333, 2), 42, Offload.RX_UDP_CHECKSUM, Verdict.GOOD,
                Verdict.GOOD),
            in("IPv4 TCP", new FrameBuilder().ipv4(TCP).tcp(OPTIONS).payload(334, 3), 66, Offload.RX_TCP_CHECKSUM,
                Verdict.GOOD, Verdict.GOOD),
            in("IPv6 UDP", new FrameBuilder().ipv6(UDP).udp().payload(1, 4), 62, Offload.RX_UDP_CHECKSUM, Verdict.NONE,
                Verdict.GOOD),
            in("IPv6 TCP", new FrameBuilder().ipv6(TCP).tcp().payload(1000, 5), 74, Offload.RX_TCP_CHECKSUM, Verdict.NONE,
                Verdict.GOOD),
            in("no payload", new FrameBuilder().ipv4(TCP).tcp(OPTIONS), 66, Offload.RX_TCP_CHECKSUM, Verdict.GOOD,
                Verdict.GOOD),
            in("later fragment", new FrameBuilder().ipv4(UDP, 0x10, new byte[0]).payload(64, 6), 34, null, Verdict.GOOD,
                Verdict.NONE),
            in("tagged", new FrameBuilder().tag(0x2005).ipv4(UDP).udp().payload(99, 7), 46, Offload.RX_UDP_CHECKSUM,
                Verdict.GOOD, Verdict.GOOD),
            spoilt("IPv4 header", new FrameBuilder().ipv4(UDP).udp().payload(60, 8), 33, 42, null, Verdict.BAD, null),
            spoilt("UDP payload", new FrameBuilder().ipv4(UDP).udp().payload(60, 9), 80, 42, Offload.RX_UDP_CHECKSUM,
                Verdict.GOOD, Verdict.BAD),
            spoilt("TCP payload", new FrameBuilder().ipv6(TCP).tcp().payload(61, 10), 100, 74, Offload.RX_TCP_CHECKSUM,
                Verdict.NONE, Verdict.BAD)));
        if (mtu > STANDARD) {
            all.add(in("jumbo", new FrameBuilder().ipv4(TCP).tcp().payload(mtu - 40, 11), 54, Offload.RX_TCP_CHECKSUM,
                Verdict.GOOD, Verdict.GOOD));
        }
        return all;
    }

    private static In in(String name, FrameBuilder builder, int header, Offload l4, Verdict ip, Verdict sum) {
        byte[] frame = builder.build();
        return new In(name, frame, header, frame[TAG_AT] == (byte) 0x81, l4, ip, sum);
    }

    private static In spoilt(String name, FrameBuilder builder, int at, int header, Offload l4, Verdict ip, Verdict sum) {
        In sound = in("wrong " + name, builder, header, l4, ip, sum);
        sound.frame[at] ^= 0x40;
        return sound;
    }

    /** Has the frames received, and checks what the application gets of each. */
    void receive() {
        for (In in : incoming()) {
            Packet packet = bench.exchange(in.frame);
            boolean stripped = in.tagged && plan.state(Offload.VLAN_STRIP) != State.ABSENT;
            assertThat(packet.hasVlan()).as(in.name + ": tag taken off").isEqualTo(stripped);
            assertSame(stripped ? withTag(bench.bytes(packet), packet.vlan()) : bench.bytes(packet), in.frame, in.name);
            assertThat(packet.headerLength()).as(in.name + ": header")
                .isEqualTo(plan.state(Offload.HEADER_SPLIT) == State.ABSENT || in.header == 0 ? 0
                    : in.header - (stripped ? TAG_BYTES : 0));
            assertThat(packet.ipChecksum()).as(in.name + ": IP verdict").isEqualTo(verdict(Offload.RX_IP_CHECKSUM, in.ip));
            if (in.sum != null) {
                assertThat(packet.l4Checksum()).as(in.name + ": transport verdict").isEqualTo(verdict(in.l4, in.sum));
            }
            packet.release();
        }
    }

    private Verdict verdict(Offload who, Verdict seen) {
        return who != null && plan.state(who) == State.ABSENT ? Verdict.UNCHECKED : seen;
    }

    private static byte[] withTag(byte[] frame, int control) {
        byte[] tagged = new byte[frame.length + TAG_BYTES];
        System.arraycopy(frame, 0, tagged, 0, TAG_AT);
        ByteBuffer.wrap(tagged).putShort(TAG_AT, (short) 0x8100).putShort(TAG_AT + 2, (short) control);
        System.arraycopy(frame, TAG_AT, tagged, TAG_AT + TAG_BYTES, frame.length - TAG_AT);
        return tagged;
    }

    // ---- sent

    /** Has the same frames sent: the application does for itself what the plan says is absent. */
    void send() {
        sum("IPv4 UDP", FrameBuilder.sent().ipv4(UDP).udp().payload(333, 1), 40, Offload.TX_IP_CHECKSUM, Offload.TX_UDP_CHECKSUM);
        sum("IPv4 TCP", FrameBuilder.sent().ipv4(TCP).tcp(OPTIONS).payload(1200, 2), 50, Offload.TX_IP_CHECKSUM,
            Offload.TX_TCP_CHECKSUM);
        sum("IPv6 UDP", FrameBuilder.sent().ipv6(UDP).udp().payload(64, 3), 60, Offload.TX_UDP_CHECKSUM);
        sum("IPv6 TCP", FrameBuilder.sent().ipv6(TCP).tcp().payload(65, 4), 70, Offload.TX_TCP_CHECKSUM);
        if (mtu > STANDARD) {
            sum("jumbo", FrameBuilder.sent().ipv4(UDP).udp().payload(mtu - 28, 5), 40, Offload.TX_IP_CHECKSUM,
                Offload.TX_UDP_CHECKSUM);
        }
        tag(FrameBuilder.sent().tag(0x2007).ipv4(UDP).udp().payload(77, 6).build());
        cut(FrameBuilder.sent().ipv4(TCP).tcp(OPTIONS).payload(7 * MSS + 3, 7).build());
        bench.expectNothingOnWire();
        bench.settle();
    }

    private boolean has(Offload... needed) {
        return Arrays.stream(needed).noneMatch(offload -> plan.state(offload) == State.ABSENT);
    }

    /** A frame whose checksums are wrong when it is sent, if somebody below puts them right. */
    private void sum(String name, FrameBuilder builder, int at, Offload... needed) {
        byte[] frame = builder.build();
        byte[] handed = frame.clone();
        if (has(needed)) {
            handed[at] ^= 0x5a;
            bench.send(pieces(handed).requestChecksums());
        } else {
            bench.send(pieces(handed));
        }
        assertSame(bench.onWire(), frame, name);
    }

    private void tag(byte[] frame) {
        if (has(Offload.VLAN_INSERT)) {
            byte[] bare = Arrays.copyOf(frame, frame.length - TAG_BYTES);
            System.arraycopy(frame, TAG_AT + TAG_BYTES, bare, TAG_AT, bare.length - TAG_AT);
            bench.send(pieces(bare).vlan(0x2007));
        } else {
            bench.send(pieces(frame));
        }
        assertSame(bench.onWire(), frame, "tagged");
    }

    private void cut(byte[] frame) {
        int header = IP + 40 + OPTIONS.length;
        List<byte[]> expected = FrameBuilder.cut(frame, IP, 4, IP + 20, header, MSS);
        if (has(Offload.TX_TCP_SEGMENTATION, Offload.TX_IP_CHECKSUM, Offload.TX_TCP_CHECKSUM)) {
            bench.send(pieces(frame).requestSegmentation(MSS));
        } else {
            expected.forEach(segment -> bench.send(pieces(segment)));
        }
        List<byte[]> got = bench.onWire(expected.size());
        for (int i = 0; i < got.size(); i++) {
            assertSame(got.get(i), expected.get(i), "segment %d", i);
        }
    }

    /** Its headers in a buffer of their own, then the payload in three of odd sizes at odd places. */
    private Packet pieces(byte[] frame) {
        Packet packet = bench.nic.tx(0).packet();
        int at = 0;
        int offset = 1;
        for (int piece : new int[] {78, 7, 101, frame.length}) {
            int length = Math.min(piece, frame.length - at);
            if (length > 0) {
                packet.append(bench.filled(frame, at, length, offset), offset, length);
                at += length;
                offset += 2;
            }
        }
        return packet;
    }
}
