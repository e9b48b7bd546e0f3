package dev.barewire.rings.intel;

import static dev.barewire.rings.intel.ExtendedRxDescriptor.ERROR_CE;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.ERROR_TCPE;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.STATUS_DD;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.STATUS_EOP;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.STATUS_IPCS;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.STATUS_TCPCS;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.STATUS_UDPCS;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.STATUS_VP;
import static dev.barewire.rings.intel.PacketSplitRxDescriptor.HEADER_SPLIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import dev.barewire.rings.RxBurst;
import dev.barewire.rings.RxRing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PacketSplitRxRingTest {
    private static final int SIZE = 8;
    private static final int HEADER = 256;
    private static final int BUFFER = 2048;
    private static final int PAYLOADS = 2;
    private static final int DONE = STATUS_DD | STATUS_EOP;

    private final RingFixture fixture = new RingFixture(BUFFER, 32);
    private final BufferPool headers = new BufferPool("headers", fixture.domain, MemoryKind.ANONYMOUS, HEADER, 16);
    private final RxBurst burst = new RxBurst(16);
    private final PacketSplitRxRing ring = new PacketSplitRxRing(fixture.ring, 0, SIZE, HEADER, BUFFER, PAYLOADS);

    /** Whatever a test did, no buffer is lost. */
    @AfterEach
    void shouldHaveEveryBufferHomeWhenDrained() {
        ring.drain();
        assertThat(ring.posted()).isZero();
        assertThat(fixture.pool.describeOutstanding()).isEmpty();
        assertThat(headers.describeOutstanding()).isEmpty();
        headers.close();
        fixture.close();
    }

    private void post() {
        ring.fill(fixture.pool, headers);
        ring.publish();
    }

    private long address(final int descriptor, final int buffer) {
        return fixture.memory.getLong(descriptor * 32L + buffer * 8L);
    }

    /** What a card does: everything, the addresses included, is written over, and the status last. */
    private void receive(final int descriptor, final int status, final int header, final int headerStatus,
        final int... lengths) {
        final long at = descriptor * 32L;
        final long second = ExtendedRxDescriptor.writeBack(status & ~STATUS_DD, header, 0x1234);
        fixture.memory.putLong(at, 0x5a5a5a5aL << 32 | 2);
        fixture.memory.putLong(at + 8, second);
        fixture.memory.putLong(at + 16, PacketSplitRxDescriptor.lengths(
            headerStatus, lengths[0], lengths.length > 1 ? lengths[1] : 0, lengths.length > 2 ? lengths[2] : 0));
        fixture.memory.putLong(at + 24, 0);
        fixture.memory.putLongRelease(at + 8, second | STATUS_DD);
    }

    private void release(final int entries) {
        for (int i = 0; i < entries; i++) {
            burst.buffer[i].release();
            if (burst.header[i] != null) {
                burst.header[i].release();
            }
        }
    }

    // E1K-RING-09, E1K-RING-13, E1K-SPLIT-03
    @Test
    void shouldPostAHeaderAndPayloadBuffersAndCountTailInUnitsOf16Bytes() {
        assertThat(ring.fill(fixture.pool, headers)).isEqualTo(SIZE - 1);
        assertThat(ring.publish()).isEqualTo(2 * (SIZE - 1));
        assertThat(ring.publish()).isEqualTo(RxRing.NOTHING);
        assertThat(ring.posted()).isEqualTo((SIZE - 1) * (PAYLOADS + 1));
        assertThat(ring.bytes()).isEqualTo(SIZE * 32);
        assertThat(headers.outstanding()).isEqualTo(SIZE - 1);

        for (int i = 0; i < SIZE - 1; i++) {
            assertThat(address(i, 0)).isEqualTo(headers.buffer(i).iova());
            assertThat(address(i, 1)).isEqualTo(fixture.pool.buffer(PAYLOADS * i).iova()).isEven();
            assertThat(address(i, 2)).isEqualTo(fixture.pool.buffer(PAYLOADS * i + 1).iova());
            assertThat(address(i, 3)).as("the buffer that is not used").isZero();
        }
        assertThat(headers.buffer(0).place()).isEqualTo(Buffer.Place.RECEIVE_RING);
    }

    @ParameterizedTest
    @CsvSource({"16, 5, 2", "3, 16, 3", "0, 16, 0", "16, 1, 0"})
    void shouldPostWholeDescriptorsOnlyWhenASourceRunsDry(final int ofHeaders, final int ofPayload, final int descriptors) {
        final int posted = ring.fill(new Limited(fixture.pool, ofPayload), new Limited(headers, ofHeaders));

        assertThat(posted).isEqualTo(descriptors);
        assertThat(headers.outstanding()).isEqualTo(descriptors);
        assertThat(fixture.pool.outstanding()).isEqualTo(descriptors * PAYLOADS);
    }

    @Test
    void shouldKeepNothingWhenABufferIsTooSmall() {
        final PacketSplitRxRing large = new PacketSplitRxRing(fixture.ring, 4096, SIZE, HEADER, BUFFER * 2, 1);

        assertThatThrownBy(() -> large.fill(fixture.pool, headers))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("4096");
        assertThat(large.posted()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 4})
    void shouldRefuseACountOfBuffersThatADescriptorCannotHave(final int count) {
        assertThatThrownBy(() -> new PacketSplitRxRing(fixture.ring, 0, SIZE, HEADER, BUFFER, count))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("not " + count);
    }

    // E1K-SPLIT-04
    @Test
    void shouldGiveHeaderAndPayloadApartWhenTheCardSplit() {
        post();
        final long header = address(0, 0);
        final long payload = address(0, 1);
        receive(0, DONE, 54, HEADER_SPLIT | 54, 1000);

        assertThat(ring.isReady()).isTrue();
        assertThat(ring.reap(burst, 16)).isEqualTo(1);

        assertThat(burst.flags[0]).isEqualTo(RxBurst.END_OF_FRAME | RxBurst.HEADER_SPLIT | RxBurst.HASHED);
        assertThat(burst.hash[0]).isEqualTo(0x5a5a5a5a);
        assertThat(burst.header[0].iova()).isEqualTo(header);
        assertThat(burst.headerLength[0]).isEqualTo(54);
        assertThat(burst.buffer[0].iova()).isEqualTo(payload);
        assertThat(burst.length[0]).isEqualTo(1000);
        assertThat(burst.header[0].place()).isEqualTo(Buffer.Place.APPLICATION);
        assertThat(fixture.pool.outstanding()).as("the second payload buffer is free again")
            .isEqualTo((SIZE - 2) * PAYLOADS + 1);
        release(1);
    }

    // E1K-SPLIT-05
    @Test
    void shouldGiveTheFirstBytesFromTheHeaderBufferWithoutAFlagWhenTheCardDidNotSplit() {
        post();
        receive(0, DONE, HEADER, 0, BUFFER, 7);

        assertThat(ring.reap(burst, 16)).isEqualTo(2);

        assertThat(burst.flags).startsWith(0, RxBurst.END_OF_FRAME | RxBurst.HASHED);
        assertThat(burst.headerLength[0]).isEqualTo(HEADER);
        assertThat(burst.length).startsWith(BUFFER, 7);
        assertThat(burst.header[0]).isNotNull();
        assertThat(burst.header[1]).isNull();
        release(2);
    }

    @Test
    void shouldGiveAnEmptyPayloadBufferWithAFrameThatIsAllHeader() {
        post();
        receive(0, DONE, 60, HEADER_SPLIT | 60, 0);

        assertThat(ring.reap(burst, 16)).isEqualTo(1);

        assertThat(burst.headerLength[0]).isEqualTo(60);
        assertThat(burst.length[0]).isZero();
        release(1);
    }

    // E1K-SPLIT-06, E1K-RX-06, E1K-RX-07
    @Test
    void shouldGoOnInTheNextDescriptorWhoseHeaderBufferStaysEmpty() {
        post();
        receive(0, STATUS_DD | STATUS_VP | STATUS_IPCS, 54, HEADER_SPLIT | 54, BUFFER, BUFFER);
        receive(1, DONE, 0, HEADER_SPLIT | 54, 9);

        assertThat(ring.reap(burst, 16)).isEqualTo(3);

        assertThat(burst.flags).startsWith(RxBurst.HEADER_SPLIT, 0, RxBurst.END_OF_FRAME | RxBurst.HASHED);
        assertThat(burst.length).startsWith(BUFFER, BUFFER, 9);
        assertThat(burst.header[0]).isNotNull();
        assertThat(burst.header[1]).isNull();
        assertThat(burst.header[2]).isNull();
        assertThat(headers.outstanding()).isEqualTo(SIZE - 1 - 1);
        release(3);
    }

    /** A caller with room for one frame gets one, however many buffers it lies in. */
    @Test
    void shouldReapNoMoreDescriptorsThanAskedAndNoMoreThanFitTheBurst() {
        post();
        for (int i = 0; i < 5; i++) {
            receive(i, DONE, 54, HEADER_SPLIT | 54, BUFFER, 1 + i);
        }

        assertThat(ring.reap(burst, 1)).isEqualTo(2);
        assertThat(burst.length).startsWith(BUFFER, 1);
        release(2);

        final RxBurst five = new RxBurst(5);
        assertThat(ring.reap(five, 16)).isEqualTo(4);
        for (int i = 0; i < 4; i++) {
            five.buffer[i].release();
            if (five.header[i] != null) {
                five.header[i].release();
            }
        }
        assertThat(ring.posted()).isEqualTo((SIZE - 1 - 3) * (PAYLOADS + 1));
    }

    // E1K-RING-11
    @Test
    void shouldWriteEveryAddressAgainOverLaps() {
        post();
        int tail = 2 * (SIZE - 1);
        for (int frame = 0; frame < 3 * SIZE; frame++) {
            final int at = frame % SIZE;
            assertThat(fixture.memory.getLong(at * 32L + 8) & STATUS_DD).isZero();
            assertThat(address(at, 1)).isEqualTo(fixture.bufferAt(address(at, 1)).iova());
            assertThat(address(at, 3)).isZero();
            receive(at, DONE, 42, HEADER_SPLIT | 42, 100 + frame);

            assertThat(ring.reap(burst, 16)).isEqualTo(1);
            assertThat(burst.length[0]).isEqualTo(100 + frame);
            release(1);
            assertThat(ring.fill(fixture.pool, headers)).isEqualTo(1);
            tail = (tail + 2) % (2 * SIZE);
            assertThat(ring.publish()).isEqualTo(tail);
        }
    }

    @ParameterizedTest
    @CsvSource({
        (HEADER + 1) + ", 0, 100",
        "65535, 0, 100",
        "54, " + (BUFFER + 1) + ", 0",
        "54, 100, " + (BUFFER + 1),
        // not full, although the frame goes on
        "54, 100, 0",
        "54, 100, 100",
        "54, " + BUFFER + ", 0",
    })
    void shouldMarkTheFrameWhenALengthCannotBe(final int header, final int first, final int second) {
        post();
        receive(0, STATUS_DD, header, HEADER_SPLIT | header & 0x3ff, first, second);
        receive(1, DONE, 0, 0, 10);

        final int entries = ring.reap(burst, 16);

        for (int i = 0; i < entries; i++) {
            assertThat(burst.length[i]).isBetween(0, BUFFER);
            assertThat(burst.header[i] == null || burst.headerLength[i] <= HEADER).isTrue();
        }
        assertThat(burst.flags[entries - 1]).isEqualTo(RxBurst.END_OF_FRAME | RxBurst.HASHED | RxBurst.BAD_DESCRIPTOR);
        assertThat(ring.badLengths()).isPositive();
        release(entries);
    }

    @Test
    void shouldTellWhenTheCardLeavesADescriptorOut() {
        post();
        receive(2, DONE, 54, HEADER_SPLIT | 54, 100);

        for (int i = 0; i < SIZE; i++) {
            assertThat(ring.reap(burst, 16)).isZero();
        }

        assertThat(ring.disorders()).isOne();
    }

    @Test
    void shouldNotBelieveASplitWhoseLengthsDiffer() {
        post();
        receive(0, DONE, 54, HEADER_SPLIT | 42, 100);

        ring.reap(burst, 16);

        assertThat(burst.flags[0] & RxBurst.HEADER_SPLIT).isZero();
        release(1);
    }

    // E1K-RXCSUM-02, E1K-RXCSUM-05, E1K-VLAN-02, E1K-RX-08
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        STATUS_IPCS + ", " + RxBurst.IP_CHECKED,
        (STATUS_TCPCS | STATUS_UDPCS) + ", " + RxBurst.L4_CHECKED,
        STATUS_UDPCS + ", " + RxBurst.L4_CHECKED,
        (STATUS_TCPCS | ERROR_TCPE) + ", " + (RxBurst.L4_CHECKED | RxBurst.L4_BAD),
        (STATUS_IPCS | ExtendedRxDescriptor.ERROR_IPE) + ", " + (RxBurst.IP_CHECKED | RxBurst.IP_BAD),
        (STATUS_IPCS | ExtendedRxDescriptor.STATUS_IXSM) + ", 0",
        STATUS_VP + ", " + RxBurst.VLAN_STRIPPED,
        ERROR_CE + ", " + RxBurst.FRAME_ERROR,
        ExtendedRxDescriptor.ERROR_RXE + ", " + RxBurst.FRAME_ERROR,
    })
    void shouldTranslateStatusAndErrors(final int status, final int flags) {
        post();
        receive(0, DONE | status, 54, 0, 100);

        ring.reap(burst, 16);

        assertThat(burst.flags[0]).isEqualTo(RxBurst.END_OF_FRAME | RxBurst.HASHED | flags);
        assertThat(burst.vlan[0]).isEqualTo(0x1234);
        release(1);
    }
}
