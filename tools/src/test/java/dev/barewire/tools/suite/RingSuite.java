package dev.barewire.tools.suite;

import static dev.barewire.tools.suite.Bench.assertSame;
import static dev.barewire.tools.suite.FrameBuilder.TCP;
import static dev.barewire.tools.suite.FrameBuilder.UDP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.barewire.NicConfig;
import dev.barewire.NicCounters;
import dev.barewire.Packet;
import dev.barewire.SplitKind;
import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.Region;
import dev.barewire.dma.SegmentList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rings that are full, pools that are empty, and what stands in the descriptors. */
@CardSuite
class RingSuite {
    private static final int DESCRIPTORS = 32;
    private static final int BUFFERS = 64;
    private static final int FRAME = 100;
    private static final int MSS = 1460;
    private static Bench bench;

    @BeforeAll
    static void open() {
        bench = Bench.open(NicConfig.defaults().descriptors(DESCRIPTORS, DESCRIPTORS)
            .rxBuffers(MemoryKind.ANONYMOUS, 2048, BUFFERS));
    }

    @AfterAll
    static void close() {
        bench.close();
    }

    @Test
    void shouldCutTheBurstShortAndLoseNothingWhenTheTransmitRingIsFull() {
        List<Long> completed = new ArrayList<>();
        bench.nic.tx(0).onCompletion(completed::add);
        int burstSize = 3 * DESCRIPTORS + 5;
        byte[] frames = FrameBuilder.noise(burstSize * FRAME, 1);
        Buffer buffer = bench.filled(frames, 0, frames.length, 0);
        long full = bench.nic.counters().get(NicCounters.Name.TX_RING_FULL);
        for (int round = 0; round < 10; round++) {
            completed.clear();
            Packet[] burst = new Packet[burstSize];
            for (int i = 0; i < burstSize; i++) {
                burst[i] = bench.nic.tx(0).packet().lend(buffer, i * FRAME, FRAME).tag(i + 1);
            }
            int first = bench.nic.tx(0).send(burst, burstSize);
            assertThat(first).isBetween(1, DESCRIPTORS - 1);
            int sent = first;
            while (sent < burstSize) {
                Packet[] rest = Arrays.copyOfRange(burst, sent, burstSize);
                sent += bench.nic.tx(0).send(rest, rest.length);
            }
            bench.settle();

            List<byte[]> wire = bench.onWire(burstSize);
            for (int i = 0; i < burstSize; i++) {
                assertSame(wire.get(i), Arrays.copyOfRange(frames, i * FRAME, (i + 1) * FRAME), "frame %d", i);
            }
            assertThat(completed).isEqualTo(LongStream.rangeClosed(1, burstSize).boxed().toList());
        }
        assertThat(bench.nic.counters().get(NicCounters.Name.TX_RING_FULL)).isGreaterThanOrEqualTo(full + 10);
        assertThat(buffer.holders()).isEqualTo(1);
        buffer.release();
        bench.nic.tx(0).onCompletion(null);
    }

    @Test
    void shouldGatherWhenAFrameHasMoreSegmentsThanTheRing() {
        byte[] frame = FrameBuilder.noise(DESCRIPTORS * 5, 1);
        Buffer buffer = bench.filled(frame, 0, frame.length, 0);
        Packet packet = bench.nic.tx(0).packet();
        for (int at = 0; at < frame.length; at += 3) {
            packet.lend(buffer, at, Math.min(3, frame.length - at));
        }
        buffer.release();

        bench.send(packet);

        assertSame(bench.onWire(), frame, "frame");
    }

    @Test
    void shouldGoOnWhereItStoppedWhenSegmentsFillTheRing() {
        List<Long> completed = new ArrayList<>();
        bench.nic.tx(0).onCompletion(completed::add);
        for (int tag = 1; tag <= 3; tag++) {
            byte[] frame = multiple(tag);

            bench.send(large(frame).tag(tag));
            bench.send(bench.packet(numbered(tag)).tag(100 + tag));

            List<byte[]> expected = FrameBuilder.cut(frame, 14, 4, 34, 54, MSS);
            expected.add(numbered(tag));
            List<byte[]> got = bench.onWire(expected.size());
            for (int i = 0; i < got.size(); i++) {
                assertSame(got.get(i), expected.get(i), "segment %d", i);
            }
            bench.settle();
        }
        assertThat(completed).containsExactly(1L, 101L, 2L, 102L, 3L, 103L);
        assertThat(bench.pool.outstanding()).isZero();
        bench.nic.tx(0).onCompletion(null);
    }

    /** A payload of a multiple of the MSS, which software cuts on cards that do it wrongly. */
    private static byte[] multiple(int seed) {
        return FrameBuilder.sent().ipv4(TCP).tcp().payload(44 * MSS, seed).build();
    }

