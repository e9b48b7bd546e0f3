package dev.barewire.driver.vfio;

import dev.barewire.dma.IovaRange;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The IOVA ranges that an IOMMU translates, as struct vfio_iommu_type1_info tells them. */
final class IovaRanges {
    /** For kernels before 5.4, which do not tell: 39 bits, the least that IOMMUs have, without x86's message window. */
    private static final List<IovaRange> UNTOLD =
        List.of(new IovaRange(0, 0xfee0_0000L - 1), new IovaRange(0xfef0_0000L, (1L << 39) - 1));

    private IovaRanges() {
    }

    static List<IovaRange> parse(final MemorySegment info) {
        final boolean hasCapabilities = (info.get(ValueLayout.JAVA_INT, Vfio.FLAGS) & Vfio.IOMMU_CAPS) != 0;
        final long at = hasCapabilities ? Vfio.capability(info,
            Integer.toUnsignedLong(info.get(ValueLayout.JAVA_INT, Vfio.IOMMU_CAPABILITIES)), Vfio.CAP_IOVA_RANGE) : 0;
        if (at == 0) {
            return UNTOLD;
        }
        final int count = info.get(ValueLayout.JAVA_INT_UNALIGNED, at + Vfio.IOVA_COUNT);
        final List<IovaRange> ranges = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final long range = at + Vfio.IOVA_RANGES + 2L * Long.BYTES * i;
            ranges.add(new IovaRange(info.get(ValueLayout.JAVA_LONG_UNALIGNED, range),
                info.get(ValueLayout.JAVA_LONG_UNALIGNED, range + Long.BYTES)));
        }
        return List.copyOf(ranges);
    }

    static String describe(final List<IovaRange> ranges) {
        return ranges.stream().map(range -> "0x%x-0x%x".formatted(range.first(), range.last()))
            .collect(Collectors.joining(", "));
    }
}
