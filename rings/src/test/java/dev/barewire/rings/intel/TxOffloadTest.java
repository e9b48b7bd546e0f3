package dev.barewire.rings.intel;

import static dev.barewire.rings.TxRequest.IPV6;
import static dev.barewire.rings.TxRequest.IP_CHECKSUM;
import static dev.barewire.rings.TxRequest.SEGMENT;
import static dev.barewire.rings.TxRequest.TCP_CHECKSUM;
import static dev.barewire.rings.TxRequest.UDP_CHECKSUM;
import static dev.barewire.rings.TxRequest.VLAN;
import static dev.barewire.rings.intel.TxDataDescriptor.OPTION_IXSM;
import static dev.barewire.rings.intel.TxDataDescriptor.OPTION_TXSM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.dma.SegmentList;
import dev.barewire.rings.TxRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a transmit ring tells the card to do to frames. */
class TxOffloadTest {
    private static final int SIZE = 64;

    private final RingFixture fixture = new RingFixture(16384, 64);
    private final LegacyTxRing ring = new LegacyTxRing(fixture.ring, 0, SIZE, 4096);
    private final TxCard card = new TxCard(fixture, SIZE);

    @AfterEach
    void close() {
        ring.drain();
        fixture.close();
    }

    // E1K-TXOFF-03, E1K-TXOFF-04, E1K-TXOFF-08
    @Test
    void shouldAskForTheChecksumsOfTcpOverIpv4() {
        final TxCard.Frame frame = send(request(IP_CHECKSUM | TCP_CHECKSUM, 18, 42), 42, 100, 60);

        assertThat(frame.legacy()).isFalse();
        assertThat(frame.options()).isEqualTo(OPTION_IXSM | OPTION_TXSM);
        assertThat(frame.has(TxDataDescriptor.COMMAND_TSE)).isFalse();
        assertThat(frame.context().checksums()).isEqualTo(TxContextDescriptor.checksums(
            TxContextDescriptor.checksum(18, 28, 41), TxContextDescriptor.checksum(42, 58, 0)));
        assertThat(frame.context().control()).isEqualTo(TxContextDescriptor.control(
            0, TxContextDescriptor.COMMAND_IP | TxContextDescriptor.COMMAND_TCP, 0, 0));
    }

    // E1K-TXOFF-04
    @Test
    void shouldAskForTheChecksumOfUdpOverIpv6() {
        final TxCard.Frame frame = send(request(UDP_CHECKSUM | IPV6, 14, 54), 62, 100);

        assertThat(frame.options()).isEqualTo(OPTION_TXSM);
        assertThat(frame.context().checksums()).isEqualTo(TxContextDescriptor.checksums(
            TxContextDescriptor.checksum(14, 0, 0), TxContextDescriptor.checksum(54, 60, 0)));
        assertThat(frame.context().control()).isEqualTo(TxContextDescriptor.control(0, 0, 0, 0));
    }

    // E1K-TXOFF-03
    @Test
    void shouldAskForTheIpChecksumAlone() {
        final TxCard.Frame frame = send(request(IP_CHECKSUM, 14, 34), 60);

        assertThat(frame.options()).isEqualTo(OPTION_IXSM);
        assertThat((int) frame.context().checksums()).isEqualTo(TxContextDescriptor.checksum(14, 24, 33));
    }

    // E1K-TXOFF-07, E1K-TXOFF-08
    @Test
    void shouldAskForSegmentationOfTcpOverIpv4() {
        final TxCard.Frame frame = send(segment(0, 1460), 54, 5000, 700);

        assertThat(frame.has(TxDataDescriptor.COMMAND_TSE)).isTrue();
        assertThat(frame.options()).as("each segment has headers of its own").isEqualTo(OPTION_IXSM | OPTION_TXSM);
        assertThat(frame.context().control()).isEqualTo(TxContextDescriptor.control(5700, TxContextDescriptor.COMMAND_IP
            | TxContextDescriptor.COMMAND_TCP | TxContextDescriptor.COMMAND_TSE, 54, 1460));
        assertThat(frame.pieces()).hasSize(4);
    }

