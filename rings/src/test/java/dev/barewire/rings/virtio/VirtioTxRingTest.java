package dev.barewire.rings.virtio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.dma.SegmentList;
import dev.barewire.rings.TxRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a transmit ring asks of its device in the header in front of a frame, and where that lies. */
class VirtioTxRingTest {
    private static final VirtqueueFormat SPLIT = new VirtqueueFormat(false, 8, false, false, false);
    private static final VirtqueueFormat INDIRECT = new VirtqueueFormat(false, 8, true, false, false);
    private static final NetFormat ALL = new NetFormat(false, false, true, true, true, true, true);

    private final VirtioFixture fixture = new VirtioFixture(256, 64);
    private final TxRequest request = new TxRequest();
    private VirtioTxRing ring;
    private DeviceQueue device;

    @AfterEach
    void close() {
        if (ring != null) {
            ring.drain();
        }
        fixture.close();
    }

    private void open(final VirtqueueFormat format, final NetFormat net) {
        ring = new VirtioTxRing(fixture.ring, 0, format, net);
        device = DeviceQueue.of(fixture, format, ring.areas());
    }

    private void ask(final int flags, final int l4Offset, final int headerLength, final int mss) {
        request.clear();
        request.flags = flags;
        request.l3Offset = 14;
        request.l4Offset = l4Offset;
        request.headerLength = headerLength;
        request.mss = mss;
    }

    /** The header that a device finds in front of a frame. */
    private byte[] header() {
        assertThat(ring.post(fixture.frame(0, 200), request, 0)).isTrue();
        ring.publish();
        final byte[] bytes = device.read(device.next());
        assertThat(device.complaints).isEmpty();
        return Arrays.copyOf(bytes, bytes.length - 200);
    }

    // NET-TX-02, NET-TX-03, NET-TX-24
    @Test
    void shouldAskForNothingWhenTheFrameDoesNot() {
        open(SPLIT, NetFormat.PLAIN);
        ask(0, 34, 54, 1000);

        assertThat(header()).containsOnly(0).hasSize(12);
    }

    // NET-TX-01
    @Test
    void shouldHaveALongerHeaderWhereHashesAreReported() {
        open(SPLIT, new NetFormat(true, false, false, false, false, false, false));
        ask(0, 0, 0, 0);

        assertThat(header()).containsOnly(0).hasSize(20);
    }

    // NET-TX-23
    @Test
    void shouldSayWhereTheChecksumGoes() {
        open(SPLIT, ALL);
        ask(TxRequest.TCP_CHECKSUM, 38, 0, 0);
        assertThat(header()).containsExactly(1, 0, 0, 0, 0, 0, 38, 0, 16, 0, 0, 0);
        ask(TxRequest.UDP_CHECKSUM | TxRequest.IPV6, 54, 0, 0);
        assertThat(header()).containsExactly(1, 0, 0, 0, 0, 0, 54, 0, 6, 0, 0, 0);
    }

    // NET-TX-10, NET-TX-25, NET-TX-26, NET-TX-27
    @Test
    void shouldSayHowToCut() {
        open(SPLIT, ALL);
        ask(TxRequest.SEGMENT | TxRequest.TCP_CHECKSUM, 34, 54, 0x105);
        assertThat(header()).containsExactly(1, 1, 54, 0, 5, 1, 34, 0, 16, 0, 0, 0);
        ask(TxRequest.SEGMENT | TxRequest.IPV6 | TxRequest.CWR, 54, 74, 100);
        assertThat(header()).containsExactly(1, (byte) 0x84, 74, 0, 100, 0, 54, 0, 16, 0, 0, 0);
        ask(TxRequest.SEGMENT_UDP, 34, 42, 100);
        assertThat(header()).containsExactly(1, 5, 42, 0, 100, 0, 34, 0, 6, 0, 0, 0);
    }

    // NET-TX-05 to NET-TX-09
    @Test
    void shouldSupportOnlyWhatWasAgreed() {
        final int tcp6 = TxRequest.SEGMENT | TxRequest.IPV6;
        expectSupport(NetFormat.PLAIN, List.of(0));
        expectSupport(new NetFormat(false, false, true, false, false, false, false), List.of(0, TxRequest.TCP_CHECKSUM));
        expectSupport(new NetFormat(false, false, true, true, false, false, false),
            List.of(0, TxRequest.TCP_CHECKSUM, TxRequest.SEGMENT));
        expectSupport(new NetFormat(false, false, true, false, true, true, false),
            List.of(0, TxRequest.TCP_CHECKSUM, tcp6, tcp6 | TxRequest.CWR));
        expectSupport(new NetFormat(false, false, true, false, false, false, true),
            List.of(0, TxRequest.TCP_CHECKSUM, TxRequest.SEGMENT_UDP));
    }

    private void expectSupport(final NetFormat net, final List<Integer> supported) {
        final VirtioTxRing asked = new VirtioTxRing(fixture.ring, 0, SPLIT, net);
        final int tcp6 = TxRequest.SEGMENT | TxRequest.IPV6;
        for (final int flags : new int[] {0, TxRequest.TCP_CHECKSUM, TxRequest.SEGMENT, TxRequest.SEGMENT | TxRequest.CWR, tcp6,
            tcp6 | TxRequest.CWR, TxRequest.SEGMENT_UDP, TxRequest.IP_CHECKSUM, TxRequest.VLAN}) {
            ask(flags, 34, 54, 100);
            assertThat(asked.supports(request, 1000)).as("%s of %s", flags, net).isEqualTo(supported.contains(flags));
        }
    }

