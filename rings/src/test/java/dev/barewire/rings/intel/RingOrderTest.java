package dev.barewire.rings.intel;

import static dev.barewire.rings.intel.LegacyRxDescriptor.STATUS_DD;
import static dev.barewire.rings.intel.LegacyRxDescriptor.STATUS_EOP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.SegmentList;
import dev.barewire.rings.RxBurst;
import dev.barewire.rings.TxRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The order in which rings touch the memory that they share with the card, access by access. */
class RingOrderTest {
    private final RingFixture fixture = new RingFixture(2048, 16);
    private final RecordingMemory memory = new RecordingMemory(fixture.ring, 8);

    @AfterEach
    void close() {
        fixture.close();
    }

    // E1K-RING-05
    @Test
    void shouldZeroDescriptorsBeforeAnythingElse() {
        new LegacyRxRing(memory, 2048);
        new LegacyTxRing(memory, 4096);

        assertThat(memory.events).containsExactly("clear", "clear");
    }

    // E1K-RING-06
    @Test
    void shouldEndAReceivePublicationWithOneReleaseStore() {
        final LegacyRxRing ring = new LegacyRxRing(memory, 2048);
        memory.events.clear();

        ring.fill(new Limited(fixture.pool, 2));
        ring.publish();

        assertThat(memory.events).containsExactly("store 0", "store 8", "store 16", "store 24", "store-release 24");
        ring.drain();
    }

    // E1K-RING-07
    @Test
    void shouldReadTheDoneByteBeforeTheOtherFieldsWhenReaping() {
        final LegacyRxRing ring = new LegacyRxRing(memory, 2048);
        ring.fill(new Limited(fixture.pool, 2));
        ring.publish();
        fixture.receive(0, 60, STATUS_DD | STATUS_EOP, 0, 0);
        memory.events.clear();
        final RxBurst burst = new RxBurst(8);

        ring.reap(burst, 8);

        assertThat(memory.events).containsExactly("load-acquire 12", "load 8", "load-acquire 28");
        burst.buffer[0].release();
        ring.drain();
    }

    // E1K-RING-06, E1K-RING-07
    @Test
    void shouldKeepTheSameOrderWithPacketSplitDescriptors() {
        final RecordingMemory wide = new RecordingMemory(fixture.ring, 16);
        try (BufferPool headers = new BufferPool("headers", fixture.domain, MemoryKind.ANONYMOUS, 256, 2)) {
            final PacketSplitRxRing ring = new PacketSplitRxRing(wide, 256, 2048, 1);
            wide.events.clear();
            ring.fill(fixture.pool, headers);
            ring.publish();
            assertThat(wide.events).containsExactly("store 0", "store 8", "store 16", "store 24", "store 32", "store 40",
                "store 48", "store 56", "store-release 56");
            fixture.memory.putLongRelease(8, ExtendedRxDescriptor.writeBack(STATUS_DD | STATUS_EOP, 42, 0));
            wide.events.clear();
            final RxBurst burst = new RxBurst(8);

            ring.reap(burst, 8);

            assertThat(wide.events).containsExactly("load-acquire 8", "load 8", "load 16", "load 0", "load-acquire 40");
            burst.header[0].release();
            burst.buffer[0].release();
            ring.drain();
        }
    }

    // E1K-RING-06, E1K-RING-07
    @Test
    void shouldKeepTheSameOrderWithAdvancedDescriptors() {
        try (BufferPool headers = new BufferPool("headers", fixture.domain, MemoryKind.ANONYMOUS, 256, 2)) {
            final AdvancedRxRing ring = new AdvancedRxRing(memory, 256, 2048, false);
            memory.events.clear();
            ring.fill(fixture.pool, headers);
            ring.publish();
            assertThat(memory.events).containsExactly("store 0", "store 8", "store 16", "store 24", "store-release 24");
            fixture.memory.putLongRelease(8, ExtendedRxDescriptor.writeBack(STATUS_DD | STATUS_EOP, 42, 0));
            memory.events.clear();
            final RxBurst burst = new RxBurst(8);

            ring.reap(burst, 8);

            assertThat(memory.events).containsExactly("load-acquire 8", "load 8", "load 0", "load-acquire 24");
            burst.buffer[0].release();
            ring.drain();
        }
    }

    // E1K-RING-06
    @Test
    void shouldEndATransmitPublicationWithOneReleaseStore() {
        final LegacyTxRing ring = new LegacyTxRing(memory, 4096);
        memory.events.clear();

        ring.post(fixture.frame(60), new TxRequest(), 0);
        ring.post(fixture.frame(14, 100), new TxRequest(), 0);
        ring.publish();

        assertThat(memory.events).containsExactly(
            "store 0", "store 8", "store 16", "store 24", "store 32", "store 40", "store-release 40");
        ring.drain();
    }

    // E1K-TX-11
    @Test
    void shouldLookAtTheReportOnlyWhenReclaiming() {
        final LegacyTxRing ring = new LegacyTxRing(memory, 4096);
        final SegmentList segments = fixture.frame(14, 100);
        ring.post(segments, new TxRequest(), 0);
        ring.post(fixture.frame(60), new TxRequest(), 0);
        ring.publish();
        memory.events.clear();

        ring.reclaim(null);

        assertThat(memory.events).containsExactly("load-acquire 44");
        ring.drain();
    }

    @Test
    void shouldTouchNothingWhenThereIsNothingToDo() {
        final LegacyRxRing rx = new LegacyRxRing(memory, 2048);
        final LegacyTxRing tx = new LegacyTxRing(memory, 4096);
        memory.events.clear();

        rx.publish();
        rx.reap(new RxBurst(8), 8);
        rx.isReady();
        tx.publish();
        tx.reclaim(null);

        assertThat(memory.events).isEmpty();
    }
}
