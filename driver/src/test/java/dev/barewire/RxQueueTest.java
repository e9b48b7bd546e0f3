package dev.barewire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.NicCounters.Name;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.Segment;
import dev.barewire.dma.SegmentList;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The receive queue: split, verdicts, joining, drops, starvation, sleep. */
final class RxQueueTest extends QueueFixture {
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
            card.descriptor(data, 0, 2048, 0x05, 0);
        }
        card.descriptor(data, 0, 100, 0x07, 0);
        card.descriptor(data, 0, 1500, 0x05, 0);
        card.descriptor(data, 0, 100, 0x07, 0);
        assertThat(nic.rx(0).poll(burst)).isZero();

        assertThat(count(Name.RX_DROP_ERROR)).isOne();
        assertThat(count(Name.RX_DROP_DESCRIPTOR)).isEqualTo(2);
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
}
