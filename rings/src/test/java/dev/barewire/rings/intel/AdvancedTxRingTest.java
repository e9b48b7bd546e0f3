package dev.barewire.rings.intel;

import static dev.barewire.rings.TxRequest.IPV6;
import static dev.barewire.rings.TxRequest.IP_CHECKSUM;
import static dev.barewire.rings.TxRequest.SEGMENT;
import static dev.barewire.rings.TxRequest.TCP_CHECKSUM;
import static dev.barewire.rings.TxRequest.UDP_CHECKSUM;
import static dev.barewire.rings.TxRequest.VLAN;
import static dev.barewire.rings.intel.AdvancedTxContextDescriptor.COMMAND_IPV4;
import static dev.barewire.rings.intel.AdvancedTxContextDescriptor.COMMAND_TCP;
import static dev.barewire.rings.intel.AdvancedTxDataDescriptor.COMMAND_EOP;
import static dev.barewire.rings.intel.AdvancedTxDataDescriptor.COMMAND_IFCS;
import static dev.barewire.rings.intel.AdvancedTxDataDescriptor.COMMAND_RS;
import static dev.barewire.rings.intel.AdvancedTxDataDescriptor.COMMAND_TSE;
import static dev.barewire.rings.intel.AdvancedTxDataDescriptor.COMMAND_VLE;
import static dev.barewire.rings.intel.AdvancedTxDataDescriptor.OPTION_IXSM;
import static dev.barewire.rings.intel.AdvancedTxDataDescriptor.OPTION_TXSM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.dma.SegmentList;
import dev.barewire.rings.TxRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is the advanced format's own; {@link LegacyTxRingTest} has what all transmit rings share. */
class AdvancedTxRingTest {
    private static final int SIZE = 64;

    private final RingFixture fixture = new RingFixture(16384, 64);
    private final AdvancedTxRing ring = new AdvancedTxRing(fixture.ring, 0, SIZE, 8192, 0);
    /** The next descriptor that a frame will be written to. */
    private int next;

    /** Whatever a test did, no buffer is lost. */
    @AfterEach
    void shouldHaveEveryBufferHomeWhenDrained() {
        ring.drain();
        assertThat(fixture.pool.describeOutstanding()).isEmpty();
        fixture.close();
    }

    /** Posts a frame; the number of its first descriptor. */
    private int send(final TxRequest request, final int... lengths) {
        final SegmentList segments = fixture.frame(lengths);
        assertThat(ring.post(segments, request, 7)).isTrue();
        segments.clear();
        final int first = next;
        next = ring.publish();
        return first;
    }

    private static TxRequest request(final int flags, final int l3, final int l4) {
        final TxRequest request = new TxRequest();
        request.flags = flags;
        request.l3Offset = l3;
        request.l4Offset = l4;
        return request;
    }

    private static TxRequest segment(final int flags) {
        final TxRequest request = request(SEGMENT | TCP_CHECKSUM | IP_CHECKSUM | flags, 14, 34);
        request.headerLength = 54;
        request.mss = 1460;
        return request;
    }

    // E1K-TX-02, E1K-TX-03, E1K-TX-10
    @Test
    void shouldSendAFrameWithoutRequestsWithoutContextAndTellItsLengthInEachDescriptor() {
        send(new TxRequest(), 14, 100);

        assertThat(fixture.control(0)).isEqualTo(AdvancedTxDataDescriptor.control(14, COMMAND_IFCS, 0, 0, 114));
        assertThat(fixture.control(1)).isEqualTo(
            AdvancedTxDataDescriptor.control(100, COMMAND_IFCS | COMMAND_EOP | COMMAND_RS, 0, 0, 114));
    }

    // E1K-TXOFF-11, E1K-TXOFF-12
    @Test
    void shouldAskForTheChecksumsOfTcpOverIpv4() {
        send(request(IP_CHECKSUM | TCP_CHECKSUM, 18, 42), 62, 100);

        assertThat(fixture.address(0)).isEqualTo(AdvancedTxContextDescriptor.lengths(18, 24, 0));
        assertThat(fixture.control(0)).isEqualTo(AdvancedTxContextDescriptor.control(COMMAND_IPV4 | COMMAND_TCP, 0, 0, 0));
        assertThat(fixture.control(1)).isEqualTo(
            AdvancedTxDataDescriptor.control(62, COMMAND_IFCS, OPTION_IXSM | OPTION_TXSM, 0, 162));
    }

    // E1K-TXOFF-12
    @Test
    void shouldAskForTheChecksumOfUdpOverIpv6() {
        send(request(UDP_CHECKSUM | IPV6, 14, 54), 62);

        assertThat(fixture.address(0)).isEqualTo(AdvancedTxContextDescriptor.lengths(14, 40, 0));
        assertThat(fixture.control(0)).isEqualTo(AdvancedTxContextDescriptor.control(0, 0, 0, 0));
        assertThat(fixture.control(1) >>> 40 & 0x3F).isEqualTo(OPTION_TXSM);
    }

    @Test
    void shouldAskForTheIpChecksumAlone() {
        send(request(IP_CHECKSUM, 14, 34), 60);

        assertThat(fixture.control(1) >>> 40 & 0x3F).isEqualTo(OPTION_IXSM);
    }

