package dev.barewire.rings.intel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.SegmentList;
import dev.barewire.rings.TxRequest;
import dev.barewire.rings.TxRing;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LegacyTxRingTest {
    private static final int SIZE = 16;
    private static final int MAX_DATA = 4096;

    private final RingFixture fixture = new RingFixture(16384, 128);
    private final TxRequest plain = new TxRequest();
    private final List<Long> sent = new ArrayList<>();
    private LegacyTxRing ring = new LegacyTxRing(fixture.ring, 0, SIZE, MAX_DATA);
    private TxCard card = new TxCard(fixture, SIZE);

    /** Whatever a test did, no buffer is lost. */
    @AfterEach
    void shouldHaveEveryBufferHomeWhenDrained() {
        ring.drain();
        assertThat(fixture.pool.describeOutstanding()).isEmpty();
        fixture.close();
    }

    // E1K-RING-01, E1K-RING-02, E1K-RING-03
    @Test
    void shouldRefuseARingThatTheCardCannotHave() {
        for (final int size : new int[] {0, 4, 12, 4104}) {
            assertThatThrownBy(() -> new LegacyTxRing(fixture.ring, 0, size, MAX_DATA))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("not " + size);
        }
        assertThatThrownBy(() -> new LegacyTxRing(fixture.ring, 24, SIZE, MAX_DATA))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("multiple of 16");
        assertThat(ring.bytes()).isEqualTo(SIZE * 16);
        assertThat(ring.iova()).isEqualTo(fixture.ring.iova(0, SIZE * 16));
    }

    // E1K-TX-08
    @ParameterizedTest
    @ValueSource(ints = {0, -1, LegacyTxDescriptor.MAX_LENGTH + 1})
    void shouldRefuseADataLimitBeyondTheCards(final int limit) {
        assertThatThrownBy(() -> new LegacyTxRing(fixture.ring, 0, SIZE, limit))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("not " + limit);
    }

    // E1K-TX-02, E1K-TX-03, E1K-TX-09
    @Test
    void shouldSendAFrameWithoutRequestsInLegacyDescriptors() {
        final SegmentList segments = fixture.frame(14, 0, 100, 33);
        final long[] iovas = {segments.iova(0), segments.iova(2), segments.iova(3)};

        assertThat(post(segments, plain, 7)).isTrue();
        assertThat(ring.pending()).isEqualTo(1);
        publish();

        final TxCard.Frame frame = card.last();
        assertThat(frame.legacy()).isTrue();
        assertThat(frame.pieces()).containsExactly(new TxCard.Piece(iovas[0], 14), new TxCard.Piece(iovas[1], 100),
            new TxCard.Piece(iovas[2], 33));
        assertThat(card.contexts).isZero();
        assertThat(card.reports()).isEqualTo(1);
    }

    @Test
    void shouldGiveTheHoldOfAnEmptySegmentBackAtOnce() {
        post(fixture.frame(14, 0, 100), plain, 0);

        assertThat(fixture.pool.outstanding()).isEqualTo(2);
    }

    @Test
    void shouldRefuseAFrameWithoutBytes() {
        final SegmentList empty = fixture.frame(0, 0);

        assertThatThrownBy(() -> ring.post(empty, plain, 0)).isInstanceOf(IllegalArgumentException.class);

        assertThat(ring.pending()).isZero();
        assertThat(ring.publish()).isEqualTo(TxRing.NOTHING);
        empty.release();
    }

    // E1K-TX-08, E1K-TX-07
    @Test
    void shouldCutALongSegmentAndHoldItToItsLastDescriptor() {
        final SegmentList segments = fixture.frame(MAX_DATA * 2 + 1);
        final long iova = segments.iova(0);
        final Buffer buffer = segments.buffer(0);
        assertThat(ring.descriptorsFor(segments, plain)).isEqualTo(3);

        post(segments, plain, 1);
        publish();

        assertThat(card.last().pieces()).containsExactly(new TxCard.Piece(iova, MAX_DATA),
            new TxCard.Piece(iova + MAX_DATA, MAX_DATA), new TxCard.Piece(iova + 2 * MAX_DATA, 1));
        assertThat(buffer.holders()).isEqualTo(1);
        assertThat(buffer.place()).isEqualTo(Buffer.Place.TRANSMIT_RING);
        card.report(1);
        assertThat(reclaim()).isEqualTo(1);
        assertThat(buffer.place()).isEqualTo(Buffer.Place.POOL);
    }

    @Test
    void shouldCutAtEveryBoundaryWhenTheCardTakesNoDataAcrossIt() {
        ring = new LegacyTxRing(fixture.ring, 0, SIZE, MAX_DATA, 1024);
        final SegmentList segments = new SegmentList(2);
        segments.append(fixture.pool.take(), 1000, 2100);
        segments.append(fixture.pool.take(), 1024, 1024);
        final long first = segments.iova(0);
        final long second = segments.iova(1);
        assertThat(ring.descriptorsFor(segments, plain)).isEqualTo(5);

        assertThat(ring.post(segments, plain, 1)).isTrue();
        ring.publish();

        final long[] addresses = {first, first + 24, first + 24 + 1024, first + 24 + 2048, second};
        final int[] lengths = {24, 1024, 1024, 28, 1024};
        for (int i = 0; i < lengths.length; i++) {
            assertThat(fixture.address(i)).isEqualTo(addresses[i]);
            assertThat(fixture.control(i) & 0xFFFF).isEqualTo(lengths[i]);
        }
        assertThat(ring.pending()).isOne();
    }

    @ParameterizedTest
    @ValueSource(ints = {-4096, 1000, 2 * MAX_DATA})
    void shouldRefuseABoundaryThatCannotBe(final int boundary) {
        assertThatThrownBy(() -> new LegacyTxRing(fixture.ring, 0, SIZE, MAX_DATA, boundary))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("not " + boundary);
    }

    @Test
    void shouldNotCutASegmentOfExactlyTheLimit() {
        assertThat(ring.descriptorsFor(fixtureFrame(MAX_DATA, 2 * MAX_DATA, 0, 1), plain)).isEqualTo(4);
    }

    // E1K-TX-06, E1K-TX-12, E1K-RING-09
    @Test
    void shouldRefuseAFrameThatDoesNotFitAndLeaveTheRingAsItWas() {
        for (int i = 0; i < SIZE - 3; i++) {
            assertThat(post(fixture.frame(60), plain, i)).isTrue();
        }
        final SegmentList three = fixture.frame(10, 20, 30);
        assertThat(ring.post(three, plain, 99)).isFalse();
        assertThat(three.count()).isEqualTo(3);
        assertThat(ring.pending()).isEqualTo(SIZE - 3);
        assertThat(fixture.control(SIZE - 3)).isZero();
        three.release();

        assertThat(post(fixture.frame(10, 20), plain, 100)).isTrue();
        final SegmentList one = fixture.frame(60);
        assertThat(ring.post(one, plain, 101)).isFalse();
        one.release();
        assertThat(ring.publish()).isEqualTo(ring.capacity());
    }

    // E1K-TX-12
    @Test
    void shouldRefuseAFrameThatNeedsAContextMoreThanThereIsRoomFor() {
        for (int i = 0; i < SIZE - 2; i++) {
            post(fixture.frame(60), plain, i);
        }
        final SegmentList frame = fixture.frame(60);
        assertThat(ring.descriptorsFor(frame, tcp())).isEqualTo(2);

        assertThat(ring.post(frame, tcp(), 0)).isFalse();
        assertThat(post(frame, plain, 0)).isTrue();
    }

    // E1K-TX-03, E1K-TX-04
    @Test
    void shouldReportOnceForAPublication() {
        for (int i = 0; i < 5; i++) {
            post(fixture.frame(14, 50), plain, i);
        }
        publish();

        assertThat(card.frames).hasSize(5);
        assertThat(card.reports()).isEqualTo(1);
        assertThat(card.last().has(LegacyTxDescriptor.COMMAND_RS)).isTrue();
        assertThat(reclaim()).isZero();
        card.report(1);
        assertThat(reclaim()).isEqualTo(5);
        assertThat(sent).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(ring.pending()).isZero();
    }

    @Test
    void shouldReportInsideALongPublicationSoThatReclaimDoesNotStarve() {
        ring = new LegacyTxRing(fixture.ring, 0, 128, MAX_DATA);
        card = new TxCard(fixture, 128);
        for (int i = 0; i < 100; i++) {
            post(fixture.frame(60), plain, i);
        }
        publish();

        assertThat(card.reports()).isEqualTo(4);
        card.report(1);
        assertThat(reclaim()).isEqualTo(32);
        card.report(3);
        assertThat(reclaim()).isEqualTo(68);
    }

    @Test
    void shouldNotReportTwiceWhenAPublicationEndsOnAReport() {
        ring = new LegacyTxRing(fixture.ring, 0, 128, MAX_DATA);
        card = new TxCard(fixture, 128);
        for (int i = 0; i < 64; i++) {
            post(fixture.frame(60), plain, i);
        }
        publish();

        assertThat(card.reports()).isEqualTo(2);
        card.report(2);
        assertThat(reclaim()).isEqualTo(64);
        assertThat(ring.publish()).isEqualTo(TxRing.NOTHING);
        for (int i = 0; i < ring.capacity(); i++) {
            assertThat(post(fixture.frame(60), plain, i)).isTrue();
        }
        final SegmentList more = fixture.frame(60);
        assertThat(ring.post(more, plain, 0)).as("room for one more than there is").isFalse();
        more.release();
    }

    // E1K-TX-07
    @Test
    void shouldReclaimNothingThatIsNotPublishedWhateverTheCardSays() {
        ring = new LegacyTxRing(fixture.ring, 0, 128, MAX_DATA);
        for (int i = 0; i < 40; i++) {
            post(fixture.frame(60), plain, i);
        }
        for (int i = 0; i < 128; i++) {
            fixture.memory.putLong(i * 16L + 8, fixture.control(i) | 1L << 32);
        }

        assertThat(reclaim()).isZero();
        assertThat(ring.pending()).isEqualTo(40);
    }

    @Test
    void shouldReclaimNothingMoreWhenTheCardSaysDoneEverywhere() {
        post(fixture.frame(60), plain, 1);
        publish();
        for (int i = 0; i < SIZE; i++) {
            fixture.memory.putLong(i * 16L + 8, fixture.control(i) | 1L << 32);
        }

        assertThat(reclaim()).isEqualTo(1);
        assertThat(reclaim()).isZero();
        assertThat(sent).containsExactly(1L);
    }

    @Test
    void shouldCountOnceWhatIsDoneBeforeAnEarlierOneAndFramesThatTheCardCouldNotSend() {
        for (int i = 0; i < 4; i++) {
            post(fixture.frame(60), plain, i);
            publish();
        }
        fixture.memory.putLong(2 * 16L + 8, fixture.control(2) | 1L << 32);
        fixture.memory.putLong(3 * 16L + 8, fixture.control(3) | 1L << 32);
        for (int i = 0; i < SIZE; i++) {
            assertThat(reclaim()).isZero();
        }
        assertThat(ring.disorders()).isOne();
        assertThat(ring.errors()).isZero();

        fixture.memory.putLong(8, fixture.control(0) | 1L << 32);
        fixture.memory.putLong(16L + 8, fixture.control(1) | 3L << 32);
        assertThat(reclaim()).isEqualTo(4);
        assertThat(ring.disorders()).isOne();
        assertThat(ring.errors()).isOne();
    }

    @Test
    void shouldKeepALentBufferForItsLenderWhenSent() {
        final Buffer lent = fixture.pool.take();
        final SegmentList segments = new SegmentList(2);
        segments.lend(lent, 10, 20);
        segments.lend(lent, 100, 30);
        post(segments, plain, 0);
        publish();
        assertThat(lent.holders()).isEqualTo(3);

        card.report(1);
        ring.reclaim(null);

        assertThat(lent.holders()).isEqualTo(1);
        assertThat(lent.place()).isEqualTo(Buffer.Place.APPLICATION);
        lent.release();
    }

    @Test
    void shouldKeepTheRestWhenACompletionFails() {
        post(fixture.frame(60), plain, 1);
        post(fixture.frame(60), plain, 2);
        publish();
        card.report(1);
        assertThatThrownBy(() -> ring.reclaim(tag -> {
            throw new IllegalStateException("application");
        })).hasMessage("application");
        assertThat(ring.pending()).isEqualTo(1);

        post(fixture.frame(60), plain, 3);
        publish();
        card.report(1);

        assertThat(reclaim()).isEqualTo(2);
        assertThat(sent).containsExactly(2L, 3L);
    }

    // E1K-RING-08, E1K-RING-10
    @Test
    void shouldStayInsideTheRingOverLaps() {
        long tag = 0;
        for (int round = 0; round < 40; round++) {
            for (int i = 0; i < 3; i++) {
                final SegmentList segments = fixture.frame(14, 40 + round);
                segments.buffer(1).memory().putLong(segments.buffer(1).base(), tag);
                assertThat(post(segments, plain, tag++)).isTrue();
            }
            publish();
            for (int i = 3; i > 0; i--) {
                final TxCard.Piece payload = card.frames.get(card.frames.size() - i).pieces().get(1);
                final Buffer buffer = fixture.bufferAt(payload.iova());
                assertThat(buffer.memory().getLong(buffer.base())).isEqualTo(tag - i);
                assertThat(payload.length()).isEqualTo(40 + round);
            }
            card.report(1);
            assertThat(reclaim()).isEqualTo(3);
        }
        assertThat(sent).hasSize(120).isSorted().doesNotHaveDuplicates();
        assertThat(fixture.pool.outstanding()).isZero();
    }

    @Test
    void shouldStartAgainWhenDrained() {
        post(fixture.frame(60), tcp(), 1);
        publish();
        post(fixture.frame(60), tcp(), 2);

        ring.drain();

        assertThat(ring.pending()).isZero();
        assertThat(fixture.pool.outstanding()).isZero();
        assertThat(ring.publish()).isEqualTo(TxRing.NOTHING);
        assertThat(fixture.control(0)).isZero();
        card = new TxCard(fixture, SIZE);
        post(fixture.frame(60), tcp(), 3);
        publish();
        assertThat(card.contexts).as("a card that was reset knows no context").isEqualTo(1);
        card.report(1);
        assertThat(reclaim()).isEqualTo(1);
    }

    private boolean post(final SegmentList segments, final TxRequest request, final long tag) {
        final boolean posted = ring.post(segments, request, tag);
        if (posted) {
            segments.clear();
        }
        return posted;
    }

    private void publish() {
        card.ring(ring.publish());
    }

    private int reclaim() {
        return ring.reclaim(sent::add);
    }

    /** A list of lengths that nobody sends. */
    private SegmentList fixtureFrame(final int... lengths) {
        final SegmentList segments = new SegmentList(lengths.length);
        for (final int length : lengths) {
            segments.append(fixture.pool.buffer(0), 0, length);
        }
        return segments;
    }

    private static TxRequest tcp() {
        final TxRequest request = new TxRequest();
        request.flags = TxRequest.IP_CHECKSUM | TxRequest.TCP_CHECKSUM;
        request.l3Offset = 14;
        request.l4Offset = 34;
        return request;
    }
}
