package dev.barewire.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.CopyLedger;
import dev.barewire.dma.SegmentList;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpSegmenterTest {
    private static final int CWR_ECE_PSH_ACK_FIN = 0xD9;
    private static final int FIRST_SEQUENCE = 0xFFFF_FF00;

    private final TestMemory memory = new TestMemory();
    private final BufferPool pool = memory.pool("segment headers", 256, 64);
    private final CopyLedger ledger = new CopyLedger();
    private final TcpSegmenter segmenter = new TcpSegmenter(pool, ledger);
    private final FrameParser parser = new FrameParser();
    private final FrameHeaders headers = new FrameHeaders();

    @AfterEach
    void close() {
        pool.close();
        memory.close();
    }

    @Test
    void shouldCutSixtyFourKibibytesIntoFramesThatVerify() {
        final Random random = new Random(6);
        for (final boolean four : new boolean[] {true, false}) {
            for (final int payload : new int[] {65_536, 65_483, 1460, 1461, 2920, 1, 0}) {
                final byte[] large = large(four, payload, CWR_ECE_PSH_ACK_FIN, 0x8100, four ? 0x0800 : 0x86DD);
                final SegmentList frame = memory.scatter(large, 1 + random.nextInt(16), random);
                final List<byte[]> frames = cut(frame, 1460);
                assertThat(frames).hasSize(Math.max(1, (payload + 1459) / 1460));
                assertFrames(large, frames, four, 18);
                assertThat(memory.frames.outstanding()).isEqualTo(frame.count());
                frame.release();
                assertThat(pool.outstanding()).isZero();
            }
        }
    }

    @Test
    void shouldCopyHeadersOnlyAndLendThePayload() {
        final SegmentList frame = memory.whole(large(true, 3000, 0x10, 0x0800), 0);
        final SegmentList out = new SegmentList(2);
        begin(frame, 1000);
        assertThat(segmenter.frames()).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            assertThat(segmenter.next(out)).isTrue();
            assertThat(out.buffer(0).pool()).isSameAs(pool);
            assertThat(out.buffer(1)).isSameAs(frame.buffer(0));
            assertThat(out.offset(1)).isEqualTo(66 + 1000 * i);
            assertThat(out.length(1)).isEqualTo(1000);
            assertThat(frame.buffer(0).holders()).isEqualTo(2);
            out.release();
        }
        assertThat(segmenter.next(out)).isFalse();
        assertThat(ledger.bytes()).isEqualTo(3 * 66);
        frame.release();
    }

    @Test
    void shouldTakeNothingWhenThePoolIsShort() {
        final SegmentList frame = memory.whole(large(true, 5000, 0x10, 0x0800), 0);
        final List<Buffer> held = new ArrayList<>();
        while (pool.available() > 4) {
            held.add(pool.take());
        }
        parser.parseUnsegmented(frame, headers);
        assertThat(segmenter.begin(frame, headers, 1000)).isFalse();
        assertThat(segmenter.frames()).isZero();
        assertThat(pool.available()).isEqualTo(4);
        held.forEach(Buffer::release);
        assertThat(segmenter.begin(frame, headers, 1000)).isTrue();
        segmenter.abandon();
        assertThat(pool.outstanding()).isZero();
        frame.release();
    }

    @Test
    void shouldGiveTheRestBackWhenAbandoned() {
        final SegmentList frame = memory.whole(large(false, 5000, 0x10, 0x86DD), 0);
        final SegmentList out = new SegmentList(4);
        begin(frame, 1000);
        segmenter.next(out);
        begin(frame, 2500);
        assertThat(segmenter.frames()).isEqualTo(2);
        assertThat(pool.outstanding()).isEqualTo(3);
        segmenter.abandon();
        assertThat(segmenter.next(out)).isFalse();
        out.release();
        frame.release();
    }

    @Test
    void shouldRefuseWhatCannotBeCut() {
        final SegmentList frame = memory.whole(large(true, 5000, 0x10, 0x0800), 0);
        parser.parseUnsegmented(frame, headers);
        assertThat(segmenter.accepts(headers, 1000)).isTrue();
        assertThat(segmenter.accepts(headers, 0)).isFalse();
        assertThat(segmenter.accepts(headers, 65_535 - 52)).isTrue();
        assertThat(segmenter.accepts(headers, 65_536 - 52)).isFalse();
        assertThat(segmenter.accepts(headers, 5000 / 65)).isFalse();
        assertThatThrownBy(() -> segmenter.begin(frame, headers, 0)).isInstanceOf(IllegalArgumentException.class);
        frame.release();

        final SegmentList udp =
            memory.whole(FrameBuilder.ethernet(0x0800).ipv4(17, 3008, 0, 0).udp(3000).zeros(3000).bytes(), 0);
        parser.parseUnsegmented(udp, headers);
        assertThat(segmenter.accepts(headers, 1000)).isFalse();
        udp.release();
    }

    @Test
    void shouldAllocateNothingWhenWarm() {
        final SegmentList frame = memory.cut(large(true, 20_000, 0x18, 0x0800), 66, 7000);
        final SegmentList out = new SegmentList(5);
        assertThat(TestMemory.allocatedWhenWarm(() -> {
            for (int i = 0; i < 50; i++) {
                begin(frame, 1448);
                while (segmenter.next(out)) {
                    out.release();
                }
            }
        })).isZero();
        frame.release();
    }

    private void begin(final SegmentList frame, final int mss) {
        parser.parseUnsegmented(frame, headers);
        assertThatBegun(segmenter.begin(frame, headers, mss));
    }

    private static void assertThatBegun(final boolean begun) {
        if (!begun) {
            throw new AssertionError("the pool is short");
        }
    }

    private List<byte[]> cut(final SegmentList frame, final int mss) {
        final List<byte[]> frames = new ArrayList<>();
        final SegmentList out = new SegmentList(frame.count() + 1);
        begin(frame, mss);
        while (segmenter.next(out)) {
            frames.add(TestMemory.bytes(out));
            out.release();
        }
        return frames;
    }

    private void assertFrames(final byte[] large, final List<byte[]> frames, final boolean four, final int l3) {
        final int tcp = l3 + (four ? 20 : 40);
        final int header = tcp + 32;
        final ByteArrayOutputStream payload = new ByteArrayOutputStream();
        for (int i = 0; i < frames.size(); i++) {
            final byte[] frame = frames.get(i);
            assertThat(Arrays.copyOf(frame, l3)).isEqualTo(Arrays.copyOf(large, l3));
            assertThat(u16(frame, tcp + 4) << 16 | u16(frame, tcp + 6)).isEqualTo(FIRST_SEQUENCE + payload.size());
            final boolean last = i == frames.size() - 1;
            assertThat(frame[tcp + 13] & 0xFF).isEqualTo(0x50 | (i == 0 ? 0x80 : 0) | (last ? 0x09 : 0));
            assertThat(Arrays.copyOfRange(frame, tcp + 20, header)).isEqualTo(Arrays.copyOfRange(large, tcp + 20, header));
            if (four) {
                assertThat(u16(frame, l3 + 2)).isEqualTo(frame.length - l3);
                assertThat(u16(frame, l3 + 4)).isEqualTo(0xBEEF + i);
                assertThat(FrameBuilder.naiveSum(frame, l3, tcp)).isEqualTo(0xFFFF);
            } else {
                assertThat(u16(frame, l3 + 4)).isEqualTo(frame.length - tcp);
            }
            assertThat(u16(frame, tcp + 16))
                .isEqualTo(FrameBuilder.naiveTransportChecksum(frame, l3, tcp, frame.length, 6));
            payload.write(frame, header, frame.length - header);
        }
        assertThat(payload.toByteArray()).isEqualTo(Arrays.copyOfRange(large, header, large.length));
    }

    private static int u16(final byte[] bytes, final int at) {
        return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
    }

    /** A frame with TCP options and more payload than one segment; its lengths are those of no packet. */
    private static byte[] large(final boolean four, final int payload, final int flags, final int... types) {
        final FrameBuilder frame = FrameBuilder.ethernet(types);
        return (four ? frame.ipv4(6, 0, 0, 0x4000) : frame.ipv6(6, 0)).tcp(flags, 3).random(payload, payload).bytes();
    }
}