    @Test
    void shouldRefuseOffsetsThatDoNotFit() {
        open(SPLIT, ALL);
        ask(TxRequest.TCP_CHECKSUM, 34, 0, 0);
        assertThat(ring.supports(request, 51)).isFalse();
        assertThat(ring.supports(request, 52)).isTrue();
        ask(TxRequest.SEGMENT, 34, 51, 100);
        assertThat(ring.supports(request, 1000)).isFalse();
        ask(TxRequest.SEGMENT, 34, 54, 0);
        assertThat(ring.supports(request, 1000)).isFalse();
        ask(TxRequest.SEGMENT, 34, 1000, 100);
        assertThat(ring.supports(request, 1000)).isFalse();
        assertThatThrownBy(() -> ring.post(fixture.frame(0), request, 0)).hasMessageContaining("without bytes");
    }

    @Test
    void shouldPutTheHeaderInFrontOfAFrameThatNobodyElseHolds() {
        open(SPLIT, NetFormat.PLAIN);
        final SegmentList sole = fixture.frame(12, 60);
        final long sent = sole.iova(0);
        ring.post(sole, request, 0);
        final SegmentList lent = fixture.frame(12, 60);
        lent.lend(lent.buffer(0), 0, 10);
        ring.post(lent, request, 0);
        ring.post(fixture.frame(11, 60), request, 0);
        ring.publish();

        assertThat(device.next().pieces()).containsExactly(new DeviceQueue.Piece(sent - 12, 72, false));
        assertThat(device.next().pieces()).extracting(DeviceQueue.Piece::length).containsExactly(12, 60, 10);
        assertThat(device.next().pieces()).extracting(DeviceQueue.Piece::length).containsExactly(12, 60);
    }

    @Test
    void shouldTakeOneDescriptorForAFrameOfManySegmentsWhereTablesWereAgreed() {
        open(INDIRECT, NetFormat.PLAIN);
        final SegmentList segments = fixture.frame(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(ring.descriptorsFor(segments, request)).isEqualTo(1);
        ring.post(segments, request, 0);
        ring.publish();

        final DeviceQueue.Chain chain = device.next();
        assertThat(chain.slots()).isEqualTo(1);
        assertThat(chain.pieces()).extracting(DeviceQueue.Piece::length).containsExactly(12, 1, 2, 3, 4, 5, 6, 7);
        final SegmentList longer = fixture.frame(0, 1, 1, 1, 1, 1, 1, 1, 1);
        assertThat(ring.descriptorsFor(longer, request)).as("a table may not be longer than the queue").isEqualTo(9);
        assertThat(ring.post(longer, request, 0)).isFalse();
        longer.release();
        assertThat(ring.capacity()).isEqualTo(8);
        assertThat(device.complaints).isEmpty();
    }

    @Test
    void shouldCompleteEachFrameWhenTheDeviceHasSentIt() {
        open(SPLIT, NetFormat.PLAIN);
        for (int tag = 0; tag < 4; tag++) {
            assertThat(ring.post(fixture.frame(0, 60), request, tag)).isTrue();
        }
        final SegmentList another = fixture.frame(12, 60);
        assertThat(ring.post(another, request, 9)).as("full").isFalse();
        another.release();
        ring.publish();
        final List<DeviceQueue.Chain> chains = List.of(device.next(), device.next(), device.next(), device.next());
        final List<Long> tags = new ArrayList<>();
        device.use(chains.get(2), 0);
        device.use(chains.get(0), 0);

        assertThat(ring.reclaim(tags::add)).isEqualTo(2);
        assertThat(tags).containsExactly(2L, 0L);
        assertThat(ring.pending()).isEqualTo(2);
        assertThat(ring.disorders()).isZero();
        device.use(chains.get(3), 0);
        device.use(chains.get(1), 0);
        ring.reclaim(tags::add);
        assertThat(tags).containsExactly(2L, 0L, 3L, 1L);
    }

    @Test
    void shouldTellTheDeviceWhereTheNextFrameWillBe() {
        open(SPLIT, NetFormat.PLAIN);
        ring.post(fixture.frame(0, 60), request, 0);
        ring.post(fixture.frame(0, 60), request, 0);
        assertThat(ring.publish()).isEqualTo(2);
        ring.drain();

        open(new VirtqueueFormat(true, 5, false, false, false), NetFormat.PLAIN);
        ring.post(fixture.frame(0, 60), request, 0);
        ring.post(fixture.frame(0, 60), request, 0);
        assertThat(ring.publish()).isEqualTo(4 | 0x8000);
        while (device.pass(0)) {
            // All of them.
        }
        ring.reclaim(null);
        ring.post(fixture.frame(0, 60), request, 0);
        assertThat(ring.publish()).as("round the end").isEqualTo(1);
    }

    @Test
    void shouldKeepQuietWhenTheDeviceAsksForIt() {
        for (final VirtqueueFormat format : List.of(SPLIT, new VirtqueueFormat(true, 8, false, false, false),
            new VirtqueueFormat(false, 8, false, true, false), new VirtqueueFormat(true, 8, false, true, false))) {
            open(format, NetFormat.PLAIN);
            device.wantNoNotification();
            ring.post(fixture.frame(0, 60), request, 0);
            assertThat(ring.publish()).as("%s", format).isEqualTo(VirtioTxRing.NOTHING);
            device.next();
            device.wantNotification();
            ring.post(fixture.frame(0, 60), request, 0);
            assertThat(ring.publish()).as("%s", format).isNotEqualTo(VirtioTxRing.NOTHING);
            assertThat(ring.publish()).as("nothing new").isEqualTo(VirtioTxRing.NOTHING);
            ring.drain();
        }
    }
}
