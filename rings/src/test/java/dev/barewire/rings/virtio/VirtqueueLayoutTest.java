package dev.barewire.rings.virtio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.rings.TxRequest;
import org.junit.jupiter.api.Test;

/** Offsets and bits against the tables of the specification. */
class VirtqueueLayoutTest {
    // 2.7: sizes of the parts
    @Test
    void shouldHaveTheSizesOfASplitQueue() {
        assertThat(SplitLayout.availableBytes(256)).isEqualTo(6 + 2 * 256);
        assertThat(SplitLayout.usedBytes(256)).isEqualTo(6 + 8 * 256);
        assertThat(SplitLayout.descriptor(3)).isEqualTo(48);
        assertThat(SplitLayout.availableEntry(3)).isEqualTo(10);
        assertThat(SplitLayout.usedEntry(3)).isEqualTo(28);
        assertThat(SplitLayout.usedEvent(8)).isEqualTo(20);
        assertThat(SplitLayout.availableEvent(8)).isEqualTo(68);
    }

    // 2.7.5, 2.8.13
    @Test
    void shouldPackControlWords() {
        assertThat(SplitLayout.control(0x8000_0001, 3, 0x7fff)).isEqualTo(0x7fff_0003_8000_0001L);
        assertThat(PackedLayout.control(0x8000_0001, 0xffff, 0x8082)).isEqualTo(0x8082_ffff_8000_0001L);
    }

    // 2.8.14
    @Test
    void shouldPackEventSuppression() {
        final int event = PackedLayout.event(PackedLayout.EVENT_DESCRIPTOR, PackedLayout.position(0x1234, true));
        assertThat(event).isEqualTo(0x0002_9234);
        assertThat(PackedLayout.eventFlags(event)).isEqualTo(2);
        assertThat(PackedLayout.eventSlot(event)).isEqualTo(0x1234);
        assertThat(PackedLayout.eventWrap(event)).isTrue();
    }

    // SPLIT-LAYOUT-01, PACKED-LAYOUT-01
    @Test
    void shouldAlignEveryPartAndKeepPartsApart() {
        for (int size = 1; size <= VirtqueueFormat.MAX_SIZE; size = size < 70 ? size + 1 : size * 2) {
            for (final boolean packed : new boolean[] {false, true}) {
                if (packed || Integer.bitCount(size) == 1) {
                    final VirtqueueFormat format = new VirtqueueFormat(packed, size, false, false, false);
                    assertThat(format.driverOffset() % 64).isZero();
                    assertThat(format.driverOffset()).isGreaterThanOrEqualTo(16 * size);
                    assertThat(format.deviceOffset() % 64).isZero();
                    assertThat(format.deviceOffset() - format.driverOffset()).isGreaterThanOrEqualTo(packed ? 4 : 6 + 2 * size);
                    assertThat(format.bytes() - format.deviceOffset()).isGreaterThanOrEqualTo(packed ? 4 : 6 + 8 * size);
                }
            }
        }
    }

    @Test
    void shouldTellWhereItsAreasAre() {
        try (VirtioFixture fixture = new VirtioFixture(64, 1)) {
            final VirtqueueFormat format = new VirtqueueFormat(false, 256, false, false, false);
            final VirtioRxRing ring = new VirtioRxRing(fixture.ring, 128, format, NetFormat.PLAIN, 0, 64, 1);
            final long start = fixture.ring.iova(128, 1);

            assertThat(ring.areas()).isEqualTo(new VirtqueueAreas(start, start + 4096, start + 4096 + 576));
            assertThatThrownBy(() -> new VirtioRxRing(fixture.ring, 8, format, NetFormat.PLAIN, 0, 64, 1))
                .hasMessageContaining("multiple of 64");
        }
    }

    // 5.1.9
    @Test
    void shouldReadTheFieldsOfANetworkHeader() {
        final long head = NetHeader.head(0x81, 0x84, 0x1234, 0x5678, 0x9abc);
        assertThat(head).isEqualTo(0x9abc_5678_1234_8481L);
        assertThat(NetHeader.flags(head)).isEqualTo(0x81);
        assertThat(NetHeader.gsoType(head)).isEqualTo(0x84);
        assertThat(NetHeader.gsoSize(head)).isEqualTo(0x5678);
        assertThat(NetHeader.checksumStart(head)).isEqualTo(0x9abc);
        assertThat(NetHeader.checksumOffset(0xffff_8000)).isEqualTo(0x8000);
        assertThat(NetHeader.buffers(0xffff_8000)).isEqualTo(0xffff);
        assertThat(NetRequest.head(new TxRequest())).isZero();
    }
}
