package dev.barewire.rings.intel;

import static dev.barewire.rings.intel.AdvancedRxDescriptor.ERROR_HBO;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.ERROR_RXE;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.ERROR_TCPE;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.STATUS_DD;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.STATUS_EOP;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.STATUS_IPCS;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.STATUS_TCPCS;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.STATUS_VP;
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

class AdvancedRxRingTest {
    private static final int SIZE = 8;
    private static final int HEADER = 128;
    private static final int BUFFER = 2048;
    private static final int DONE = STATUS_DD | STATUS_EOP;
    private static final int WHOLE = RxBurst.END_OF_FRAME | RxBurst.HASHED;

    private final RingFixture fixture = new RingFixture(BUFFER, 32);
    private final BufferPool headers = new BufferPool("headers", fixture.domain, MemoryKind.ANONYMOUS, HEADER, 16);
    private final RxBurst burst = new RxBurst(16);
    private AdvancedRxRing ring = ring(false);

    private AdvancedRxRing ring(final boolean always) {
        return new AdvancedRxRing(fixture.ring, 0, SIZE, HEADER, BUFFER, always);
    }

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

    /** What a card does: everything, the addresses included, is written over, and the status last. */
    private void receive(final int descriptor, final int status, final boolean found, final int header, final int packet) {
        final long at = descriptor * 16L;
        final long second = ExtendedRxDescriptor.writeBack(status & ~STATUS_DD, packet, 0x1234);
        fixture.memory.putLong(at, AdvancedRxDescriptor.header(found, header, 2, 0x5a5a5a5a));
        fixture.memory.putLong(at + 8, second);
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

    // E1K-RING-09, E1K-SPLIT-14
    @Test
    void shouldPostAPacketBufferAndAHeaderBufferWithEachDescriptor() {
        assertThat(ring.fill(fixture.pool, headers)).isEqualTo(SIZE - 1);
        assertThat(ring.publish()).isEqualTo(SIZE - 1);
        assertThat(ring.publish()).isEqualTo(RxRing.NOTHING);
        assertThat(ring.posted()).isEqualTo((SIZE - 1) * 2);
        assertThat(ring.bytes()).isEqualTo(SIZE * 16);

        for (int i = 0; i < SIZE - 1; i++) {
            assertThat(fixture.address(i)).isEqualTo(fixture.pool.buffer(i).iova());
            assertThat(fixture.control(i)).isEqualTo(headers.buffer(i).iova()).isEven();
        }
        assertThat(headers.buffer(0).place()).isEqualTo(Buffer.Place.RECEIVE_RING);
    }

    @ParameterizedTest
    @CsvSource({"16, 5, 5", "3, 16, 3", "0, 16, 0", "16, 0, 0"})
    void shouldPostWholeDescriptorsOnlyWhenASourceRunsDry(final int ofHeaders, final int ofPackets, final int descriptors) {
        assertThat(ring.fill(new Limited(fixture.pool, ofPackets), new Limited(headers, ofHeaders))).isEqualTo(descriptors);

        assertThat(headers.outstanding()).isEqualTo(descriptors);
        assertThat(fixture.pool.outstanding()).isEqualTo(descriptors);
    }

    @Test
    void shouldKeepNothingWhenABufferIsTooSmall() {
        final AdvancedRxRing large = new AdvancedRxRing(fixture.ring, 4096, SIZE, HEADER, BUFFER * 2, false);

        assertThatThrownBy(() -> large.fill(fixture.pool, headers))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("4096");
        assertThat(large.posted()).isZero();
    }

    @Test
    void shouldRefuseHeaderBuffersWithoutBytes() {
        assertThatThrownBy(() -> new AdvancedRxRing(fixture.ring, 0, SIZE, 0, BUFFER, false))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("not 0");
    }

    // E1K-SPLIT-09, E1K-SPLIT-13
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGiveHeaderAndPayloadApartWhenTheCardFoundTheHeader(final boolean always) {
        ring = ring(always);
        post();
        receive(0, DONE | STATUS_IPCS | STATUS_TCPCS | ERROR_TCPE, true, 54, 1000);

        assertThat(ring.isReady()).isTrue();
        assertThat(ring.reap(burst, 16)).isEqualTo(1);

        assertThat(burst.flags[0]).isEqualTo(
            WHOLE | RxBurst.HEADER_SPLIT | RxBurst.IP_CHECKED | RxBurst.L4_CHECKED | RxBurst.L4_BAD);
        assertThat(burst.hash[0]).isEqualTo(0x5a5a5a5a);
        assertThat(burst.header[0]).isSameAs(headers.buffer(0));
        assertThat(burst.headerLength[0]).isEqualTo(54);
        assertThat(burst.buffer[0]).isSameAs(fixture.pool.buffer(0));
        assertThat(burst.length[0]).isEqualTo(1000);
        assertThat(burst.header[0].place()).isEqualTo(Buffer.Place.APPLICATION);
        release(1);
    }

    // E1K-SPLIT-09: a frame of another kind, with whatever stands in HDR_LEN; and a header too large, which lies in the packet
    @ParameterizedTest
    @CsvSource({"false, 0, 0", "false, 128, 0", "true, 129, " + ERROR_HBO, "true, 94, " + ERROR_HBO, "true, 300, 0"})
    void shouldLeaveTheHeaderBufferAloneWhenNothingIsInIt(final boolean found, final int header, final int error) {
        post();
        receive(0, DONE | error, found, header, 600);

        assertThat(ring.reap(burst, 16)).isEqualTo(1);

        assertThat(burst.flags[0]).isEqualTo(WHOLE);
        assertThat(burst.header[0]).isNull();
        assertThat(burst.headerLength[0]).isZero();
        assertThat(burst.length[0]).isEqualTo(600);
        assertThat(headers.outstanding()).as("the header buffer is free again").isEqualTo(SIZE - 2);
        release(1);
    }

    // E1K-SPLIT-10
    @Test
    void shouldGiveAShortFrameWhollyFromTheHeaderBufferThatIsUsedAlways() {
        ring = ring(true);
        post();
        receive(0, DONE, false, 60, 0);

        assertThat(ring.reap(burst, 16)).isEqualTo(1);

        assertThat(burst.flags[0]).isEqualTo(WHOLE);
        assertThat(burst.headerLength[0]).isEqualTo(60);
        assertThat(burst.length[0]).isZero();
        release(1);
    }

    // E1K-SPLIT-11: HDR_LEN of a header too large is its own length, not what lies in the buffer
    @ParameterizedTest
    @CsvSource({"true, 300, " + ERROR_HBO, "true, 129, 0", "false, 128, 0"})
    void shouldGiveTheFirstBytesFromTheHeaderBufferThatIsUsedAlways(final boolean found, final int header, final int error) {
        ring = ring(true);
        post();
        receive(0, DONE | error, found, header, 600);

        assertThat(ring.reap(burst, 16)).isEqualTo(1);

        assertThat(burst.flags[0]).as("no end of a header was found").isEqualTo(WHOLE);
        assertThat(burst.headerLength[0]).isEqualTo(HEADER);
        assertThat(burst.length[0]).isEqualTo(600);
        release(1);
    }

    // E1K-SPLIT-12, E1K-RX-06, E1K-RX-07
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTakeTheHeaderFromAFramesFirstDescriptorOnly(final boolean always) {
        ring = ring(always);
        post();
        receive(0, STATUS_DD | STATUS_VP | STATUS_IPCS, true, 54, BUFFER);
        receive(1, STATUS_DD, true, 54, BUFFER);
        receive(2, DONE, true, 54, 9);
        receive(3, DONE, true, 42, 10);

        assertThat(ring.reap(burst, 1)).isEqualTo(1);
        assertThat(burst.flags[0]).isEqualTo(RxBurst.HEADER_SPLIT);
        release(1);
        assertThat(ring.reap(burst, 16)).as("in another burst").isEqualTo(3);

        assertThat(burst.flags).startsWith(0, WHOLE, WHOLE | RxBurst.HEADER_SPLIT);
        assertThat(burst.headerLength).startsWith(0, 0, 42);
        assertThat(burst.length).startsWith(BUFFER, 9, 10);
        assertThat(burst.header[0]).isNull();
        assertThat(burst.header[1]).isNull();
        release(3);
    }

    // E1K-RING-11
    @Test
    void shouldWriteBothAddressesAgainOverLaps() {
        post();
        int tail = SIZE - 1;
        for (int frame = 0; frame < 3 * SIZE; frame++) {
            final int at = frame % SIZE;
            assertThat(fixture.control(at) & STATUS_DD).isZero();
            assertThat(fixture.address(at)).isEqualTo(fixture.bufferAt(fixture.address(at)).iova());
            receive(at, DONE, true, 42, 100 + frame);

            assertThat(ring.reap(burst, 16)).isEqualTo(1);
            assertThat(burst.length[0]).isEqualTo(100 + frame);
            release(1);
            assertThat(ring.fill(fixture.pool, headers)).isEqualTo(1);
            tail = (tail + 1) % SIZE;
            assertThat(ring.publish()).isEqualTo(tail);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "false, false, 0, " + (BUFFER + 1) + ", true",
        "false, true, 54, 65535, true",
        // longer than the header buffer, where the card says that it put all of it
        "true, false, " + (HEADER + 1) + ", 0, true",
        "true, false, 1023, 100, true",
        // not full, although the frame goes on
        "false, true, 54, " + (BUFFER - 1) + ", false",
        "true, false, 60, 0, false",
    })
    void shouldMarkTheFrameWhenALengthCannotBe(final boolean always, final boolean found, final int header, final int packet,
        final boolean ends) {
        ring = ring(always);
        post();
        receive(0, ends ? DONE : STATUS_DD, found, header, packet);
        receive(1, DONE, false, 0, 10);
        receive(2, DONE, true, 42, 10);

        assertThat(ring.reap(burst, 16)).isEqualTo(3);

        for (int i = 0; i < 3; i++) {
            assertThat(burst.length[i]).isBetween(0, BUFFER);
            assertThat(burst.headerLength[i]).isBetween(0, HEADER);
        }
        assertThat(burst.flags[0] & RxBurst.BAD_DESCRIPTOR).isNotZero();
        assertThat(burst.flags[1] & RxBurst.BAD_DESCRIPTOR).isEqualTo(ends ? 0 : RxBurst.BAD_DESCRIPTOR);
        assertThat(burst.flags[2]).as("the next frame").isEqualTo(WHOLE | RxBurst.HEADER_SPLIT);
        assertThat(ring.badLengths()).isOne();
        release(3);
    }

    // E1K-RX-08
    @Test
    void shouldTellThatAFrameIsBadWhenTheCardSaysSo() {
        post();
        receive(0, DONE | ERROR_RXE, false, 0, 64);

        ring.reap(burst, 16);

        assertThat(burst.flags[0] & RxBurst.FRAME_ERROR).isNotZero();
        release(1);
    }

    @Test
    void shouldReapOnlyWhatIsPublishedAndTellOfWhatIsDoneTooEarly() {
        ring.fill(fixture.pool, headers);
        receive(0, DONE, true, 54, 100);
        assertThat(ring.reap(burst, 16)).as("not published").isZero();
        fixture.memory.putLong(8, headers.buffer(0).iova());
        ring.publish();
        receive(3, DONE, true, 54, 100);

        for (int i = 0; i < 4; i++) {
            assertThat(ring.reap(burst, 16)).isZero();
        }

        assertThat(ring.disorders()).isOne();
    }

    /** Whether a frame goes on is forgotten with the frame. */
    @Test
    void shouldStartAgainWithAFramesFirstDescriptorWhenDrained() {
        post();
        receive(0, STATUS_DD, true, 54, BUFFER);
        ring.reap(burst, 16);
        release(1);
        ring.drain();
        post();
        receive(0, DONE, true, 54, 10);

        assertThat(ring.reap(burst, 16)).isOne();

        assertThat(burst.headerLength[0]).isEqualTo(54);
        release(1);
    }
}
