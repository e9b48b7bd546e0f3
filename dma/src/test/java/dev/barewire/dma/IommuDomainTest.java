package dev.barewire.dma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.dma.posix.Libc;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IommuDomainTest {
    private static final long PAGE = 4096;
    private static final long HUGE = 2 << 20;

    private final FakeIommu iommu = new FakeIommu();
    private final IommuDomain domain = iommu.domain();

    @Test
    void shouldMapWholePagesLowWhenMemoryIsAllocated() {
        try (Region region = domain.allocate(MemoryKind.ANONYMOUS, 5000)) {
            assertThat(region.size()).isEqualTo(2 * PAGE);
            assertThat(region.iova(0, 1)).isEqualTo(HUGE);
            assertThat(region.iova(4999, 1)).isEqualTo(HUGE + 4999);
            assertThat(region.access()).isEqualTo(DmaAccess.READ_WRITE);
            assertThat(iommu.mapped).containsExactly(Map.entry(HUGE, 2 * PAGE));
            assertThat(domain.regions()).containsExactly(region);
            assertThatThrownBy(() -> region.iova(2 * PAGE, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> region.iova(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> region.iova(0, -1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThat(iommu.mapped).isEmpty();
        assertThat(domain.regions()).isEmpty();
    }

    @Test
    void shouldAlignLargeRegionsToHugePagesWhenTheIommuCouldUseThem() {
        domain.allocate(MemoryKind.ANONYMOUS, PAGE);

        assertThat(domain.allocate(MemoryKind.MEMFD, HUGE).iova(0, 1)).isEqualTo(2 * HUGE);
        domain.close();
    }

    @Test
    void shouldLeaveTheMappingOpenWhenMemoryOfAnotherIsTakenAway() {
        try (MappedMemory memory = pages(PAGE)) {
            final Region region = domain.map(memory, MemoryKind.ANONYMOUS, DmaAccess.READ);
            assertThat(iommu.lastAccess).isEqualTo(DmaAccess.READ);
            assertThat(region.memory()).isSameAs(memory);

            region.close();
            region.close();

            assertThat(memory.isOpen()).isTrue();
            assertThat(region.isOpen()).isFalse();
            assertThat(iommu.mapped).isEmpty();
        }
    }

    @Test
    void shouldRefuseWhenMemoryIsNotWholePages() {
        try (MappedMemory memory = pages(PAGE + 1)) {
            assertThatThrownBy(() -> domain.map(memory, MemoryKind.ANONYMOUS, DmaAccess.READ))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("whole pages");
        }
        assertThatThrownBy(() -> domain.allocate(MemoryKind.ANONYMOUS, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThat(iommu.mapped).isEmpty();
    }

    @Test
    void shouldLeaveNothingBehindWhenTheIommuRefuses() {
        iommu.refusesToMap = true;
        assertThatThrownBy(() -> domain.allocate(MemoryKind.MEMFD, PAGE)).hasMessage("refused to map");
        assertThat(domain.regions()).isEmpty();

        iommu.refusesToMap = false;
        try (Region region = domain.allocate(MemoryKind.MEMFD, PAGE)) {
            assertThat(region.iova(0, 1)).isEqualTo(HUGE);
        }
    }

    @Test
    void shouldLeaveNothingBehindWhenNoAddressIsLeft() {
        final IommuDomain small = new IommuDomain(iommu, List.of(new IovaRange(HUGE, HUGE + PAGE - 1)));

        assertThatThrownBy(() -> small.allocate(MemoryKind.ANONYMOUS, 2 * PAGE)).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("8192 bytes of IOVA space");
        assertThat(small.allocate(MemoryKind.ANONYMOUS, PAGE).iova(0, 1)).isEqualTo(HUGE);
        small.close();
    }

    @Test
    void shouldKeepTheAddressAndTheMemoryWhenTheCardMayStillReachThem() {
        final Region stuck = domain.allocate(MemoryKind.ANONYMOUS, PAGE);
        iommu.refusesToUnmap = true;

        assertThatThrownBy(stuck::close).hasMessage("refused to unmap");

        assertThat(stuck.memory().isOpen()).isTrue();
        assertThat(domain.allocate(MemoryKind.ANONYMOUS, PAGE).iova(0, 1)).isEqualTo(HUGE + PAGE);
    }

    @Test
    void shouldTryEveryRegionWhenItIsClosedAndGiveNoneAfterwards() {
        final Region first = domain.allocate(MemoryKind.ANONYMOUS, PAGE);
        final Region second = domain.allocate(MemoryKind.ANONYMOUS, PAGE);
        iommu.mapped.remove(HUGE);

        assertThatThrownBy(domain::close).hasMessage("not mapped");

        assertThat(first.isOpen()).isFalse();
        assertThat(second.memory().isOpen()).isFalse();
        assertThat(iommu.mapped).isEmpty();
        assertThatThrownBy(() -> domain.allocate(MemoryKind.ANONYMOUS, PAGE)).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("domain is closed");
        assertThat(iommu.mapped).isEmpty();
    }

    private static MappedMemory pages(final long bytes) {
        return MappedMemory.map("pages", bytes, Libc.PROT_READ | Libc.PROT_WRITE,
            Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, -1, 0);
    }
}
