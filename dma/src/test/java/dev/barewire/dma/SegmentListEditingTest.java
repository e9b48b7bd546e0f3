package dev.barewire.dma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.dma.posix.Libc;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SegmentListEditingTest {
    private final DmaDomain domain = new IommuDomain(new NoIommu(), List.of(new IovaRange(0, (1L << 39) - 1)));
    private final BufferPool pool = new BufferPool("editing", domain, MemoryKind.ANONYMOUS, 128, 8);
    private final SegmentList list = new SegmentList(5);

    @BeforeEach
    void fill() {
        list.append(pool.take(), 0, 10);
        list.append(pool.take(), 5, 20);
        list.append(pool.take(), 7, 30);
    }

    @AfterEach
    void close() {
        list.release();
        pool.close();
        domain.close();
    }

    @Test
    void shouldMakeRoomWhenInserting() {
        list.insert(0, pool.take(), 1, 3);
        list.insert(4, pool.take(), 2, 4);
        assertThat(describe()).isEqualTo("3@1 0+3 0@0 3+10 1@5 13+20 2@7 33+30 4@2 63+4");
        final Buffer spare = pool.take();
        assertThatThrownBy(() -> list.insert(1, spare, 0, 1)).isInstanceOf(IllegalStateException.class);
        spare.release();
    }

    @Test
    void shouldRefusePlacesThatAreNotThere() {
        final Buffer spare = pool.take();
        assertThatThrownBy(() -> list.insert(4, spare, 0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> list.insert(0, spare, 100, 29)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> list.remove(2, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> list.cut(61)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> list.trimFront(61)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(describe()).isEqualTo("0@0 0+10 1@5 10+20 2@7 30+30");
        spare.release();
    }

    @Test
    void shouldCutOnlyWhereNoSegmentStarts() {
        assertThat(list.cut(0)).isZero();
        assertThat(list.cut(10)).isEqualTo(1);
        assertThat(list.cut(60)).isEqualTo(3);
        assertThat(list.count()).isEqualTo(3);
        assertThat(list.cut(14)).isEqualTo(2);
        assertThat(describe()).isEqualTo("0@0 0+10 1@5 10+4 1@9 14+16 2@7 30+30");
        assertThat(list.buffer(1).holders()).isEqualTo(2);
    }

    @Test
    void shouldGiveHoldsBackWhenRemoving() {
        list.remove(1, 2);
        assertThat(describe()).isEqualTo("0@0 0+10 2@7 10+30");
        assertThat(pool.outstanding()).isEqualTo(2);
        list.remove(0, 2);
        assertThat(list.count()).isZero();
        assertThat(pool.outstanding()).isZero();
    }

    @Test
    void shouldMoveTheStartWhenTrimmingTheFront() {
        list.trimFront(0);
        list.trimFront(4);
        assertThat(describe()).isEqualTo("0@4 0+6 1@5 6+20 2@7 26+30");
        list.trimFront(6);
        assertThat(describe()).isEqualTo("1@5 0+20 2@7 20+30");
        list.trimFront(21);
        assertThat(describe()).isEqualTo("2@8 0+29");
        list.trimFront(29);
        assertThat(list.count()).isZero();
        assertThat(pool.outstanding()).isZero();
    }

    @Test
    void shouldGiveOneSegmentOfAMappingUntilItIsClosed() {
        final MappedMemory memory = MappedMemory.map(
            "read only", 4096, Libc.PROT_READ, Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, -1, 0);
        assertThat(memory.segment()).isSameAs(memory.segment());
        assertThat(memory.segment().byteSize()).isEqualTo(4096);
        assertThat(memory.segment().isReadOnly()).isTrue();
        assertThat(pool.region().memory().segment().isReadOnly()).isFalse();
        memory.close();
        assertThatThrownBy(memory::segment).hasMessageContaining("closed");
    }

    @Test
    void shouldGiveNoSegmentWhereTheCpuMayNotRead() {
        final MappedMemory memory =
            MappedMemory.map("out of reach", 4096, 0, Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, -1, 0);
        assertThatThrownBy(memory::segment).hasMessageContaining("may not read");
        memory.close();
    }

    /** Each segment as buffer@offset place+length. */
    private String describe() {
        final StringBuilder text = new StringBuilder();
        int start = 0;
        for (int i = 0; i < list.count(); i++) {
            text.append(i == 0 ? "" : " ").append(list.buffer(i).index()).append('@').append(list.offset(i)).append(' ')
                .append(start).append('+').append(list.length(i));
            start += list.length(i);
        }
        assertThat(list.bytes()).isEqualTo(start);
        return text.toString();
    }

    private static final class NoIommu implements IommuMapper {
        @Override
        public void map(final MappedMemory memory, final long iova, final long bytes, final DmaAccess access) {
            // No card looks here.
        }

        @Override
        public void unmap(final long iova, final long bytes) {
            // No card looks here.
        }
    }
}
