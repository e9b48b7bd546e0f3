package dev.barewire.rings.intel;

import static dev.barewire.rings.intel.ExtendedRxDescriptor.STATUS_DD;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.STATUS_EOP;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.STATUS_IPCS;
import static dev.barewire.rings.intel.ExtendedRxDescriptor.STATUS_VP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.rings.RxBurst;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExtendedRxRingTest {
    private static final int SIZE = 8;
    private static final int BUFFER = 2048;
    private static final int DONE = STATUS_DD | STATUS_EOP;

    private final RingFixture fixture = new RingFixture(BUFFER, 16);
    private final RxBurst burst = new RxBurst(16);
    private final ExtendedRxRing ring = new ExtendedRxRing(fixture.ring, 0, SIZE, BUFFER);

    /** Whatever a test did, no buffer is lost. */
    @AfterEach
    void shouldHaveEveryBufferHomeWhenDrained() {
        ring.drain();
        assertThat(fixture.pool.describeOutstanding()).isEmpty();
        fixture.close();
    }

    /** What a card does: the address is written over as well, and the status comes last. */
    private void receive(final int index, final int statusErrors, final int length, final int vlan, final long hash) {
        final long second = ExtendedRxDescriptor.writeBack(statusErrors & ~STATUS_DD, length, vlan);
        fixture.memory.putLong(index * 16L, hash);
        fixture.memory.putLong(index * 16L + 8, second);
        fixture.memory.putLongRelease(index * 16L + 8, second | STATUS_DD);
    }

    private void release(final int entries) {
        for (int i = 0; i < entries; i++) {
            burst.buffer[i].release();
        }
    }

    // E1K-RX-06, E1K-RX-07, E1K-RXCSUM-04
    @Test
    void shouldTellOfAFrameOnlyWithItsLastDescriptor() {
        assertThat(ring.fill(fixture.pool)).isEqualTo(SIZE - 1);
        assertThat(ring.publish()).isEqualTo(SIZE - 1);
        receive(0, STATUS_DD | STATUS_IPCS, BUFFER, 5, 0);
        receive(1, DONE | STATUS_VP, 10, 0xE123, 0xCAFE_BABE_0000_0001L);
        receive(2, DONE, 60, 0, 0xCAFE_BABE_0000_0000L);

        assertThat(ring.reap(burst, 16)).isEqualTo(3);

        assertThat(burst.flags).startsWith(
            0, RxBurst.END_OF_FRAME | RxBurst.VLAN_STRIPPED | RxBurst.HASHED, RxBurst.END_OF_FRAME);
        assertThat(burst.length).startsWith(BUFFER, 10, 60);
        assertThat(burst.vlan[1]).isEqualTo(0xE123);
        assertThat(burst.hash[1]).isEqualTo(0xCAFE_BABE);
        assertThat(burst.header[0]).isNull();
        release(3);
    }

    // E1K-RING-11
    @Test
    void shouldWriteAddressAndDoneBitAgainOverLaps() {
        ring.fill(fixture.pool);
        ring.publish();
        for (int frame = 0; frame < 3 * SIZE; frame++) {
            final int at = frame % SIZE;
            assertThat(fixture.control(at)).isZero();
            assertThat(fixture.address(at)).isEqualTo(fixture.bufferAt(fixture.address(at)).iova());
            receive(at, DONE, 60 + frame, 0, -1);

            assertThat(ring.isReady()).isTrue();
            assertThat(ring.reap(burst, 16)).isEqualTo(1);
            assertThat(burst.length[0]).isEqualTo(60 + frame);
            release(1);
            assertThat(ring.fill(fixture.pool)).isEqualTo(1);
            ring.publish();
        }
    }

    @Test
    void shouldBoundALengthBeyondTheBufferUntilTheFrameEnds() {
        ring.fill(fixture.pool);
        ring.publish();
        receive(0, STATUS_DD, BUFFER + 1, 0, 0);
        receive(1, DONE, 10, 0, 0);
        receive(2, DONE, 10, 0, 0);

        assertThat(ring.reap(burst, 16)).isEqualTo(3);

        assertThat(burst.length).startsWith(0, 10, 10);
        assertThat(burst.flags).startsWith(
            RxBurst.BAD_DESCRIPTOR, RxBurst.END_OF_FRAME | RxBurst.BAD_DESCRIPTOR, RxBurst.END_OF_FRAME);
        assertThat(ring.badLengths()).isEqualTo(1);
        release(3);
    }
}
