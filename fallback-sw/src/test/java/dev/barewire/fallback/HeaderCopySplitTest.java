package dev.barewire.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.CopyLedger;
import dev.barewire.dma.DmaAccess;
import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.Region;
import dev.barewire.dma.SegmentList;
import dev.barewire.dma.posix.Libc;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeaderCopySplitTest {
    private static final byte[] FRAME =
        FrameBuilder.ethernet(0x0800).ipv4(17, 8 + 100, 0, 0).udp(100).random(100, 1).bytes();

    private final TestMemory memory = new TestMemory();
    private final BufferPool headers = memory.pool("headers", 128, 2);
    private final CopyLedger ledger = new CopyLedger();
    private final HeaderCopySplit split = new HeaderCopySplit(headers, ledger, memory.frames.region());

    @AfterEach
    void close() {
        headers.close();
        memory.close();
    }

    @Test
    void shouldCopyTheHeaderOnlyAndLeaveThePayloadWhereItLies() {
        final SegmentList frame = memory.whole(FRAME, 11);
        final Buffer card = frame.buffer(0);
        assertThat(split.split(frame, 42)).isTrue();
        assertThat(frame.count()).isEqualTo(2);
        assertThat(frame.buffer(0).pool()).isSameAs(headers);
        assertThat(frame.length(0)).isEqualTo(42);
        assertThat(frame.buffer(1)).isSameAs(card);
        assertThat(frame.offset(1)).isEqualTo(11 + 42);
        assertThat(card.holders()).isEqualTo(1);
        assertThat(TestMemory.bytes(frame)).isEqualTo(FRAME);
        assertThat(ledger.bytes()).isEqualTo(42);
        frame.release();
    }

    @Test
    void shouldGatherAHeaderThatStraddlesBuffers() {
        for (int at = 0; at <= FRAME.length; at++) {
            final SegmentList frame = memory.cut(FRAME, at / 2, at);
            assertThat(split.split(frame, 42)).isTrue();
            assertThat(frame.length(0)).isEqualTo(42);
            assertThat(TestMemory.bytes(frame)).isEqualTo(FRAME);
            frame.release();
        }
    }

    @Test
    void shouldLeaveTheFrameAsItWasWhenItCannotSplit() {
        final SegmentList frame = memory.whole(FRAME, 0);
        final Buffer one = headers.take();
        final Buffer two = headers.take();
        assertThat(split.split(frame, 42)).isFalse();
        one.release();
        two.release();
        assertThat(split.split(frame, 0)).isFalse();
        assertThat(split.split(frame, 129)).isFalse();
        assertThat(split.split(frame, FRAME.length + 1)).isFalse();

        final SegmentList full = new SegmentList(1);
        frame.moveTo(0, full);
        assertThat(split.split(full, 42)).isFalse();
        assertThat(TestMemory.bytes(full)).isEqualTo(FRAME);
        assertThat(headers.outstanding()).isZero();
        assertThat(ledger.bytes()).isZero();
        full.release();
    }

    @Test
    void shouldPlaceThePayloadWhereItWasAskedFor() {
        final BufferPool application = memory.pool("application", 4096, 1);
        final Buffer target = application.take();
        final SegmentList frame = memory.cut(FRAME, 20, 60, 61);
        assertThat(split.placePayload(frame, 42, target, 3997)).isFalse();
        assertThat(split.placePayload(frame, 42, target, 3996)).isTrue();
        assertThat(TestMemory.bytes(frame)).isEqualTo(FRAME);
        assertThat(frame.buffer(frame.count() - 1)).isSameAs(target);
        assertThat(frame.offset(frame.count() - 1)).isEqualTo(3996);
        assertThat(frame.length(frame.count() - 1)).isEqualTo(100);
        assertThat(memory.frames.outstanding()).isEqualTo(2);
        assertThat(target.holders()).isEqualTo(2);
        assertThat(ledger.bytes()).isEqualTo(100);
        frame.release();
        target.release();
        application.close();
    }

    @Test
    void shouldPlaceThePayloadInAFullListOnlyWhenThereIsRoom() {
        final BufferPool application = memory.pool("application", 4096, 1);
        final Buffer target = application.take();
        final SegmentList frame = new SegmentList(2);
        final SegmentList two = memory.cut(FRAME, 42);
        two.moveTo(0, frame);
        assertThat(split.placePayload(frame, 43, target, 0)).isFalse();
        assertThat(split.placePayload(frame, 42, target, 0)).isTrue();
        assertThat(TestMemory.bytes(frame)).isEqualTo(FRAME);
        frame.release();
        target.release();
        application.close();
    }

    @Test
    void shouldRefuseAtSetUpWhenTheCpuCannotReadTheMemory() {
        final MappedMemory unreachable =
            MappedMemory.map("card memory", 4096, 0, Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, -1, 0);
        final Region region = memory.domain.map(unreachable, MemoryKind.ANONYMOUS, DmaAccess.READ_WRITE);
        assertThatThrownBy(() -> new HeaderCopySplit(headers, ledger, region))
            .isInstanceOf(UnsupportedOperationException.class)
            .hasMessageContaining("cannot read card memory").hasMessageContaining("leave that work to the card");
        assertThatThrownBy(() -> CpuAccess.requireWritable(region, "linearising")).hasMessageContaining("write");
        region.close();
        unreachable.close();
    }

    @Test
    void shouldAllocateNothingWhenWarm() {
        final SegmentList frame = memory.whole(FRAME, 0);
        final SegmentList work = new SegmentList(4);
        assertThat(TestMemory.allocatedWhenWarm(() -> {
            for (int i = 0; i < 200; i++) {
                work.lendAll(frame, 0, 1);
                split.split(work, 42);
                work.release();
            }
        })).isZero();
        frame.release();
    }
}
