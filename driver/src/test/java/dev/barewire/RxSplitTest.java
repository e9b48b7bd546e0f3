package dev.barewire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.NicCounters.Name;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.SegmentList;
import dev.barewire.profiles.Offload;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of frames whose headers the card put apart, rightly or not; header and payload end up the same. */
final class RxSplitTest {
    private static final int HDRSP = 1 << 15;
    private static final int DONE = 3;
    private static final int IP_AND_L4_GOOD = DONE | 1 << 6 | 1 << 5;
    private static final NicConfig CONFIG = NicTest.SMALL
        .headerPool(domain -> new BufferPool("headers", domain, MemoryKind.ANONYMOUS, 128, 32));

    private final Packet[] burst = new Packet[16];
    private Nic nic;
    private FakeDevice card;

    @BeforeEach
    void open() {
        open(CONFIG);
    }

    private void open(final NicConfig config) {
        if (nic != null) {
            nic.close();
        }
        FakeDevice.nextDeviceId = FakeDevice.I82574L;
        nic = Nic.open("fake:1", config);
        card = FakeDevice.last;
    }

    @AfterEach
    void everyBufferIsHomeAtTheEnd() {
        nic.close();
    }

    private Packet receive(final byte[] frame, final int cut, final int headerStatus) {
        assertThat(card.splitDescriptor(frame, cut, headerStatus, IP_AND_L4_GOOD)).isTrue();
        assertThat(nic.rx(0).poll(burst)).isOne();
        return burst[0];
    }

    @Test
    void shouldTakeTheCardsCutAndItsVerdictsWhenItCutWhereTheHeaderEnds() {
        final Packet packet = receive(Frames.udp(100), Frames.UDP_HEADERS, HDRSP | Frames.UDP_HEADERS);

        assertThat(nic.offloads().state(Offload.HEADER_SPLIT)).isEqualTo(OffloadPlan.State.HARDWARE);
        assertThat(packet.split()).isEqualTo(SplitKind.CARD_BY_HEADER);
        assertThat(packet.headerLength()).isEqualTo(Frames.UDP_HEADERS);
        assertThat(packet.segments().buffer(0).pool().name()).isEqualTo("headers");
        assertThat(packet.segments().buffer(1).pool().name()).isEqualTo("receive");
        assertThat(packet.payload(0).getByte(99)).isEqualTo((byte) 99);
        assertThat(packet.ipChecksum()).isEqualTo(Verdict.GOOD);
        assertThat(packet.l4Checksum()).isEqualTo(Verdict.GOOD);
        assertThat(nic.copies().bytes()).isZero();
        assertThat(nic.counters().get(Name.RX_SPLIT_HEADER)).isOne();
        packet.release();
        assertThat(nic.buffersOutstanding()).isZero();
    }

    /** Header and payload are the same whatever the card did with them; only how they came about differs. */
    @ParameterizedTest
    @CsvSource({
        // no split, all in the header's buffer
        "60, 60, 0, VIEW, 0",
        // no split, the header's buffer full
        "1000, 128, 0, VIEW, 0",
        // cut where the header ends, without saying so
        "1000, 42, 0, CARD_BY_LENGTH, 0",
        // cut too late
        "1000, 50, 32818, VIEW, 0",
        // cut too early
        "1000, 34, 32802, HEADER_COPY, 42",
        // a length that is not the header's
        "1000, 42, 32808, CARD_BY_LENGTH, 0",
        // nothing in the header's buffer
        "1000, 0, 0, HEADER_COPY, 42",
    })
    void shouldGiveTheSameHeaderAndPayloadWhateverTheCardDid(final int length, final int cut, final int headerStatus,
        final SplitKind kind, final int copied) {
        final Packet packet = receive(Frames.udp(length - Frames.UDP_HEADERS), cut, headerStatus);

        assertThat(packet.split()).isEqualTo(kind);
        assertThat(packet.headerLength()).isEqualTo(Frames.UDP_HEADERS);
        assertThat(packet.header().length()).isEqualTo(Frames.UDP_HEADERS);
        assertThat(packet.length()).isEqualTo(length);
        int at = 0;
        for (int i = 0; i < packet.payloadSegments(); i++) {
            for (int b = 0; b < packet.payload(i).length(); b++, at++) {
                assertThat(packet.payload(i).getByte(b)).as("payload byte %d", at).isEqualTo((byte) at);
            }
        }
        assertThat(at).isEqualTo(length - Frames.UDP_HEADERS);
        assertThat(nic.copies().bytes()).isEqualTo(copied);

        final SegmentList kept = new SegmentList(4);
        packet.detachPayload(kept);
        assertThat(kept.bytes()).isEqualTo(length - Frames.UDP_HEADERS);
        packet.release();
        kept.release();
        assertThat(nic.buffersOutstanding()).isZero();
    }

    @Test
    void shouldTellThatAFrameIsNotSplitWhenItHasNoHeaderThatIsKnown() {
        final byte[] frame = new byte[200];
        frame[12] = (byte) 0x88;
        final Packet packet = receive(frame, 128, 0);

        assertThat(packet.split()).isEqualTo(SplitKind.NOT_SPLIT);
        assertThat(packet.headerLength()).isZero();
        assertThat(packet.payloadSegments()).isEqualTo(2);
        assertThat(packet.ipChecksum()).isEqualTo(Verdict.NONE);
        packet.release();
    }

