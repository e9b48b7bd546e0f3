package dev.barewire.dma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HostMemoryTest {
    @Test
    void shouldRoundUpToPagesOfZerosWhenTheKindHasThem() {
        for (final MemoryKind kind : new MemoryKind[] {MemoryKind.ANONYMOUS, MemoryKind.MEMFD}) {
            final HostMemory.Allocation got = HostMemory.allocate(kind, 4097);
            try (MappedMemory memory = got.memory()) {
                assertThat(got.kind()).isEqualTo(kind);
                assertThat(got.note()).isEmpty();
                assertThat(memory.size()).isEqualTo(8192);
                assertThat(memory.getLong(8184)).isZero();
                memory.putLong(8184, -1);
                assertThat(memory.getLong(8184)).isEqualTo(-1);
            }
        }
    }

    @Test
    void shouldFallBackAndSaySoWhenThereAreNotEnoughHugePages() {
        final HostMemory.Allocation got = HostMemory.allocate(MemoryKind.HUGE_PAGES, HostMemory.HUGE_PAGE + 1);
        try (MappedMemory memory = got.memory()) {
            assertThat(memory.size()).isEqualTo(2 * HostMemory.HUGE_PAGE);
            if (got.kind() == MemoryKind.HUGE_PAGES) {
                assertThat(got.note()).isEmpty();
            } else {
                assertThat(got.kind()).isEqualTo(MemoryKind.ANONYMOUS);
                assertThat(got.note()).contains("no 2 free huge pages of 2 MiB (ENOMEM)", "pages of 4 KiB are used",
                    "sysctl -w vm.nr_hugepages=2");
            }
        }
    }

    @Test
    void shouldRefuseSizesThatAreNone() {
        for (final long bytes : new long[] {0, -1, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> HostMemory.allocate(MemoryKind.ANONYMOUS, bytes))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("cannot allocate " + bytes);
        }
    }

    @Test
    void shouldLeaveNothingMappedWhenMemoryIsRefused() {
        assertThatThrownBy(() -> HostMemory.allocate(MemoryKind.ANONYMOUS, 1L << 46)).hasMessageContaining("ENOMEM");
    }
}
