package dev.barewire.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.CopyLedger;
import dev.barewire.dma.SegmentList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VlanTagTest {
    private static final byte[] PLAIN = FrameBuilder.ethernet(0x0800).ipv4(17, 28, 0, 0).udp(20).random(20, 1).bytes();
    private static final byte[] TAGGED =
        FrameBuilder.ethernet(0x8100, 0x0800).ipv4(17, 28, 0, 0).udp(20).random(20, 1).bytes();

    private final TestMemory memory = new TestMemory();
    private final BufferPool tags = memory.pool("tags", 64, 1);
    private final CopyLedger ledger = new CopyLedger();
    private final VlanTag vlanTag = new VlanTag(ledger);

    @AfterEach
    void close() {
        tags.close();
        memory.close();
    }

    @Test
    void shouldInsertTheTagWithoutACopyWhereverTheFrameIsCut() {
        for (int at = 0; at <= PLAIN.length; at++) {
            final SegmentList frame = memory.cut(PLAIN, at);
            assertThat(vlanTag.insert(frame, 0x2064, tags)).isTrue();
            assertThat(TestMemory.bytes(frame)).isEqualTo(TAGGED);
            frame.release();
            assertThat(tags.outstanding()).isZero();
        }
        assertThat(ledger.bytes()).isZero();
    }

    @Test
    void shouldLeaveTheFrameAsItWasWhenItCannotInsert() {
        final SegmentList frame = memory.whole(PLAIN, 0);
        final Buffer only = tags.take();
        assertThat(vlanTag.insert(frame, 1, tags)).isFalse();
        only.release();
        final SegmentList full = new SegmentList(2);
        frame.moveTo(0, full);
        assertThat(vlanTag.insert(full, 1, tags)).isFalse();
        assertThat(TestMemory.bytes(full)).isEqualTo(PLAIN);
        full.release();
        final SegmentList runt = memory.whole(new byte[11], 0);
        assertThat(vlanTag.insert(runt, 1, tags)).isFalse();
        runt.release();
    }

    @Test
    void shouldStripByMovingTheAddressesOnly() {
        final SegmentList frame = memory.cut(TAGGED, 30);
        final int start = frame.offset(0);
        assertThat(vlanTag.strip(frame)).isEqualTo(0x2064);
        assertThat(TestMemory.bytes(frame)).isEqualTo(PLAIN);
        assertThat(frame.offset(0)).isEqualTo(start + 4);
        assertThat(ledger.bytes()).isEqualTo(12);
        assertThat(vlanTag.strip(frame)).isEqualTo(VlanTag.NO_TAG);
        frame.release();
    }

    @Test
    void shouldStripNothingWhenTheTagIsNotInTheFirstSegment() {
        for (final SegmentList frame : new SegmentList[] {
            memory.cut(TAGGED, 15), memory.whole(new byte[0], 0), memory.whole(new byte[13], 0), new SegmentList(1)}) {
            assertThat(vlanTag.strip(frame)).isEqualTo(VlanTag.NO_TAG);
            frame.release();
        }
    }
}