    /** E1K-RXCSUM-05: the card says nothing, so the CPU looks. */
    @Test
    void shouldVerifyInSoftwareWhatTheCardSaysNothingOf() {
        final byte[] frame = Frames.udp(100);
        frame[60] ^= 1;
        card.splitDescriptor(frame, Frames.UDP_HEADERS, HDRSP | Frames.UDP_HEADERS, DONE);
        assertThat(nic.rx(0).poll(burst)).isOne();

        assertThat(burst[0].ipChecksum()).isEqualTo(Verdict.GOOD);
        assertThat(burst[0].l4Checksum()).isEqualTo(Verdict.BAD);
        burst[0].release();
    }

    /** What a card makes of a sum that was left out is its own affair: the application hears the same from all. */
    @Test
    void shouldTellThatADatagramHasNoChecksumWhateverTheCardMakesOfIt() {
        final byte[] frame = Frames.udp(100);
        frame[40] = 0;
        frame[41] = 0;
        final Packet packet = receive(frame, Frames.UDP_HEADERS, HDRSP | Frames.UDP_HEADERS);

        assertThat(packet.ipChecksum()).isEqualTo(Verdict.GOOD);
        assertThat(packet.l4Checksum()).isEqualTo(Verdict.NONE);
        packet.release();
    }

    @Test
    void shouldDropAndLoseNoBufferWhenADescriptorMakesNoSense() {
        card.splitDescriptor(new byte[300], 200, HDRSP | 200, DONE);
        card.splitDescriptor(Frames.udp(100), Frames.UDP_HEADERS, HDRSP | Frames.UDP_HEADERS, DONE | 1 << 24);
        card.splitDescriptor(new byte[10], 10, 0, DONE);

        assertThat(nic.rx(0).poll(burst)).isZero();

        assertThat(nic.counters().get(Name.RX_DROP_DESCRIPTOR)).isOne();
        assertThat(nic.counters().get(Name.RX_DROP_ERROR)).isOne();
        assertThat(nic.counters().get(Name.RX_DROP_SHORT)).isOne();
        assertThat(nic.buffersOutstanding()).isZero();
    }

    @Test
    void shouldMakeAPoolForHeadersWhenTheApplicationGivesNone() {
        open(NicTest.SMALL);
        final Packet packet = receive(Frames.udp(100), Frames.UDP_HEADERS, HDRSP | Frames.UDP_HEADERS);

        assertThat(packet.split()).isEqualTo(SplitKind.CARD_BY_HEADER);
        assertThat(packet.segments().buffer(0).pool().bufferSize()).isEqualTo(256);
        packet.release();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "2048 | 64  | 1500 | header buffers below 128 bytes",
        "512  | 128 | 1500 | receive buffers below 1024 bytes",
        "4096 | 128 | 9000 | 3 receive buffers of 4096 bytes are less",
    })
    void shouldLeaveTheSplitToSoftwareAndSayWhyWhenTheBuffersDoNotFit(
        final int payload, final int header, final int mtu, final String reason) {
        FakeDevice.nextSubsystemVendor = 0x8086;
        open(NicTest.SMALL.mtu(mtu).rxBuffers(MemoryKind.ANONYMOUS, payload, 64)
            .headerPool(domain -> new BufferPool("headers", domain, MemoryKind.ANONYMOUS, header, 32)));

        assertThat(nic.offloads().state(Offload.HEADER_SPLIT)).isEqualTo(OffloadPlan.State.SOFTWARE);
        assertThat(nic.offloads().reason(Offload.HEADER_SPLIT)).contains(reason);
    }

    @Test
    void shouldSplitLongFramesOverDescriptorsWhenTheCardIsNotQemus() {
        open(NicTest.SMALL.mtu(9000).headerPool(domain -> new BufferPool("headers", domain, MemoryKind.ANONYMOUS, 128, 32)));

        assertThat(nic.offloads().state(Offload.HEADER_SPLIT)).isEqualTo(OffloadPlan.State.HARDWARE);
    }

    @Test
    void shouldTellTheHashOfTheFlowWhereTheCardDoes() {
        assertThat(nic.offloads().state(Offload.RSS_HASH)).isEqualTo(OffloadPlan.State.HARDWARE);
        card.nextHash = 0xcafe_babe_0000_0002L;
        final Packet hashed = receive(Frames.udp(100), Frames.UDP_HEADERS, HDRSP | Frames.UDP_HEADERS);
        assertThat(hashed.hasHash()).isTrue();
        assertThat(hashed.hash()).isEqualTo(0xcafe_babe);
        hashed.release();

        final Packet other = receive(Frames.udp(100), Frames.UDP_HEADERS, HDRSP | Frames.UDP_HEADERS);
        assertThat(other.hasHash()).isFalse();
        assertThat(other.hash()).isZero();
        other.release();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 39, 41, 52})
    void shouldRefuseAnRssKeyOfAnotherLength(final int bytes) {
        FakeDevice.nextDeviceId = FakeDevice.I82574L;

        assertThatThrownBy(() -> Nic.open("fake:1", CONFIG.rssKey(new byte[bytes]))).isInstanceOf(SetupException.class)
            .hasMessageContaining("has 40 bytes, not " + bytes);
    }

    @Test
    void shouldRefuseAFixedLengthInHardware() {
        final NicConfig fixed = NicTest.SMALL.headerSplit(HeaderSplit.fixed(60)).offload(Offload.HEADER_SPLIT, Force.HARDWARE);
        FakeDevice.nextDeviceId = FakeDevice.I82574L;

        assertThatThrownBy(() -> Nic.open("fake:1", fixed)).isInstanceOf(SetupException.class)
            .hasMessageContaining("splits after the headers");
    }
}
