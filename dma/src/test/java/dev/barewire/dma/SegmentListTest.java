package dev.barewire.dma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SegmentListTest {
    private final BufferPool pool = new BufferPool("pool", new FakeIommu().domain(), MemoryKind.ANONYMOUS, 64, 4);
    private final SegmentList list = new SegmentList(3);

    /** Every hold that a test leaves in the list is the list's last, or the pool tells. */
    @AfterEach
    void tearDown() {
        list.release();
        pool.close();
    }

    @Test
    void shouldTakeOverTheHoldWhenARangeIsAppended() {
        final Buffer buffer = pool.take();
        list.append(buffer, 4, 60);

        assertThat(list.count()).isEqualTo(1);
        assertThat(list.bytes()).isEqualTo(60);
        assertThat(list.buffer(0)).isSameAs(buffer);
        assertThat(list.offset(0)).isEqualTo(4);
        assertThat(list.length(0)).isEqualTo(60);
        assertThat(list.iova(0)).isEqualTo(buffer.iova() + 4);
        assertThat(list.view(0, new Segment(), false).length()).isEqualTo(60);
        assertThat(buffer.holders()).isEqualTo(1);

        list.release();
        assertThat(buffer.holders()).isZero();
        assertThat(list.count()).isZero();
        assertThat(list.bytes()).isZero();
    }

    @Test
    void shouldHoldOnItsOwnWhenARangeIsLent() {
        final Buffer buffer = pool.take();
        list.lend(buffer, 0, 10);
        list.lend(buffer, 10, 20);
        assertThat(buffer.holders()).isEqualTo(3);

        final SegmentList other = new SegmentList(2);
        other.lendAll(list, 0, 2);
        assertThat(buffer.holders()).isEqualTo(5);
        assertThat(other.bytes()).isEqualTo(30);

        list.release();
        other.release();
        assertThat(buffer.holders()).isEqualTo(1);
        buffer.release();
    }

    @Test
    void shouldLeaveHoldsAndListAsTheyWereWhenALendIsRefused() {
        final Buffer buffer = pool.take();

        assertThatThrownBy(() -> list.lend(buffer, 60, 5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(buffer.holders()).isEqualTo(1);
        buffer.release();
        assertThatThrownBy(() -> list.lend(buffer, 0, 5)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> list.lendAll(new SegmentList(1), 0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(list.count()).isZero();
        assertThat(list.bytes()).isZero();
    }

    @Test
    void shouldRefuseWhenItIsFullOrARangeLeavesTheBuffer() {
        final Buffer buffer = pool.take();
        list.append(buffer, 0, 64);
        assertThatThrownBy(() -> list.append(buffer, -1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> list.append(buffer, 0, -1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> list.append(buffer, Integer.MAX_VALUE, 1)).isInstanceOf(IndexOutOfBoundsException.class);

        list.lend(buffer, 0, 1);
        list.lend(buffer, 0, 1);
        assertThatThrownBy(() -> list.lend(buffer, 0, 1)).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("3 segments is full");
        assertThat(buffer.holders()).isEqualTo(3);
        assertThat(list.bytes()).isEqualTo(66);
    }

    @Test
    void shouldRefuseWhenASegmentIsNotThere() {
        assertThatThrownBy(() -> list.buffer(0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> list.offset(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> list.length(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> list.iova(0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> list.split(0, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void shouldGiveTheSecondHalfAHoldWhenASegmentIsSplit() {
        final Buffer buffer = pool.take();
        list.append(buffer, 0, 64);
        list.append(pool.take(), 0, 8);

        list.split(0, 42);

        assertThat(list.count()).isEqualTo(3);
        assertThat(list.bytes()).isEqualTo(72);
        assertThat(list.length(0)).isEqualTo(42);
        assertThat(list.offset(1)).isEqualTo(42);
        assertThat(list.length(1)).isEqualTo(22);
        assertThat(list.length(2)).isEqualTo(8);
        assertThat(buffer.holders()).isEqualTo(2);
    }

    @Test
    void shouldMoveHoldsWhenATailGoesToAnotherList() {
        final Buffer header = pool.take();
        final Buffer payload = pool.take();
        list.append(header, 0, 14);
        list.append(payload, 0, 64);
        final SegmentList target = new SegmentList(1);

        list.moveTo(1, target);

        assertThat(list.count()).isEqualTo(1);
        assertThat(list.bytes()).isEqualTo(14);
        assertThat(target.buffer(0)).isSameAs(payload);
        assertThat(target.bytes()).isEqualTo(64);
        assertThat(payload.holders()).isEqualTo(1);
        assertThatThrownBy(() -> list.moveTo(0, target)).isInstanceOf(IllegalStateException.class);
        assertThat(list.count()).isEqualTo(1);
        target.release();
    }

    @Test
    void shouldGiveUpWhatIsCutOffWhenItIsTruncated() {
        final Buffer first = pool.take();
        final Buffer second = pool.take();
        list.append(first, 0, 40);
        list.append(second, 0, 40);

        list.truncate(40);
        assertThat(second.holders()).isZero();
        list.truncate(1);
        assertThat(list.length(0)).isEqualTo(1);
        assertThatThrownBy(() -> list.truncate(2)).isInstanceOf(IndexOutOfBoundsException.class);
        list.truncate(0);
        assertThat(first.holders()).isZero();
        assertThat(list.count()).isZero();
    }

    @Test
    void shouldForgetWithoutReleasingWhenItsHoldsWentElsewhere() {
        final Buffer buffer = pool.take();
        list.append(buffer, 0, 64);

        list.clear();

        assertThat(list.count()).isZero();
        assertThat(list.bytes()).isZero();
        assertThat(buffer.holders()).isEqualTo(1);
        buffer.release();
    }
}
