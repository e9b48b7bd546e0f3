package dev.barewire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.NicCounters.Name;
import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.Segment;
import dev.barewire.dma.SegmentList;
import dev.barewire.profiles.Offload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The queues, with a card that lies where a test wants it to. */
final class QueuesTest {
    private final Packet[] burst = new Packet[16];
    private Nic nic = Nic.open("fake:1", NicTest.SMALL);
    private FakeDevice card = FakeDevice.last;

    @AfterEach
    void everyBufferIsHomeAtTheEnd() {
        nic.close();
    }

    private void reopen(final NicConfig config) {
        nic.close();
        nic = Nic.open("fake:1", config);
        card = FakeDevice.last;
    }

    private Packet receive(final byte[] frame) {
        assertThat(card.receive(frame)).isTrue();
        assertThat(nic.rx(0).poll(burst)).isOne();
        return burst[0];
    }

    private long count(final Name name) {
        return nic.counters().get(name);
    }

    @Test
    void shouldSplitByViewWithoutACopyAndKeepTheHeaderReadOnly() {
        final Packet packet = receive(Frames.udp(100));

        assertThat(packet.split()).isEqualTo(SplitKind.VIEW);
        assertThat(packet.headerLength()).isEqualTo(Frames.UDP_HEADERS);
        assertThat(packet.header().getShort(12)).isEqualTo((short) 0x0800);
        assertThat(packet.payloadSegments()).isOne();
        assertThat(packet.payload(0).length()).isEqualTo(100);
        assertThat(packet.payload(0).getByte(99)).isEqualTo((byte) 99);
        assertThat(packet.ipChecksum()).isEqualTo(Verdict.GOOD);
        assertThat(packet.l4Checksum()).isEqualTo(Verdict.GOOD);
        assertThatThrownBy(() -> packet.header().putByte(0, (byte) 0)).isInstanceOf(UnsupportedOperationException.class);
        packet.payload(0).putByte(0, (byte) 7);
        packet.editHeader().putByte(0, (byte) 1);
        assertThat(packet.payload(0).asDirectBuffer(new UnsafeBuffer()).getByte(0)).isEqualTo((byte) 7);
        assertThat(nic.copies().bytes()).isZero();
        packet.release();
        assertThatThrownBy(packet::release).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldLetADetachedPayloadOutliveItsPacketAndGuardItsHeader() {
        final Packet packet = receive(Frames.udp(100));
        final SegmentList kept = new SegmentList(4);
        packet.detachPayload(kept);

        assertThat(packet.payloadSegments()).isZero();
        assertThat(packet.header().length()).isEqualTo(Frames.UDP_HEADERS);
        assertThatThrownBy(packet::editHeader).isInstanceOf(UnsupportedOperationException.class);
        packet.release();

        final Segment payload = kept.view(0, new Segment(), false);
        assertThat(payload.getByte(99)).isEqualTo((byte) 99);
        assertThat(nic.buffersOutstanding()).isOne();
        kept.release();
        assertThatThrownBy(() -> payload.getByte(0)).isInstanceOf(IllegalStateException.class);
        assertThat(nic.buffersOutstanding()).isZero();
    }

    @Test
    void shouldCopyOnlyTheHeaderWhenThereIsAHeaderPool() {
        reopen(NicTest.SMALL.headerPool(domain -> new BufferPool("headers", domain, MemoryKind.ANONYMOUS, 128, 2)));
        final Packet first = receive(Frames.udp(100));

        assertThat(first.split()).isEqualTo(SplitKind.HEADER_COPY);
        assertThat(first.segments().length(0)).isEqualTo(Frames.UDP_HEADERS);
        assertThat(first.payload(0).getByte(99)).isEqualTo((byte) 99);
        assertThat(nic.copies().bytes()).isEqualTo(Frames.UDP_HEADERS);

        final Packet second = receive(Frames.udp(1));
        card.receive(Frames.udp(2));
        assertThat(nic.rx(0).poll(burst)).isZero();
        assertThat(count(Name.RX_DROP_NO_HEADER)).isOne();
        first.release();
        second.release();
    }

    @Test
    void shouldSplitAfterAFixedLengthOrNotAtAll() {
        reopen(NicTest.SMALL.headerSplit(HeaderSplit.fixed(60)));
        final Packet fixed = receive(Frames.udp(100));
        assertThat(fixed.headerLength()).isEqualTo(60);
        assertThat(fixed.payload(0).length()).isEqualTo(Frames.UDP_HEADERS + 100 - 60);
        fixed.release();

        reopen(NicTest.SMALL.headerSplit(HeaderSplit.NONE));
        final Packet whole = receive(Frames.udp(100));
        assertThat(whole.split()).isEqualTo(SplitKind.NOT_SPLIT);
        assertThat(whole.header().length()).isZero();
        assertThat(whole.payload(0).length()).isEqualTo(Frames.UDP_HEADERS + 100);
        whole.release();
    }

    @Test
    void shouldMarkFramesWithWrongChecksums() {
        for (final int at : new int[] {24, 40, Frames.UDP_HEADERS + 5}) {
            final byte[] frame = Frames.udp(100);
            frame[at] ^= 1;
            final Packet packet = receive(frame);
            assertThat(packet.ipChecksum()).isEqualTo(at == 24 ? Verdict.BAD : Verdict.GOOD);
            assertThat(packet.l4Checksum()).isEqualTo(at == 24 ? Verdict.GOOD : Verdict.BAD);
            packet.release();
        }
        assertThat(count(Name.RX_BAD_IP_CHECKSUM)).isOne();
        assertThat(count(Name.RX_BAD_L4_CHECKSUM)).isEqualTo(2);
    }

    @Test
    void shouldJoinAFrameOverSeveralBuffers() {
        reopen(NicTest.SMALL.mtu(9000));
        final Packet packet = receive(Frames.udp(5000));

        assertThat(packet.segments().count()).isEqualTo(3);
        assertThat(packet.length()).isEqualTo(Frames.UDP_HEADERS + 5000);
        assertThat(packet.payloadSegments()).isEqualTo(3);
        assertThat(packet.payload(2).getByte(packet.payload(2).length() - 1)).isEqualTo((byte) 4999);
        assertThat(packet.l4Checksum()).isEqualTo(Verdict.GOOD);
        packet.release();
    }

    /** E1K-RX-08, and what no card should do: the ring goes on, every buffer comes home, each event has its name. */
    @Test
    void shouldDropWhatMakesNoSenseAndGoOn() {
        final byte[] data = Frames.udp(100);
        card.descriptor(data, 0, 142, 0x07, 0x01);
        card.descriptor(data, 0, 60_000, 0x07, 0);
        card.descriptor(data, 0, 13, 0x07, 0);
        card.descriptor(data, 0, 2048, 0x07, 0);
        for (int i = 0; i < 5; i++) {
            card.descriptor(data, 0, 1500, 0x05, 0);
        }
        card.descriptor(data, 0, 100, 0x07, 0);
        assertThat(nic.rx(0).poll(burst)).isZero();

        assertThat(count(Name.RX_DROP_ERROR)).isEqualTo(2);
        assertThat(count(Name.RX_DROP_SHORT)).isOne();
        assertThat(count(Name.RX_DROP_LONG)).isEqualTo(2);
        assertThat(nic.buffersOutstanding()).isZero();
        receive(data).release();
    }

    @Test
    void shouldCountAnEmptyPoolAndGoOnAfterARelease() {
        final List<Packet> kept = new ArrayList<>();
        for (int lap = 0; lap < 40; lap++) {
            card.receive(Frames.udp(10));
            for (int n = nic.rx(0).poll(burst), i = 0; i < n; i++) {
                kept.add(burst[i]);
            }
        }
        assertThat(kept).hasSize(32);
        assertThat(count(Name.RX_POOL_EMPTY)).isPositive();

        kept.forEach(Packet::release);
        assertThat(nic.rx(0).poll(burst)).isZero();
        receive(Frames.udp(10)).release();
    }

    @Test
    void shouldTakePacketsBackFromAnotherThread() throws Exception {
        for (int lap = 0; lap < 100; lap++) {
            final Packet packet = receive(Frames.udp(10));
            final Thread other = new Thread(packet::release);
            other.start();
            other.join();
        }
        assertThat(nic.buffersOutstanding()).isZero();
    }

    @Test
    void shouldSendAReceivedFrameOnFromItsOwnBuffer() {
        final byte[] frame = Frames.udp(100);
        receive(frame);
        assertThat(nic.tx(0).send(burst, 1)).isOne();

        assertThat(card.transmit()).singleElement().isEqualTo(frame);
        assertThat(nic.buffersOutstanding()).isOne();
        assertThat(nic.tx(0).reclaim()).isOne();
        assertThat(nic.buffersOutstanding()).isZero();
    }

    @Test
    void shouldGatherWithoutACopyAndTellCompletionsInOrder() {
        final List<Long> sent = new ArrayList<>();
        nic.tx(0).onCompletion(sent::add);
        try (BufferPool pool = new BufferPool("app", nic.domain(), MemoryKind.ANONYMOUS, 2048, 2)) {
            final Buffer buffer = pool.take();
            final byte[] frame = Frames.udp(100);
            nic.copies().site("test", "input").copy(frame, 0, buffer, 7, frame.length);
            for (int tag = 1; tag <= 3; tag++) {
                final Packet packet = nic.tx(0).packet();
                packet.lend(buffer, 7, 1).lend(buffer, 8, 16).lend(buffer, 24, frame.length - 17).tag(tag);
                burst[tag - 1] = packet;
            }
            assertThat(nic.tx(0).send(burst, 3)).isEqualTo(3);
            assertThat(buffer.holders()).isEqualTo(10);
            assertThat(card.transmit()).hasSize(3).allSatisfy(out -> assertThat(out).isEqualTo(frame));
            assertThat(nic.tx(0).reclaim()).isEqualTo(3);
            assertThat(sent).containsExactly(1L, 2L, 3L);
            assertThat(buffer.holders()).isOne();
            buffer.release();
        }
    }

    @Test
    void shouldPadAShortFrameWithZeros() {
        try (BufferPool pool = new BufferPool("app", nic.domain(), MemoryKind.ANONYMOUS, 64, 2)) {
            burst[0] = nic.tx(0).packet().append(pool.take(), 0, 20);
            assertThat(nic.tx(0).send(burst, 1)).isOne();
            assertThat(card.transmit()).singleElement().isEqualTo(new byte[60]);
            nic.tx(0).reclaim();
        }
    }

    @Test
    void shouldCutABurstShortWhenTheRingIsFullAndLoseNothing() {
        try (BufferPool pool = new BufferPool("app", nic.domain(), MemoryKind.ANONYMOUS, 64, 32)) {
            final Packet[] many = new Packet[20];
            for (int i = 0; i < many.length; i++) {
                many[i] = nic.tx(0).packet().append(pool.take(), 0, 60);
            }
            final int sent = nic.tx(0).send(many, many.length);
            assertThat(sent).isEqualTo(15);
            assertThat(count(Name.TX_RING_FULL)).isOne();
            assertThat(card.transmit()).hasSize(15);

            final Packet[] rest = Arrays.copyOfRange(many, sent, many.length);
            assertThat(nic.tx(0).send(rest, rest.length)).isEqualTo(5);
            assertThat(card.transmit()).hasSize(5);
            nic.tx(0).reclaim();
            assertThat(pool.outstanding()).isZero();
        }
    }

    @Test
    void shouldDropWhatCannotBeSentAndNameWhy() {
        try (BufferPool pool = new BufferPool("app", nic.domain(), MemoryKind.ANONYMOUS, 2048, 4)) {
            burst[0] = nic.tx(0).packet();
            burst[1] = nic.tx(0).packet().append(pool.take(), 0, 1523);
            final Buffer lying = pool.take();
            final byte[] frame = Frames.udp(100);
            frame[16] = 0x7f;
            nic.copies().site("test", "input").copy(frame, 0, lying, 0, frame.length);
            burst[2] = nic.tx(0).packet().append(lying, 0, frame.length).requestChecksums();
            assertThat(nic.tx(0).send(burst, 3)).isEqualTo(3);

            assertThat(card.transmit()).isEmpty();
            assertThat(nic.counters().drops()).containsEntry("tx.drop.malformed", 2L).containsEntry("tx.drop.too-long", 1L);
            assertThat(pool.outstanding()).isZero();
        }
    }

    @Test
    void shouldCutInSoftwareWhatARingHasNoRoomForAtOnce() {
        reopen(NicTest.SMALL.offload(Offload.TX_TCP_SEGMENTATION, Force.SOFTWARE));
        try (BufferPool pool = new BufferPool("app", nic.domain(), MemoryKind.ANONYMOUS, 16384, 1)) {
            final Buffer buffer = pool.take();
            final byte[] frame = Frames.tcp(10_000);
            nic.copies().site("test", "input").copy(frame, 0, buffer, 0, frame.length);
            burst[0] = nic.tx(0).packet().append(buffer, 0, frame.length).requestSegmentation(500).tag(1);
            final List<Long> tags = new ArrayList<>();
            nic.tx(0).onCompletion(tags::add);
            assertThat(nic.tx(0).send(burst, 1)).isOne();
            final List<byte[]> out = new ArrayList<>();
            for (int lap = 0; lap < 10; lap++) {
                out.addAll(card.transmit());
                nic.tx(0).reclaim();
            }
            assertThat(out).hasSize(20).allSatisfy(segment ->
                assertThat(Frames.sealed(segment.clone(), 50)).isEqualTo(segment));
            assertThat(tags).containsExactly(1L);
            assertThat(pool.outstanding()).isZero();
        }
    }

    @Test
    void shouldBelongToOneThreadUntilHandedOver() throws Exception {
        nic.rx(0).poll(burst);
        final Throwable[] thrown = new Throwable[1];
        final Runnable poll = () -> {
            try {
                nic.rx(0).poll(burst);
            } catch (final IllegalStateException refused) {
                thrown[0] = refused;
            }
        };
        Thread other = new Thread(poll);
        other.start();
        other.join();
        assertThat(thrown[0]).hasMessageContaining("belongs to thread");

        nic.rx(0).handOver();
        thrown[0] = null;
        other = new Thread(poll);
        other.start();
        other.join();
        assertThat(thrown[0]).isNull();
    }

    /** The queue's own pools go with it, while the thread that had them lives on. */
    @Test
    void shouldHandOverEveryPoolThatAQueueTakesFrom() throws Exception {
        reopen(NicTest.SMALL.offload(Offload.SCATTER_GATHER, Force.OFF)
            .headerPool(domain -> new BufferPool("headers", domain, MemoryKind.ANONYMOUS, 128, 8)));
        final Runnable forward = () -> assertThat(nic.tx(0).send(new Packet[] {receive(Frames.udp(100))}, 1)).isOne();
        forward.run();
        nic.rx(0).handOver();
        nic.tx(0).handOver();

        final Throwable[] thrown = new Throwable[1];
        final Thread other = new Thread(forward);
        other.setUncaughtExceptionHandler((thread, error) -> thrown[0] = error);
        other.start();
        other.join();
        assertThat(thrown[0]).isNull();
        assertThat(card.transmit()).hasSize(2);
        assertThat(count(Name.TX_LINEARISED)).isEqualTo(2);
    }

    /** The spare room of a packet is for padding and a VLAN tag; whoever took it made a frame that never fits. */
    @Test
    void shouldRefuseMoreSegmentsThanWereAskedForAndStillTagAndPadTheRest() {
        reopen(NicTest.SMALL.txPackets(4, 2));
        try (BufferPool pool = new BufferPool("app", nic.domain(), MemoryKind.ANONYMOUS, 64, 1)) {
            final Buffer buffer = pool.take();
            final Packet packet = nic.tx(0).packet().lend(buffer, 0, 20).lend(buffer, 20, 20).vlan(7);
            assertThatThrownBy(() -> packet.append(buffer, 40, 1)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("NicConfig.txPackets");
            assertThatThrownBy(() -> packet.lendAll(packet.segments(), 0, 1)).isInstanceOf(IllegalStateException.class);
            assertThat(buffer.holders()).isEqualTo(3);
            burst[0] = packet;
            assertThat(nic.tx(0).send(burst, 1)).isOne();
            assertThat(card.transmit()).singleElement().satisfies(out ->
                assertThat(out).hasSize(60).startsWith(new byte[12]).contains(0x81, org.assertj.core.data.Index.atIndex(12)));
            assertThatThrownBy(() -> packet.lend(buffer, 0, 1)).hasMessageContaining("released or sent before");
            nic.tx(0).reclaim();
            buffer.release();
        }
    }

    @Test
    void shouldTagAReceivedFrameWhoseHeaderWasCopied() {
        reopen(NicTest.SMALL.headerPool(domain -> new BufferPool("headers", domain, MemoryKind.ANONYMOUS, 128, 2)));
        receive(Frames.udp(100)).vlan(7);
        assertThat(nic.tx(0).send(burst, 1)).isOne();
        assertThat(card.transmit()).singleElement().satisfies(out -> assertThat(out).hasSize(Frames.UDP_HEADERS + 104));
        nic.tx(0).reclaim();
    }

    /** One scratch buffer pads short frames, so that as many segments as there are buffers would wait for ever. */
    @Test
    void shouldDropWhatGivesMoreSegmentsThanThereCanBeHeaders() {
        reopen(NicTest.SMALL.offload(Offload.TX_TCP_SEGMENTATION, Force.SOFTWARE));
        try (BufferPool pool = new BufferPool("app", nic.domain(), MemoryKind.ANONYMOUS, 65536, 1)) {
            for (int segments = 510; segments <= 515; segments++) {
                final Buffer buffer = pool.take();
                final byte[] frame = Frames.tcp(segments * 100);
                nic.copies().site("test", "input").copy(frame, 0, buffer, 0, frame.length);
                burst[0] = nic.tx(0).packet().append(buffer, 0, frame.length).requestSegmentation(100).vlan(7);
                assertThat(nic.tx(0).send(burst, 1)).isOne();
                for (int lap = 0; lap < 100; lap++) {
                    card.transmit();
                    nic.tx(0).reclaim();
                }
                assertThat(pool.outstanding()).isZero();
            }
        }
        assertThat(count(Name.TX_SEGMENTED)).isEqualTo(3);
        assertThat(count(Name.TX_DROP_MALFORMED)).isEqualTo(3);
    }

    /** The card is told of 2048 bytes a buffer, whatever more the pool has. */
    @Test
    void shouldCountTheBuffersOfAFrameByWhatTheCardUsesOfThem() {
        reopen(NicTest.SMALL.mtu(9000).rxBuffers(MemoryKind.ANONYMOUS, 3072, 32));
        final Packet packet = receive(Frames.udp(8900));
        assertThat(packet.segments().count()).isEqualTo(5);
        packet.release();
    }

    /** A card with fewer buffers than a frame takes does not end one, so no descriptor would ever ask for a refill. */
    @Test
    void shouldPostBuffersThatWereReleasedWhileTheCardHadTooFewForAFrame() {
        reopen(NicTest.SMALL.mtu(9000).rxBuffers(MemoryKind.ANONYMOUS, 2048, 16));
        final Packet[] kept = new Packet[13];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = receive(Frames.udp(10));
        }
        assertThat(nic.rx(0).posted()).isEqualTo(3);
        for (final Packet packet : kept) {
            packet.release();
        }
        assertThat(nic.rx(0).poll(burst)).isZero();
        assertThat(nic.rx(0).posted()).isEqualTo(15);
        receive(Frames.udp(8000)).release();
    }

    /** With -1 it would sleep for ever: a release wakes nobody. */
    @Test
    void shouldNotSleepLongWhileTheCardHasNoBuffers() {
        final List<Integer> sleeps = new ArrayList<>();
        FakeDevice.nextInterrupts = new FakeInterrupts(1, sleeps);
        reopen(NicTest.SMALL.rxBuffers(MemoryKind.ANONYMOUS, 2048, 2));
        final Packet first = receive(Frames.udp(10));
        final Packet second = receive(Frames.udp(10));
        nic.rx(0).await(-1);
        first.release();
        second.release();
        nic.rx(0).poll(burst);
        nic.rx(0).await(-1);
        assertThat(sleeps).containsExactly(1, -1);
    }

    @Test
    void shouldNapWhereTheWayToTheCardHasNoVector() {
        FakeDevice.nextInterrupts = new FakeInterrupts(0, new ArrayList<>());
        reopen(NicTest.SMALL);
        assertThat(nic.rx(0).await(-1)).isFalse();
    }

    @Test
    void shouldTakeNoMoreFramesThanTheTargetHasRoomFor() {
        card.receive(Frames.udp(10));
        card.receive(Frames.udp(10));
        final Packet[] one = new Packet[1];
        assertThat(nic.rx(0).poll(one, 16)).isOne();
        one[0].release();
        assertThat(nic.rx(0).poll(one, 16)).isOne();
        one[0].release();
    }

    @Test
    void shouldSendWhatStandsBeforeAPacketThatWasSentBefore() {
        try (BufferPool pool = new BufferPool("app", nic.domain(), MemoryKind.ANONYMOUS, 64, 1)) {
            burst[0] = nic.tx(0).packet().append(pool.take(), 0, 60);
            burst[1] = burst[0];
            assertThatThrownBy(() -> nic.tx(0).send(burst, 2)).hasMessageContaining("sent before");
            assertThat(card.transmit()).hasSize(1);
            nic.tx(0).reclaim();
        }
    }

    @Test
    void shouldLetACompletionListenerSend() {
        try (BufferPool pool = new BufferPool("app", nic.domain(), MemoryKind.ANONYMOUS, 64, 32)) {
            final TxQueue tx = nic.tx(0);
            final List<Long> tags = new ArrayList<>();
            tx.onCompletion(tag -> {
                tags.add(tag);
                if (tag == 1) {
                    tx.send(new Packet[] {tx.packet().append(pool.take(), 0, 60).tag(4)}, 1);
                }
            });
            burst[0] = tx.packet().append(pool.take(), 0, 60).tag(1);
            burst[1] = tx.packet().append(pool.take(), 0, 60).tag(2);
            tx.send(burst, 2);
            burst[0] = tx.packet().append(pool.take(), 0, 60).tag(3);
            tx.send(burst, 1);
            card.transmit();
            tx.reclaim();
            assertThat(tags).containsExactly(1L, 2L, 3L);
            assertThat(tx.pending()).isOne();
            assertThat(card.transmit()).hasSize(1);
            tx.reclaim();
            assertThat(tags).containsExactly(1L, 2L, 3L, 4L);
            assertThat(tx.pending()).isZero();
            assertThat(count(Name.TX_COMPLETED)).isEqualTo(4);
        }
    }

    @Test
    void shouldGatherAtOnceWhatAnEmptyRingHasNoRoomFor() {
        reopen(NicTest.SMALL.txPackets(4, 70));
        try (BufferPool pool = new BufferPool("app", nic.domain(), MemoryKind.ANONYMOUS, 128, 1)) {
            final Buffer buffer = pool.take();
            burst[0] = nic.tx(0).packet();
            for (int i = 0; i < 70; i++) {
                burst[0].lend(buffer, i, 1);
            }
            assertThat(nic.tx(0).send(burst, 1)).isOne();
            assertThat(card.transmit()).singleElement().satisfies(out -> assertThat(out).hasSize(70));
            assertThat(nic.copies().bytes()).isEqualTo(70);
            nic.tx(0).reclaim();
            buffer.release();
        }
    }

    /** The card adds up all to the frame's end; the fake one leaves its work undone, so a right sum is software's. */
    @Test
    void shouldSumAFrameWithATrailerInSoftware() {
        try (BufferPool pool = new BufferPool("app", nic.domain(), MemoryKind.ANONYMOUS, 256, 1)) {
            final byte[] right = Frames.udp(100);
            final byte[] frame = Arrays.copyOf(right, right.length + 4);
            Arrays.fill(frame, right.length, frame.length, (byte) 0x5a);
            final byte[] sent = frame.clone();
            sent[40] = 0;
            final Buffer buffer = pool.take();
            nic.copies().site("test", "input").copy(sent, 0, buffer, 0, sent.length);
            burst[0] = nic.tx(0).packet().append(buffer, 0, sent.length).requestChecksums();
            assertThat(nic.tx(0).send(burst, 1)).isOne();
            final byte[] out = card.transmit().getFirst();
            assertThat(Arrays.copyOfRange(out, 34, out.length)).isEqualTo(Arrays.copyOfRange(frame, 34, frame.length));
            nic.tx(0).reclaim();
        }
    }

    /** A shell that came home twice would be two frames at once. */
    @Test
    void shouldGiveAPacketOnceThoughTwoThreadsReleaseItTogether() throws Exception {
        for (int lap = 0; lap < 200; lap++) {
            final Packet packet = nic.tx(0).packet();
            assertThat(refusedOfTwoThreads(packet::release)).isOne();
        }
        final Set<Packet> all = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Packet packet = nic.tx(0).packet(); packet != null; packet = nic.tx(0).packet()) {
            assertThat(all.add(packet)).isTrue();
        }
        assertThat(all).hasSize(32);
        all.forEach(Packet::release);
    }

    @Test
    void shouldRefuseOneOfTwoThreadsThatComeFirstTogether() throws Exception {
        for (int lap = 0; lap < 200; lap++) {
            assertThat(refusedOfTwoThreads(() -> nic.rx(0).poll(new Packet[1]))).isOne();
            assertThat(refusedOfTwoThreads(() -> nic.tx(0).reclaim())).isOne();
            nic.rx(0).handOver();
            nic.tx(0).handOver();
        }
    }

    private static int refusedOfTwoThreads(final Runnable step) throws InterruptedException {
        final AtomicInteger refused = new AtomicInteger();
        final Runnable guarded = () -> {
            try {
                step.run();
            } catch (final IllegalStateException second) {
                refused.incrementAndGet();
            }
        };
        final Thread one = new Thread(guarded);
        final Thread two = new Thread(guarded);
        one.start();
        two.start();
        one.join();
        two.join();
        return refused.get();
    }
}