    // E1K-TXOFF-07: the IP bit is for IPv4 only
    @Test
    void shouldAskForSegmentationOfTcpOverIpv6() {
        final TxRequest request = segment(IPV6, 1440);
        request.l4Offset = 54;
        request.headerLength = 74;

        final TxCard.Frame frame = send(request, 74, 3000);

        assertThat(frame.options()).isEqualTo(OPTION_TXSM);
        assertThat(frame.context().control()).isEqualTo(TxContextDescriptor.control(
            3000, TxContextDescriptor.COMMAND_TCP | TxContextDescriptor.COMMAND_TSE, 74, 1440));
        assertThat((int) frame.context().checksums()).isEqualTo(TxContextDescriptor.checksum(14, 0, 0));
    }

    // E1K-TXOFF-09
    @Test
    void shouldKeepTheHeadersOfASegmentationInOneDescriptor() {
        assertThat(send(segment(0, 1460), 54, 5000).pieces().getFirst().length()).isEqualTo(54);
    }

    // E1K-TXOFF-01
    @Test
    void shouldWriteAContextOnlyWhenItChanges() {
        send(request(IP_CHECKSUM | TCP_CHECKSUM, 14, 34), 60);
        send(request(IP_CHECKSUM | TCP_CHECKSUM, 14, 34), 54, 100);
        send(new TxRequest(), 60);
        send(request(IP_CHECKSUM | TCP_CHECKSUM, 14, 34), 60);
        assertThat(card.contexts).isEqualTo(1);

        send(request(IP_CHECKSUM | UDP_CHECKSUM, 14, 34), 60);
        assertThat(card.contexts).isEqualTo(2);
        final TxCard.Frame back = send(request(IP_CHECKSUM | TCP_CHECKSUM, 14, 34), 60);
        assertThat(card.contexts).isEqualTo(3);
        assertThat(back.context().checksums() >>> 40 & 0xFF).isEqualTo(50);
    }

    // E1K-TXOFF-02
    @Test
    void shouldKeepTheContextOfSegmentationsApart() {
        final TxCard.Frame before = send(request(IP_CHECKSUM | TCP_CHECKSUM, 14, 34), 60);
        final TxCard.Frame first = send(segment(0, 1460), 54, 3000);
        final TxCard.Frame after = send(request(IP_CHECKSUM | TCP_CHECKSUM, 14, 34), 60);
        final TxCard.Frame second = send(segment(0, 1460), 54, 2000);

        assertThat(after.context()).isEqualTo(before.context());
        assertThat(first.context().control() & 0xF_FFFF).isEqualTo(3000);
        assertThat(second.context().control() & 0xF_FFFF).isEqualTo(2000);
        assertThat(card.contexts).isEqualTo(3);
    }

    // E1K-TXOFF-01
    @Test
    void shouldWriteTheContextAgainWhenItsFrameDidNotFit() {
        for (int i = 0; i < SIZE - 2; i++) {
            ring.post(fixture.frame(60), new TxRequest(), 0);
        }
        final SegmentList frame = fixture.frame(60);
        assertThat(ring.post(frame, request(IP_CHECKSUM | TCP_CHECKSUM, 14, 34), 0)).isFalse();
        frame.release();
        card.ring(ring.publish());
        card.report(card.reports());
        ring.reclaim(null);

        send(request(IP_CHECKSUM | TCP_CHECKSUM, 14, 34), 60);

        assertThat(card.contexts).isEqualTo(1);
    }

    // E1K-VLAN-03
    @Test
    void shouldInsertATagInLegacyFrames() {
        final TxRequest request = request(VLAN, 0, 0);
        request.vlan = 0xE123;

        final TxCard.Frame frame = send(request, 14, 50);

        assertThat(frame.legacy()).isTrue();
        assertThat(frame.has(LegacyTxDescriptor.COMMAND_VLE)).isTrue();
        assertThat(frame.special()).isEqualTo(0xE123);
    }