    private static Packet large(byte[] frame) {
        Packet packet = bench.nic.tx(0).packet();
        for (int at = 0; at < frame.length; at += Bench.BUFFER) {
            int piece = Math.min(Bench.BUFFER, frame.length - at);
            packet.append(bench.filled(frame, at, piece, 0), 0, piece);
        }
        return packet.requestSegmentation(MSS);
    }

    @Test
    void shouldCountAndGoOnWhenTheApplicationHoldsEveryBuffer() {
        List<Packet> kept = new ArrayList<>();
        for (int i = 0; i < BUFFERS; i++) {
            // One by one, since QEMU may drop some of a flood.
            kept.add(bench.exchange(numbered(i)));
        }
        for (int i = 0; i < DESCRIPTORS; i++) {
            bench.far.send(numbered(BUFFERS + i));
        }
        Packet[] burst = new Packet[1];
        long empty = bench.nic.counters().get(NicCounters.Name.RX_POOL_EMPTY);
        for (int i = 0; i < 100; i++) {
            assertThat(bench.nic.rx(0).poll(burst)).isZero();
        }
        assertThat(bench.nic.counters().get(NicCounters.Name.RX_POOL_EMPTY)).isGreaterThan(empty);
        for (int i = 0; i < BUFFERS; i++) {
            assertSame(bench.bytes(kept.get(i)), numbered(i), "kept frame %d", i);
            kept.get(i).release();
        }

        bench.emptyCable();

        assertThat(bench.nic.buffersOutstanding()).as("neither free nor posted").isZero();
    }

    private static byte[] numbered(int i) {
        return new FrameBuilder().type(0x88b5).payload(46 + i, i).build();
    }

    @Test
    void shouldSendPayloadFromWhereTheCardPutIt() {
        byte[] frame = new FrameBuilder().ipv4(UDP).udp().payload(500, 1).build();
        byte[] answer = FrameBuilder.sent().ipv4(UDP).udp().payload(500, 1).build();
        long first = address("RD", bench.nic.registers().get("RDH"), 0);
        long second = address("RD", bench.nic.registers().get("RDH"), 1);
        Packet packet = bench.exchange(frame);
        // A descriptor that has a buffer for the header has one for the payload as well, of an 82574L behind it.
        long apart = bench.nic.card().equals("82574L") ? second : first;
        long received = packet.split() == SplitKind.CARD_BY_HEADER ? apart : first + 42;
        SegmentList payload = new SegmentList(2);
        packet.detachPayload(payload);
        packet.release();
        int before = bench.nic.registers().get("TDT");

        bench.send(bench.nic.tx(0).packet().append(bench.filled(answer, 0, 42, 0), 0, 42).lendAll(payload, 0, 1));

        assertSame(bench.onWire(), answer, "answer");
        List<Long> addresses = new ArrayList<>();
        for (int i = before; i != bench.nic.registers().get("TDT"); i = (i + 1) % DESCRIPTORS) {
            addresses.add(address("TD", i, 0));
        }
        assertThat(addresses.getLast()).as("where the card took the payload from").isEqualTo(received);
        bench.settle();
        payload.release();
    }

    /** A buffer's address in a descriptor, read from the memory that the card's base registers name. */
    private static long address(String ring, int index, int buffer) {
        long base = Integer.toUnsignedLong(bench.nic.registers().get(ring + "BAL"))
            | (long) bench.nic.registers().get(ring + "BAH") << 32;
        Region region = bench.nic.domain().regions().stream()
            .filter(r -> base >= r.iova(0, 0) && base < r.iova(0, 0) + r.size()).findFirst().orElseThrow();
        return region.memory().getLong(base - region.iova(0, 0) + 16L * index + 8L * buffer);
    }

    @Test
    void shouldGoOnWhenTheCardWasGivenAnAddressThatIsNotMapped() {
        CardUnderTest.Watchman watchman = CardUnderTest.traits().watchman();
        assumeTrue(watchman != CardUnderTest.Watchman.NOBODY, "no IOMMU stands between the card and memory");
        BufferPool gone = new BufferPool("gone", bench.nic.domain(), MemoryKind.ANONYMOUS, 4096, 1);
        Buffer buffer = gone.take();
        if (watchman == CardUnderTest.Watchman.KERNEL) {
            // The host's side looks for this in the kernel's log.
            System.out.printf("%s 0x%x%n", GuestSuiteIT.UNMAPPED, buffer.iova());
        }
        assertThatThrownBy(gone::close).isInstanceOf(IllegalStateException.class).hasMessageContaining("pool gone");

        bench.send(bench.nic.tx(0).packet().append(buffer, 0, FRAME));

        bench.settle();
        assertThat(buffer.holders()).as("given back").isZero();
        bench.emptyCable();
    }
}
