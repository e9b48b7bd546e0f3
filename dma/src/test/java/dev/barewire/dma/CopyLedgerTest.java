package dev.barewire.dma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CopyLedgerTest {
    private final BufferPool pool = new BufferPool("copies", new IommuDomain(new IommuMapper() {
        @Override
        public void map(final MappedMemory memory, final long iova, final long bytes, final DmaAccess access) {
            // No card looks here.
        }

        @Override
        public void unmap(final long iova, final long bytes) {
            // No card looks here.
        }
    }, List.of(new IovaRange(0, (1L << 32) - 1))), MemoryKind.ANONYMOUS, 64, 2);
    private final Buffer source = pool.take();
    private final Buffer target = pool.take();
    private final CopyLedger ledger = new CopyLedger();
    private final CopySite site = ledger.site("tx.linearise", "too many segments");

    @AfterEach
    void close() {
        source.release();
        target.release();
        pool.close();
    }

    @Test
    void shouldCountBytesBySiteAndReasonWhenCopying() {
        final CopySite other = ledger.site("tx.linearise", "below the least length");
        final byte[] bytes = {1, 2, 3, 4, 5};

        site.copy(bytes, 1, source, 10, 4);
        site.copy(source, 11, target, 61, 3);
        other.copy(target, 61, bytes, 0, 3);

        assertThat(bytes).containsExactly(3, 4, 5, 4, 5);
        assertThat(site.bytes()).isEqualTo(7);
        assertThat(site.copies()).isEqualTo(2);
        assertThat(other.bytes()).isEqualTo(3);
        assertThat(ledger.bytes()).isEqualTo(10);
        assertThat(ledger.sites()).containsExactly(site, other);
        assertThat(ledger.site("tx.linearise", "too many segments")).isSameAs(site);
    }

    @Test
    void shouldMoveBytesRightWhenRangesOverlap() {
        site.copy(new byte[] {1, 2, 3, 4}, 0, source, 0, 4);
        site.copy(source, 0, source, 1, 4);
        final byte[] moved = new byte[5];
        site.copy(source, 0, moved, 0, 5);
        assertThat(moved).containsExactly(1, 1, 2, 3, 4);
    }

    @Test
    void shouldCopyAndCountNothingWhenARangeDoesNotFit() {
        assertThatThrownBy(() -> site.copy(source, 1, target, 0, 64)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> site.copy(source, 0, target, -1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> site.copy(source, 0, target, 0, -1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> site.copy(source, Integer.MAX_VALUE, target, 0, 1))
            .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> site.copy(source, 0, new byte[3], 0, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> site.copy(new byte[3], 1, source, 0, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(ledger.bytes()).isZero();
    }
}