    // E1K-VLAN-03; a segmentation's tag counts in its first data descriptor, all others' in the last
    @Test
    void shouldInsertATagInOffloadedFrames() {
        final TxRequest segments = segment(VLAN, 1460);
        segments.vlan = 5;
        final TxRequest checksums = request(VLAN | IP_CHECKSUM | TCP_CHECKSUM, 14, 34);
        checksums.vlan = 6;

        final TxCard.Frame segmented = send(segments, 54, 5000);
        final TxCard.Frame summed = send(checksums, 54, 100);

        assertThat(segmented.firstCommand() & TxDataDescriptor.COMMAND_VLE).isNotZero();
        assertThat(segmented.firstSpecial()).isEqualTo(5);
        assertThat(summed.has(TxDataDescriptor.COMMAND_VLE)).isTrue();
        assertThat(summed.special()).isEqualTo(6);
        assertThat(summed.options()).isEqualTo(OPTION_IXSM | OPTION_TXSM);
    }

    @Test
    void shouldNotTagAFrameThatDoesNotAskForIt() {
        final TxRequest request = request(0, 0, 0);
        request.vlan = 77;

        final TxCard.Frame frame = send(request, 60);

        assertThat(frame.has(LegacyTxDescriptor.COMMAND_VLE)).isFalse();
        assertThat(frame.special()).isZero();
    }

    // E1K-TX-12
    @Test
    void shouldRefuseWhatTheDescriptorsCannotSay() {
        refuses(request(TCP_CHECKSUM, 14, 238), 2000);  // the checksum field lies behind byte 255
        refuses(request(TCP_CHECKSUM, 14, 34), 51);     // ... or behind the frame
        refuses(request(TCP_CHECKSUM, 34, 34), 60);     // no network header
        refuses(request(IP_CHECKSUM, -1, 34), 60);
        refuses(request(IP_CHECKSUM, 14, 61), 60);
        refuses(segment(0, 0), 3000);
        refuses(segment(0, 65536), 3000);
        refuses(segment(0, 1460), 54);                  // headers only
        refuses(segment(0, 1460), 54 + 0x10_0000);      // PAYLEN has 20 bits
        final TxRequest longHeaders = segment(0, 1460);
        longHeaders.headerLength = 241;
        refuses(longHeaders, 3000);
        final TxRequest shortHeaders = segment(0, 1460);
        shortHeaders.headerLength = 51;
        refuses(shortHeaders, 3000);

        assertThat(ring.supports(request(TCP_CHECKSUM, 14, 237), 2000)).isTrue();
        assertThat(ring.supports(request(TCP_CHECKSUM, 14, 34), 52)).isTrue();
        assertThat(ring.supports(segment(0, 65535), 54 + 0xF_FFFF)).isTrue();
        assertThat(ring.supports(request(VLAN, 0, 0), 60)).isTrue();
    }

    @Test
    void shouldThrowAndKeepTheRingWhenARequestCannotBeSaid() {
        final SegmentList frame = fixture.frame(60);

        assertThatThrownBy(() -> ring.post(frame, request(TCP_CHECKSUM, 14, 240), 0))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("L4 at 240");

        assertThat(ring.pending()).isZero();
        frame.release();
    }

    private void refuses(final TxRequest request, final int bytes) {
        assertThat(ring.supports(request, bytes)).isFalse();
    }

    private TxCard.Frame send(final TxRequest request, final int... lengths) {
        final SegmentList segments = fixture.frame(lengths);
        assertThat(ring.post(segments, request, 0)).isTrue();
        card.ring(ring.publish());
        card.report(1);
        assertThat(ring.reclaim(null)).isEqualTo(1);
        return card.last();
    }

    private static TxRequest request(final int flags, final int l3Offset, final int l4Offset) {
        final TxRequest request = new TxRequest();
        request.flags = flags;
        request.l3Offset = l3Offset;
        request.l4Offset = l4Offset;
        return request;
    }

    private static TxRequest segment(final int more, final int mss) {
        final TxRequest request = request(SEGMENT | more, 14, 34);
        request.headerLength = 54;
        request.mss = mss;
        return request;
    }
}
