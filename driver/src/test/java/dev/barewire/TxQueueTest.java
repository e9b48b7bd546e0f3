package dev.barewire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.NicCounters.Name;
import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import dev.barewire.profiles.Offload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The transmit queue: gathering, padding, offloads in software, full rings, completions. */
final class TxQueueTest extends QueueFixture {
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
}
