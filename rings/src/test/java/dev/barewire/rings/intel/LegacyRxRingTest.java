package dev.barewire.rings.intel;

import static dev.barewire.rings.intel.LegacyRxDescriptor.ERROR_CE;
import static dev.barewire.rings.intel.LegacyRxDescriptor.ERROR_CXE;
import static dev.barewire.rings.intel.LegacyRxDescriptor.ERROR_IPE;
import static dev.barewire.rings.intel.LegacyRxDescriptor.ERROR_RXE;
import static dev.barewire.rings.intel.LegacyRxDescriptor.ERROR_SE;
import static dev.barewire.rings.intel.LegacyRxDescriptor.ERROR_SEQ;
import static dev.barewire.rings.intel.LegacyRxDescriptor.ERROR_TCPE;
import static dev.barewire.rings.intel.LegacyRxDescriptor.STATUS_DD;
import static dev.barewire.rings.intel.LegacyRxDescriptor.STATUS_EOP;
import static dev.barewire.rings.intel.LegacyRxDescriptor.STATUS_IPCS;
import static dev.barewire.rings.intel.LegacyRxDescriptor.STATUS_IXSM;
import static dev.barewire.rings.intel.LegacyRxDescriptor.STATUS_TCPCS;
import static dev.barewire.rings.intel.LegacyRxDescriptor.STATUS_VP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.dma.Buffer;
import dev.barewire.rings.RxBurst;
import dev.barewire.rings.RxRing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LegacyRxRingTest {
    private static final int SIZE = 8;
    private static final int BUFFER = 2048;
    private static final int DONE = STATUS_DD | STATUS_EOP;

    private final RingFixture fixture = new RingFixture(BUFFER, 16);
    private final RxBurst burst = new RxBurst(16);
    private LegacyRxRing ring = new LegacyRxRing(fixture.ring, 0, SIZE, BUFFER);

    /** Whatever a test did, no buffer is lost. */
    @AfterEach
    void shouldHaveEveryBufferHomeWhenDrained() {
        ring.drain();
        assertThat(fixture.pool.describeOutstanding()).isEmpty();
        fixture.close();
    }

    // E1K-RING-05
    @Test
    void shouldZeroTheDescriptorsWhenMadeOverOldMemory() {
        fixture.memory.putLong(5 * 16 + 8, -1);
        fixture.memory.putLong(SIZE * 16, 77);

        ring = new LegacyRxRing(fixture.ring, 0, SIZE, BUFFER);

        assertThat(fixture.control(5)).isZero();
        assertThat(fixture.memory.getLong(SIZE * 16)).isEqualTo(77);
    }

    // E1K-RING-02, E1K-RING-03
    @ParameterizedTest
    @ValueSource(ints = {-8, 0, 4, 12, 4097, 4104})
    void shouldRefuseASizeThatTheCardCannotHave(final int size) {
        assertThatThrownBy(() -> new LegacyRxRing(fixture.ring, 0, size, BUFFER))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("not " + size);
    }

    // E1K-RING-03
    @Test
    void shouldTakeTheLargestSize() {
        assertThat(new LegacyRxRing(fixture.ring, 0, 4096, BUFFER).bytes()).isEqualTo(65536);
    }

    // E1K-RING-01
    @Test
    void shouldRefuseABaseThatIsNotAligned() {
        assertThatThrownBy(() -> new LegacyRxRing(fixture.ring, 8, SIZE, BUFFER))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("multiple of 16");
        assertThat(new LegacyRxRing(fixture.ring, 4096 + 16, SIZE, BUFFER).iova())
            .isEqualTo(fixture.ring.iova(4096 + 16, SIZE * 16));
    }

    @Test
    void shouldRefuseARangeBeyondTheRegion() {
        assertThatThrownBy(() -> new LegacyRxRing(fixture.ring, RingFixture.RING_BYTES - 64, SIZE, BUFFER))
            .isInstanceOf(IndexOutOfBoundsException.class);
    }

    // E1K-RING-08, E1K-RING-09, E1K-RING-14
    @Test
    void shouldLeaveOneDescriptorFreeWhenFilled() {
        assertThat(ring.fill(fixture.pool)).isEqualTo(SIZE - 1);
        assertThat(ring.fill(fixture.pool)).isZero();

        assertThat(ring.posted()).isEqualTo(SIZE - 1);
        assertThat(ring.publish()).isEqualTo(SIZE - 1);
        assertThat(ring.publish()).isEqualTo(RxRing.NOTHING);
        assertThat(fixture.address(SIZE - 1)).isZero();
    }

    // E1K-RX-12: no descriptor without an address is handed over
    @Test
    void shouldGiveTheCardTheAddressOfEachBuffer() {
        ring.fill(fixture.pool);
        ring.publish();

        for (int i = 0; i < SIZE - 1; i++) {
            final Buffer buffer = fixture.bufferAt(fixture.address(i));
            assertThat(fixture.address(i)).isEqualTo(buffer.iova());
            assertThat(buffer.place()).isEqualTo(Buffer.Place.RECEIVE_RING);
            assertThat(buffer.holders()).isEqualTo(1);
        }
    }

    @Test
    void shouldPostWhatThereIsWhenThePoolRunsDry() {
        assertThat(ring.fill(new Limited(fixture.pool, 3))).isEqualTo(3);
        assertThat(ring.publish()).isEqualTo(3);
        assertThat(ring.fill(new Limited(fixture.pool, 0))).isZero();
        assertThat(ring.publish()).isEqualTo(RxRing.NOTHING);

        assertThat(ring.fill(fixture.pool)).isEqualTo(4);
        assertThat(ring.publish()).isEqualTo(7);
    }

    // E1K-RX-01
    @Test
    void shouldRefuseASourceOfBuffersThatTheCardWouldOverrun() {
        final LegacyRxRing large = new LegacyRxRing(fixture.ring, 4096, SIZE, BUFFER * 2);

        assertThatThrownBy(() -> large.fill(fixture.pool))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("4096");
        assertThat(large.posted()).isZero();
    }

    @Test
    void shouldReapInOrderAndHandTheHoldOver() {
        ring.fill(fixture.pool);
        ring.publish();
        fixture.receive(0, 60, DONE, 0, 0);
        fixture.receive(1, 1514, DONE, 0, 0);
        final long first = fixture.address(0);
        final long second = fixture.address(1);

        assertThat(ring.isReady()).isTrue();
        assertThat(ring.reap(burst, 16)).isEqualTo(2);

        assertThat(burst.buffer[0].iova()).isEqualTo(first);
        assertThat(burst.buffer[1].iova()).isEqualTo(second);
        assertThat(burst.length).startsWith(60, 1514);
        assertThat(burst.flags).startsWith(
            RxBurst.END_OF_FRAME, RxBurst.END_OF_FRAME);
        assertThat(burst.buffer[0].place()).isEqualTo(Buffer.Place.APPLICATION);
        assertThat(ring.posted()).isEqualTo(SIZE - 3);
        assertThat(ring.isReady()).isFalse();
        assertThat(ring.reap(burst, 16)).isZero();
        release(2);
    }

    @Test
    void shouldReapNoMoreThanAskedOrThanTheBurstHolds() {
        ring.fill(fixture.pool);
        ring.publish();
        for (int i = 0; i < 6; i++) {
            fixture.receive(i, 60, DONE, 0, 0);
        }

        assertThat(ring.reap(burst, 2)).isEqualTo(2);
        release(2);
        final RxBurst small = new RxBurst(3);
        assertThat(ring.reap(small, 16)).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            small.buffer[i].release();
        }
        assertThat(ring.reap(burst, 16)).isEqualTo(1);
        release(1);
    }

    // E1K-RING-07: done words are looked at in order
    @Test
    void shouldStopAtTheFirstDescriptorThatIsNotDone() {
        ring.fill(fixture.pool);
        ring.publish();
        fixture.receive(1, 60, DONE, 0, 0);

        assertThat(ring.reap(burst, 16)).isZero();
    }

    // E1K-RING-10, E1K-RING-12
    @Test
    void shouldStayInsideTheRingAndClearStatusOverLaps() {
        ring.fill(fixture.pool);
        int tail = ring.publish();
        for (int frame = 0; frame < 5 * SIZE; frame++) {
            final int at = frame % SIZE;
            assertThat(fixture.control(at)).as("old status bits of descriptor %d", at).isZero();
            fixture.bufferAt(fixture.address(at)).memory()
                .putLong(fixture.bufferAt(fixture.address(at)).base(), 1000L + frame);
            fixture.receive(at, 60 + frame, DONE, 0, 0);

            assertThat(ring.reap(burst, 16)).isEqualTo(1);
            assertThat(burst.length[0]).isEqualTo(60 + frame);
            assertThat(burst.buffer[0].memory().getLong(burst.buffer[0].base())).isEqualTo(1000L + frame);
            release(1);

            assertThat(ring.fill(fixture.pool)).isEqualTo(1);
            tail = (tail + 1) % SIZE;
            assertThat(ring.publish()).isEqualTo(tail);
        }
    }

    // E1K-RX-06, E1K-RX-07
    @Test
    void shouldGiveFlagsOnlyWithTheLastDescriptorOfAFrame() {
        ring.fill(fixture.pool);
        ring.publish();
        fixture.receive(0, BUFFER, STATUS_DD | STATUS_IPCS | STATUS_VP, ERROR_CE | ERROR_IPE, 5);
        fixture.receive(1, 10, DONE | STATUS_IPCS | STATUS_VP, 0, 6);

        assertThat(ring.reap(burst, 16)).isEqualTo(2);

        assertThat(burst.flags).startsWith(
            0, RxBurst.END_OF_FRAME | RxBurst.IP_CHECKED | RxBurst.VLAN_STRIPPED);
        assertThat(burst.length).startsWith(BUFFER, 10);
        assertThat(burst.vlan[1]).isEqualTo(6);
        release(2);
    }

    // E1K-RX-08
    @ParameterizedTest
    @ValueSource(ints = {ERROR_CE, ERROR_SE, ERROR_SEQ, ERROR_CXE, ERROR_RXE})
    void shouldMarkTheFrameWhenTheCardFoundItBad(final int error) {
        assertThat(flagsOf(DONE, error)).isEqualTo(RxBurst.END_OF_FRAME | RxBurst.FRAME_ERROR);
    }

    // E1K-RXCSUM-01, E1K-RXCSUM-02, E1K-RXCSUM-05
    @ParameterizedTest
    @CsvSource({
        // neither sum was calculated: unknown, not bad
        "0, 0, 0",
        "0, " + (ERROR_IPE | ERROR_TCPE) + ", 0",
        STATUS_IPCS + ", 0, " + RxBurst.IP_CHECKED,
        STATUS_TCPCS + ", 0, " + RxBurst.L4_CHECKED,
        (STATUS_IPCS | STATUS_TCPCS) + ", " + ERROR_IPE + ", "
            + (RxBurst.IP_CHECKED | RxBurst.IP_BAD | RxBurst.L4_CHECKED),
        (STATUS_IPCS | STATUS_TCPCS) + ", " + ERROR_TCPE + ", "
            + (RxBurst.IP_CHECKED | RxBurst.L4_CHECKED | RxBurst.L4_BAD),
        // IXSM: nothing is said, whatever else is set
        (STATUS_IXSM | STATUS_IPCS | STATUS_TCPCS) + ", " + (ERROR_IPE | ERROR_TCPE) + ", 0",
    })
    void shouldTranslateChecksumIndications(final int status, final int errors, final int flags) {
        assertThat(flagsOf(DONE | status, errors)).isEqualTo(RxBurst.END_OF_FRAME | flags);
    }

    // E1K-VLAN-02
    @Test
    void shouldGiveTheTagThatTheCardStripped() {
        ring.fill(fixture.pool);
        ring.publish();
        fixture.receive(0, 60, DONE | STATUS_VP, 0, 0xE123);

        ring.reap(burst, 16);

        assertThat(burst.flags[0]).isEqualTo(RxBurst.END_OF_FRAME | RxBurst.VLAN_STRIPPED);
        assertThat(burst.vlan[0]).isEqualTo(0xE123);
        release(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {BUFFER + 1, 0xFFFF})
    void shouldBoundALengthBeyondTheBuffer(final int length) {
        ring.fill(fixture.pool);
        ring.publish();
        fixture.receive(0, length, DONE, 0, 0);
        fixture.receive(1, 60, DONE, 0, 0);

        assertThat(ring.reap(burst, 16)).isEqualTo(2);

        assertThat(burst.length).startsWith(0, 60);
        assertThat(burst.flags).startsWith(
            RxBurst.END_OF_FRAME | RxBurst.BAD_DESCRIPTOR, RxBurst.END_OF_FRAME);
        assertThat(ring.badLengths()).isEqualTo(1);
        release(2);
    }

    @Test
    void shouldBoundALengthByWhatTheCardWasToldThoughTheBufferIsLarger() {
        ring = new LegacyRxRing(fixture.ring, 0, SIZE, 1024);

        assertThat(lengthOf(1024)).isEqualTo(1024);
        ring.drain();
        assertThat(lengthOf(1025)).isZero();
    }

    @Test
    void shouldMarkTheWholeFrameWhenAnEarlierLengthWasALie() {
        ring.fill(fixture.pool);
        ring.publish();
        fixture.receive(0, BUFFER + 1, STATUS_DD, 0, 0);
        fixture.receive(1, 60, STATUS_DD, 0, 0);
        fixture.receive(2, 60, DONE, 0, 0);
        fixture.receive(3, 60, DONE, 0, 0);

        assertThat(ring.reap(burst, 1)).isEqualTo(1);
        release(1);
        assertThat(ring.reap(burst, 16)).isEqualTo(3);

        assertThat(burst.flags).startsWith(
            RxBurst.BAD_DESCRIPTOR, RxBurst.END_OF_FRAME | RxBurst.BAD_DESCRIPTOR, RxBurst.END_OF_FRAME);
        release(3);
    }

    @Test
    void shouldReapNothingThatWasNotPostedWhenTheCardSaysDoneEverywhere() {
        ring.fill(new Limited(fixture.pool, 2));
        ring.publish();
        for (int i = 0; i < SIZE; i++) {
            fixture.receive(i, 60, DONE, 0, 0);
        }

        assertThat(ring.reap(burst, 16)).isEqualTo(2);
        assertThat(ring.isReady()).isFalse();
        assertThat(ring.reap(burst, 16)).isZero();
        release(2);
    }

    /** The card fills each buffer of a frame but the last. */
    @Test
    void shouldMarkAFrameThatGoesOnBehindABufferThatIsNotFull() {
        ring.fill(fixture.pool);
        ring.publish();
        fixture.receive(0, 60, STATUS_DD, 0, 0);
        fixture.receive(1, 60, DONE, 0, 0);
        fixture.receive(2, BUFFER, STATUS_DD, 0, 0);
        fixture.receive(3, 60, DONE, 0, 0);

        assertThat(ring.reap(burst, 16)).isEqualTo(4);

        assertThat(burst.flags).startsWith(
            RxBurst.BAD_DESCRIPTOR, RxBurst.END_OF_FRAME | RxBurst.BAD_DESCRIPTOR, 0, RxBurst.END_OF_FRAME);
        release(4);
    }

    @Test
    void shouldCountOnceWhatIsDoneBeforeAnEarlierOne() {
        ring.fill(fixture.pool);
        ring.publish();
        fixture.receive(2, 60, DONE, 0, 0);
        fixture.receive(3, 60, DONE, 0, 0);
        fixture.receive(5, 60, DONE, 0, 0);
        for (int i = 0; i < 3 * SIZE; i++) {
            assertThat(ring.reap(burst, 16)).isZero();
        }
        assertThat(ring.disorders()).isEqualTo(2);

        fixture.receive(0, 60, DONE, 0, 0);
        fixture.receive(1, 60, DONE, 0, 0);
        assertThat(ring.reap(burst, 16)).isEqualTo(4);
        release(4);
        for (int i = 0; i < 3 * SIZE; i++) {
            assertThat(ring.reap(burst, 16)).isZero();
        }
        assertThat(ring.disorders()).isEqualTo(2);
    }

    @Test
    void shouldFindNoDisorderWhereThereIsNone() {
        for (int i = 0; i < 10 * SIZE; i++) {
            ring.fill(fixture.pool);
            ring.publish();
            assertThat(ring.reap(burst, 16)).isZero();
            fixture.receive(i % SIZE, 60, DONE, 0, 0);
            assertThat(ring.reap(burst, 16)).isOne();
            release(1);
        }
        assertThat(ring.disorders()).isZero();
    }

    @Test
    void shouldReapNothingThatIsNotPublishedYet() {
        ring.fill(fixture.pool);
        fixture.receive(0, 60, DONE, 0, 0);

        assertThat(ring.isReady()).isFalse();
        assertThat(ring.reap(burst, 16)).isZero();
    }

    @Test
    void shouldNotReapTwiceWhenTheCardCompletesTwice() {
        ring.fill(fixture.pool);
        ring.publish();
        fixture.receive(0, 60, DONE, 0, 0);
        assertThat(ring.reap(burst, 16)).isEqualTo(1);
        release(1);

        fixture.receive(0, 60, DONE, 0, 0);

        assertThat(ring.reap(burst, 16)).isZero();
    }

    @Test
    void shouldStartAgainWhenDrained() {
        ring.fill(fixture.pool);
        ring.publish();
        fixture.receive(0, BUFFER + 1, STATUS_DD, 0, 0);
        ring.reap(burst, 16);
        release(1);

        ring.drain();

        assertThat(ring.posted()).isZero();
        assertThat(fixture.pool.outstanding()).isZero();
        assertThat(ring.publish()).isEqualTo(RxRing.NOTHING);
        assertThat(fixture.address(3)).isZero();
        assertThat(flagsOf(DONE, 0)).as("the bad frame before is forgotten").isEqualTo(RxBurst.END_OF_FRAME);
    }

    private int flagsOf(final int status, final int errors) {
        ring.fill(fixture.pool);
        ring.publish();
        fixture.receive(0, 60, status, errors, 0);
        assertThat(ring.reap(burst, 16)).isEqualTo(1);
        release(1);
        return burst.flags[0];
    }

    private int lengthOf(final int length) {
        ring.fill(fixture.pool);
        ring.publish();
        fixture.receive(0, length, DONE, 0, 0);
        assertThat(ring.reap(burst, 16)).isEqualTo(1);
        release(1);
        return burst.length[0];
    }

    private void release(final int count) {
        for (int i = 0; i < count; i++) {
            burst.buffer[i].release();
        }
    }
}
