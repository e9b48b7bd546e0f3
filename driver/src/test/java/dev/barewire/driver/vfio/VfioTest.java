package dev.barewire.driver.vfio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.SetupException;
import dev.barewire.dma.IovaRange;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Structs as bytes, laid out by hand after linux/vfio.h. */
class VfioTest {
    private static final String NO_CAPABILITY = "00000000 00000000 ";

    @Test
    void shouldHaveTheHeadersRequestNumbers() {
        // _IO(';', 100 + n)
        assertThat(Vfio.GET_API_VERSION).isEqualTo(0x3b64);
        assertThat(Vfio.DEVICE_SET_IRQS).isEqualTo(0x3b6e);
        assertThat(Vfio.IOMMU_UNMAP_DMA).isEqualTo(0x3b72);
    }

    @Test
    void shouldReadTheRangesWhenTheKernelTellsThem() {
        final MemorySegment info = struct("58000000 03000000 00f0ffff ffffffff 18000000 00000000"
            // a capability of another kind (migration), then the ranges
            + "02000100 30000000 00000000 00000000 00000000 00000000"
            + "01000100 00000000 02000000 00000000"
            + "00000000 00000000 ffffdffe 00000000  0000f0fe 00000000 ffffffff 7f000000");

        assertThat(IovaRanges.parse(info)).containsExactly(
            new IovaRange(0, 0xfedf_ffffL), new IovaRange(0xfef0_0000L, 0x7f_ffff_ffffL));
    }

    @Test
    void shouldLeaveTheMessageWindowOutWhenTheKernelTellsNoRanges() {
        final MemorySegment info = struct("18000000 01000000 00f0ffff ffffffff" + NO_CAPABILITY);

        assertThat(IovaRanges.parse(info)).containsExactly(
            new IovaRange(0, 0xfedf_ffffL), new IovaRange(0xfef0_0000L, 0x7f_ffff_ffffL));
        assertThat(IovaRanges.describe(IovaRanges.parse(info))).isEqualTo("0x0-0xfedfffff, 0xfef00000-0x7fffffffff");
    }

    @Test
    void shouldEndWhenAChainOfCapabilitiesRunsInACircle() {
        final MemorySegment info = struct("20000000 02000000 00f0ffff ffffffff 18000000 00000000 02000100 18000000");

        assertThat(Vfio.capability(info, 24, Vfio.CAP_IOVA_RANGE)).isZero();
    }

    @Test
    void shouldMapABarWhenTheKernelOffersTheWholeOfIt() {
        final VfioRegion bar = VfioRegion.parse(null,
            struct("20000000 07000000 00000000 00000000 00000200 00000000 00000000 00000000"));

        assertThat(bar).isEqualTo(new VfioRegion(null, 0, 0x20000, 0, true));
    }

    @Test
    void shouldReachABarByReadAndWriteWhenOnlyAreasOfItCanBeMapped() {
        final VfioRegion bar = VfioRegion.parse(null,
            struct("40000000 0f000000 03000000 20000000 00400000 00000000 00000000 00030000"
                + "01000100 00000000 01000000 00000000 00100000 00000000 00300000 00000000"));

        assertThat(bar).isEqualTo(new VfioRegion(null, 3, 0x4000, 3L << 40, false));
    }

    @Test
    void shouldRefuseAnOptionWhenItHasNoMeaning() {
        final VfioAccessProvider provider = new VfioAccessProvider();

        for (final String option : new String[] {"interrupts=smoke", "msix", ""}) {
            assertThatThrownBy(() -> provider.open("0000:00:03.0?" + option)).isInstanceOf(SetupException.class)
                .hasMessageContaining("'" + option + "'").hasMessageContaining("To mend it: ").hasMessageContaining("interrupts");
        }
    }

    private static MemorySegment struct(final String words) {
        final byte[] bytes = HexFormat.of().parseHex(words.replace(" ", ""));
        final MemorySegment struct = Arena.ofAuto().allocate(bytes.length, Long.BYTES);
        struct.asByteBuffer().put(ByteBuffer.wrap(bytes));
        return struct;
    }
}
