package dev.barewire.rings.virtio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.rings.RxBurst;
import dev.barewire.rings.RxRing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a receive ring makes of the header in front of a frame, and where bytes come to lie. */
class VirtioRxRingTest {
    private static final VirtqueueFormat SPLIT = new VirtqueueFormat(false, 8, false, false, false);
    private static final int END = RxBurst.END_OF_FRAME;

    private final VirtioFixture fixture = new VirtioFixture(256, 32);
    private final RxBurst burst = new RxBurst(16);
    private VirtioRxRing ring;
    private DeviceQueue device;

    @AfterEach
    void close() {
        if (ring != null) {
            ring.drain();
        }
        fixture.close();
    }

    private void open(final VirtqueueFormat format, final NetFormat net, final int splitBytes, final int perChain) {
        ring = new VirtioRxRing(fixture.ring, 0, format, net, splitBytes, 256, perChain);
        device = DeviceQueue.of(fixture, format, ring.areas());
        ring.fill(fixture.pool, fixture.headers);
        ring.publish();
    }

    /** A frame of so many bytes, each its place, behind a header that starts like this; gives its flags. */
    private int receive(final int bytes, final int netHeaderBytes, final int... header) {
        final byte[] all = new byte[netHeaderBytes + bytes];
        for (int i = 0; i < header.length; i++) {
            all[i] = (byte) header[i];
        }
        for (int i = 0; i < bytes; i++) {
            all[netHeaderBytes + i] = (byte) i;
        }
        final DeviceQueue.Chain chain = device.next();
        device.fill(chain, 0, all);
        device.use(chain, all.length);
        final int entries = ring.reap(burst, 8);
        for (int i = 0; i < entries; i++) {
            VirtioFixture.release(burst, i);
        }
        return burst.flags[entries - 1];
    }

    @Test
    void shouldStartAFrameBehindTheDevicesHeader() {
        open(SPLIT, NetFormat.PLAIN, 0, 1);

        assertThat(receive(60, 12)).isEqualTo(END);
        assertThat(burst.offset[0]).isEqualTo(12);
        assertThat(burst.length[0]).isEqualTo(60);
        assertThat(burst.header[0]).isNull();
        assertThat(VirtioFixture.bytes(burst, 0)).startsWith(0, 1, 2).endsWith(58, 59);
    }

    @Test
    void shouldCutAfterAFixedNumberOfBytes() {
        open(SPLIT, NetFormat.PLAIN, 40, 2);
        final DeviceQueue.Chain chain = device.next();
        assertThat(chain.pieces()).extracting(DeviceQueue.Piece::length).containsExactly(52, 256, 256);
        device.use(chain, 12 + 40 + 256 + 7);

        assertThat(ring.reap(burst, 8)).isEqualTo(2);
        assertThat(burst.header[0].pool()).isSameAs(fixture.headers);
        assertThat(burst.offset[0]).isEqualTo(12);
        assertThat(burst.headerLength[0]).isEqualTo(40);
        assertThat(burst.length[0]).isEqualTo(256);
        assertThat(burst.flags[0]).isZero();
        assertThat(burst.header[1]).isNull();
        assertThat(burst.offset[1]).isZero();
        assertThat(burst.length[1]).isEqualTo(7);
        assertThat(burst.flags[1]).isEqualTo(END);
        VirtioFixture.release(burst, 0);
        VirtioFixture.release(burst, 1);
    }

    @Test
    void shouldLeaveThePayloadEmptyWhenAFrameEndsInItsHeader() {
        open(SPLIT, NetFormat.PLAIN, 40, 2);

        assertThat(receive(33, 12)).isEqualTo(END);
        assertThat(burst.headerLength[0]).isEqualTo(33);
        assertThat(burst.length[0]).isZero();
    }

    // NET-RX-05
    @Test
    void shouldTakeAChecksumAsVerifiedOnlyWhenTheDeviceSaysSo() {
        open(SPLIT, NetFormat.PLAIN, 0, 1);

        assertThat(receive(60, 12, 0)).isEqualTo(END);
        assertThat(receive(60, 12, 2)).isEqualTo(END | RxBurst.L4_CHECKED);
    }

    // NET-RX-01
    @Test
    void shouldPassOverUnknownFlags() {
        open(SPLIT, NetFormat.PLAIN, 0, 1);

        assertThat(receive(60, 12, 0xf0)).isEqualTo(END);
    }

    // NET-RX-03
    @Test
    void shouldSayWhereASumIsStillToBeMade() {
        open(SPLIT, NetFormat.PLAIN, 0, 1);

        assertThat(receive(60, 12, 1, 0, 0, 0, 0, 0, 34, 0, 16)).isEqualTo(END | RxBurst.L4_PARTIAL);
        assertThat(burst.checksumStart[0]).isEqualTo(34);
        assertThat(burst.checksumOffset[0]).isEqualTo(16);
        assertThat(receive(60, 12, 1 | 4, 0, 0, 0, 0, 0, 34, 0, 16)).isEqualTo(END);
        assertThat(receive(60, 12, 0, 0, 0, 0, 0, 0, 34, 0, 16)).isEqualTo(END);
    }

