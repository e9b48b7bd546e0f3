package dev.barewire.dma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SegmentTest {
    private final BufferPool pool = new BufferPool("pool", new FakeIommu().domain(), MemoryKind.ANONYMOUS, 64, 4);
    private final Buffer buffer = pool.take();
    private final Segment view = new Segment().wrap(buffer, 16, 32, true);

    @AfterEach
    void tearDown() {
        if (buffer.holders() > 0) {
            buffer.release();
        }
        pool.close();
    }

    @Test
    void shouldReadNetworkOrderWhenItReadsSeveralBytes() {
        view.putLong(0, 0x0102_0304_0506_0708L);
        view.putInt(8, 0x0908_0706);
        view.putShort(12, (short) 0x0a0b);
        view.putByte(14, (byte) 12);

        assertThat(buffer.memory().getByte(buffer.base() + 16)).isEqualTo((byte) 1);
        assertThat(view.getLong(0)).isEqualTo(0x0102_0304_0506_0708L);
        assertThat(view.getInt(8)).isEqualTo(0x0908_0706);
        assertThat(view.getShort(12)).isEqualTo((short) 0x0a0b);
        assertThat(view.getByte(14)).isEqualTo((byte) 12);
        assertThat(view.iova()).isEqualTo(buffer.iova() + 16);
        assertThat(view.offset()).isEqualTo(16);
        assertThat(view.length()).isEqualTo(32);
        assertThat(view.buffer()).isSameAs(buffer);
    }

    @Test
    void shouldRefuseWhenAnAccessLeavesTheRange() {
        for (final int at : new int[] {-1, 25, 32, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> view.getLong(at)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> view.putLong(at, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThatThrownBy(() -> view.getByte(32)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.getShort(31)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.getInt(29)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(view.getLong(24)).isZero();
    }

    @Test
    void shouldRefuseWhenTheRangeLeavesTheBuffer() {
        assertThatThrownBy(() -> view.wrap(buffer, 60, 5, false)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.wrap(buffer, -1, 5, false)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.wrap(buffer, 0, -1, false)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(view.wrap(buffer, 64, 0, false).length()).isZero();
    }

    @Test
    void shouldRefuseToWriteWhenItIsReadOnly() {
        view.wrap(buffer, 0, 64, false);

        assertThat(view.isWritable()).isFalse();
        assertThatThrownBy(() -> view.putByte(0, (byte) 1)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> view.putLong(0, 1)).isInstanceOf(UnsupportedOperationException.class);
        assertThat(view.getLong(0)).isZero();
    }

    @Test
    void shouldFailAtTheNextAccessWhenTheBufferWasReleased() {
        buffer.release();

        assertThatThrownBy(() -> view.getByte(0)).isInstanceOf(IllegalStateException.class).hasMessageContaining("released");
        assertThatThrownBy(() -> view.putByte(0, (byte) 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> view.wrap(buffer, 0, 1, false)).isInstanceOf(IllegalStateException.class);

        final Buffer again = pool.take();
        assertThat(again).isSameAs(buffer);
        assertThatThrownBy(() -> view.getByte(0)).isInstanceOf(IllegalStateException.class);
        assertThat(view.wrap(again, 0, 1, false).getByte(0)).isZero();
    }

    @Test
    void shouldStayValidWhenAnotherStillHoldsTheBuffer() {
        buffer.hold();
        buffer.release();

        assertThat(view.getByte(0)).isZero();
    }

    @Test
    void shouldSaySoWhenItLooksAtNothingYet() {
        assertThatThrownBy(() -> new Segment().getByte(0)).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("nothing yet");
    }
}