    // E1K-VLAN-04
    @Test
    void shouldPutTheTagIntoAContextOfItsOwn() {
        final TxRequest request = new TxRequest();
        request.flags = VLAN;
        request.vlan = 0xE064;

        send(request, 60);

        assertThat(fixture.address(0)).isEqualTo(AdvancedTxContextDescriptor.lengths(0, 0, 0xE064));
        assertThat(fixture.control(1)).isEqualTo(
            AdvancedTxDataDescriptor.control(60, COMMAND_IFCS | COMMAND_VLE | COMMAND_EOP | COMMAND_RS, 0, 0, 60));
    }

    // E1K-TXOFF-11, E1K-TX-10: PAYLEN is without the headers
    @Test
    void shouldAskForSegmentationWithTheOtherContext() {
        send(segment(0), 54, 5000, 700);

        assertThat(fixture.address(0)).isEqualTo(AdvancedTxContextDescriptor.lengths(14, 20, 0));
        assertThat(fixture.control(0)).isEqualTo(
            AdvancedTxContextDescriptor.control(COMMAND_IPV4 | COMMAND_TCP, 1, 20, 1460));
        assertThat(fixture.control(1)).isEqualTo(AdvancedTxDataDescriptor.control(
            54, COMMAND_IFCS | COMMAND_TSE, OPTION_IXSM | OPTION_TXSM, 1, 5700));
    }

    @Test
    void shouldWriteAContextOnlyWhenItChangesAndKeepThatOfSegmentationsApart() {
        assertThat(ring.descriptorsFor(fixtureFrame(), segment(0))).isEqualTo(2);
        send(segment(0), 5000);
        final int second = send(segment(0), 3000);
        assertThat(next - second).as("the length is no part of it").isEqualTo(1);
        final int sums = send(request(TCP_CHECKSUM | IP_CHECKSUM, 14, 34), 60);
        assertThat(next - sums).isEqualTo(2);
        final int third = send(segment(0), 3000);
        assertThat(next - third).isEqualTo(1);
        final int again = send(request(TCP_CHECKSUM | IP_CHECKSUM, 14, 34), 60);
        assertThat(next - again).isEqualTo(1);
        final int plain = send(new TxRequest(), 60);
        assertThat(next - plain).isEqualTo(1);
        final int udp = send(request(UDP_CHECKSUM | IP_CHECKSUM, 14, 34), 60);
        assertThat(next - udp).isEqualTo(2);
        final TxRequest tagged = segment(VLAN);
        tagged.vlan = 5;
        final int tag = send(tagged, 3000);
        assertThat(next - tag).isEqualTo(2);
    }

    @Test
    void shouldTellTheCardAgainWhenDrained() {
        send(segment(0), 3000);
        ring.drain();
        next = 0;

        send(segment(0), 3000);

        assertThat(next).isEqualTo(2);
    }

    private SegmentList fixtureFrame() {
        final SegmentList frame = fixture.frame(100);
        frame.buffer(0).release();
        return frame;
    }

    @ParameterizedTest
    @CsvSource({
        "14, 34, 54, 1460, 5000, true",
        "13, 34, 54, 1460, 5000, false",
        "127, 147, 167, 1460, 5000, true",
        "128, 148, 168, 1460, 5000, false",
        "14, 525, 545, 1460, 5000, false",
        "14, 474, 512, 1460, 5000, true",
        "14, 474, 513, 1460, 5000, false",
        "14, 526, 546, 1460, 5000, false",
        "14, 34, 45, 1460, 5000, false",
        "14, 34, 54, 0, 5000, false",
        "14, 34, 54, 9216, 50000, true",
        "14, 34, 54, 9217, 50000, false",
        "14, 34, 54, 1460, 54, false",
        "14, 34, 54, 1460, 262197, true",
        "14, 34, 54, 1460, 262198, false",
    })
    void shouldLeaveToSoftwareWhatTheFieldsCannotSay(final int l3, final int l4, final int header, final int mss,
        final int bytes, final boolean can) {
        final TxRequest request = segment(0);
        request.l3Offset = l3;
        request.l4Offset = l4;
        request.headerLength = header;
        request.mss = mss;

        assertThat(ring.supports(request, bytes)).isEqualTo(can);
    }

    @Test
    void shouldRefuseAFrameThatItDoesNotSupport() {
        final SegmentList frame = fixture.frame(600);
        assertThatThrownBy(() -> ring.post(frame, request(TCP_CHECKSUM, 14, 14 + 512), 0))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("do it in software");
        frame.release();
        assertThatThrownBy(() -> new AdvancedTxRing(fixture.ring, 0, SIZE, 65536, 0))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("65535");
    }

    // E1K-TX-07: the status is where the other formats have it; what else lies beside it is no error
    @Test
    void shouldGiveBuffersBackWhenTheCardReports() {
        send(segment(0), 54, 3000);
        assertThat(ring.reclaim(null)).isZero();
        assertThat(fixture.pool.outstanding()).isEqualTo(2);
        final int last = next - 1;
        fixture.memory.putLongRelease(last * 16L + 8, fixture.control(last) | 1L << 32 | 3L << 33);

        assertThat(ring.reclaim(null)).isOne();

        assertThat(fixture.pool.outstanding()).isZero();
        assertThat(ring.errors()).isZero();
    }
}