    // NET-RX-04
    @Test
    void shouldTellOfCoalescedFramesWhateverTheirHeaderLengthIs() {
        open(SPLIT, NetFormat.PLAIN, 0, 1);

        assertThat(receive(200, 12, 1, 0x81, 0xff, 0xff, 0xb4, 5, 34, 0, 16))
            .isEqualTo(END | RxBurst.L4_PARTIAL | RxBurst.COALESCED);
        assertThat(burst.mss[0]).isEqualTo(1460);
    }

    // NET-RX-06, NET-RX-08, NET-RX-09
    @Test
    void shouldMarkFramesOfTunnelsThatNobodyAgreedOn() {
        open(SPLIT, NetFormat.PLAIN, 0, 1);

        assertThat(receive(60, 12, 1, 0x61) & RxBurst.BAD_DESCRIPTOR).isNotZero();
        assertThat(receive(60, 12, 0, 0x21) & RxBurst.BAD_DESCRIPTOR).isNotZero();
        assertThat(receive(60, 12, 1 | 8, 1) & RxBurst.BAD_DESCRIPTOR).isNotZero();
        assertThat(receive(60, 12) & RxBurst.BAD_DESCRIPTOR).isZero();
    }

    @Test
    void shouldGiveTheHashThatTheDeviceReports() {
        open(SPLIT, new NetFormat(true, false, false, false, false, false, false), 0, 1);

        assertThat(receive(60, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x78, 0x56, 0x34, 0x12, 2)).isEqualTo(END | RxBurst.HASHED);
        assertThat(burst.hash[0]).isEqualTo(0x12345678);
        assertThat(burst.offset[0]).isEqualTo(20);
        assertThat(receive(60, 20)).isEqualTo(END);
    }

    @Test
    void shouldJoinMergedBuffersToAFrame() {
        open(SPLIT, new NetFormat(false, true, false, false, false, false, false), 0, 1);
        final DeviceQueue.Chain first = device.next();
        device.fill(first, 0, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0});
        device.use(first, 256);
        assertThat(ring.reap(burst, 8)).isEqualTo(1);
        assertThat(burst.flags[0]).isZero();
        assertThat(burst.length[0]).isEqualTo(244);
        VirtioFixture.release(burst, 0);
        device.use(device.next(), 100);

        assertThat(ring.reap(burst, 8)).isEqualTo(1);
        assertThat(burst.flags[0]).isEqualTo(END);
        assertThat(burst.offset[0]).isZero();
        assertThat(burst.length[0]).isEqualTo(100);
        VirtioFixture.release(burst, 0);
    }

    @Test
    void shouldCarryOnWhenIndexesWrap() {
        for (final boolean packed : new boolean[] {false, true}) {
            for (final boolean eventIndex : new boolean[] {false, true}) {
                open(new VirtqueueFormat(packed, packed ? 7 : 8, false, eventIndex, false), NetFormat.PLAIN, 0, 1);
                device.wantNotification();
                for (int i = 0; i < 70_000; i++) {
                    assertThat(device.pass(12 + i % 200)).isTrue();
                    device.wantNotification();
                    assertThat(ring.reap(burst, 8)).isEqualTo(1);
                    assertThat(burst.length[0]).isEqualTo(i % 200);
                    VirtioFixture.release(burst, 0);
                    ring.fill(fixture.pool);
                    // The device still has all chains but one to look at, and asked with the index to hear of the next.
                    assertThat(ring.publish() == RxRing.NOTHING).isEqualTo(eventIndex);
                }
                assertThat(ring.disorders()).isZero();
                ring.drain();
            }
        }
    }

    @Test
    void shouldRefuseBuffersThatAreTooSmall() {
        ring = new VirtioRxRing(fixture.ring, 0, SPLIT, NetFormat.PLAIN, 0, 512, 1);

        assertThatThrownBy(() -> ring.fill(fixture.pool)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("has 256 bytes, but the device may write 512");
        assertThat(fixture.pool.describeOutstanding()).isEmpty();
    }

    @Test
    void shouldRefuseFormatsThatCannotBe() {
        assertThatThrownBy(() -> new VirtqueueFormat(false, 12, false, false, false)).hasMessageContaining("power of two");
        assertThatThrownBy(() -> new VirtqueueFormat(true, 0, false, false, false)).hasMessageContaining("not 0");
        assertThatThrownBy(() -> new VirtioRxRing(fixture.ring, 0, SPLIT, NetFormat.PLAIN, 0, 12, 1))
            .hasMessageContaining("do not hold");
        assertThatThrownBy(() -> new VirtioRxRing(fixture.ring, 0, SPLIT, NetFormat.PLAIN, 0, 256, 9))
            .hasMessageContaining("does not fit");
        assertThatThrownBy(() -> new NetFormat(false, false, false, true, false, false, false))
            .hasMessageContaining("VIRTIO_NET_F_CSUM");
    }
}
