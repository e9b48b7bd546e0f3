package dev.barewire.dma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.dma.posix.Libc;
import dev.barewire.dma.posix.SystemCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.ObjLongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MappedMemoryTest {
    private static final int SIZE = 4096;
    private static final List<ObjLongConsumer<MappedMemory>> READS = List.of(
        MappedMemory::getByte, MappedMemory::getShort, MappedMemory::getInt, MappedMemory::getLong,
        MappedMemory::getShortNetworkOrder, MappedMemory::getIntNetworkOrder, MappedMemory::getLongNetworkOrder,
        MappedMemory::getByteAcquire, MappedMemory::getShortAcquire, MappedMemory::getIntAcquire,
        MappedMemory::getLongAcquire, (memory, at) -> memory.asSegment(at, 1));
    private static final List<ObjLongConsumer<MappedMemory>> WRITES = List.of(
        (memory, at) -> memory.putByte(at, (byte) 1), (memory, at) -> memory.putShort(at, (short) 1),
        (memory, at) -> memory.putInt(at, 1), (memory, at) -> memory.putLong(at, 1),
        (memory, at) -> memory.putShortNetworkOrder(at, (short) 1), (memory, at) -> memory.putIntNetworkOrder(at, 1),
        (memory, at) -> memory.putLongNetworkOrder(at, 1), (memory, at) -> memory.putShortRelease(at, (short) 1),
        (memory, at) -> memory.putIntRelease(at, 1), (memory, at) -> memory.putLongRelease(at, 1),
        (memory, at) -> memory.clear(at, 1));

    private final MappedMemory memory = map(Libc.PROT_READ | Libc.PROT_WRITE);

    private static MappedMemory map(final int protection) {
        return MappedMemory.map("test", SIZE, protection, Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, -1, 0);
    }

    @AfterEach
    void tearDown() {
        memory.close();
    }

    @Test
    void shouldLayBytesOutInEachOrderWhenWrittenAndReadBack() {
        memory.putLong(1, 0x0102_0304_0506_0708L);
        assertThat(memory.getByte(1)).isEqualTo((byte) 8);
        assertThat(memory.getShort(1)).isEqualTo((short) 0x0708);
        assertThat(memory.getInt(1)).isEqualTo(0x0506_0708);
        assertThat(memory.getLong(1)).isEqualTo(0x0102_0304_0506_0708L);
        assertThat(memory.getShortNetworkOrder(1)).isEqualTo((short) 0x0807);
        assertThat(memory.getIntNetworkOrder(1)).isEqualTo(0x0807_0605);
        assertThat(memory.getLongNetworkOrder(1)).isEqualTo(0x0807_0605_0403_0201L);

        memory.putLongNetworkOrder(16, 0x0102_0304_0506_0708L);
        memory.putIntNetworkOrder(24, 0x0102_0304);
        memory.putShortNetworkOrder(28, (short) 0x0102);
        assertThat(memory.getByteAcquire(16)).isEqualTo((byte) 1);
        assertThat(memory.getLongAcquire(16)).isEqualTo(0x0807_0605_0403_0201L);
        assertThat(memory.getIntAcquire(24)).isEqualTo(0x0403_0201);
        assertThat(memory.getShortAcquire(28)).isEqualTo((short) 0x0201);

        memory.putLongRelease(32, 0x0102_0304_0506_0708L);
        memory.putIntRelease(40, 0x0102_0304);
        memory.putShortRelease(44, (short) 0x0102);
        assertThat(memory.getLong(32)).isEqualTo(0x0102_0304_0506_0708L);
        assertThat(memory.getInt(40)).isEqualTo(0x0102_0304);
        assertThat(memory.getShort(44)).isEqualTo((short) 0x0102);

        memory.putInt(48, 7);
        assertThat(memory.exchangeIntAcquire(48, 8)).isEqualTo(7);
        assertThat(memory.getInt(48)).isEqualTo(8);

        memory.clear(32, 13);
        assertThat(memory.getLong(32)).isZero();
        assertThat(memory.getLong(40)).isEqualTo(1L << 40);
    }

    @Test
    void shouldRefuseEveryAccessWhenItLeavesTheMapping() {
        for (final long at : new long[] {-1, SIZE, SIZE + 8, Long.MAX_VALUE, Long.MIN_VALUE}) {
            READS.forEach(read -> assertOutOfBounds(read, memory, at));
            WRITES.forEach(write -> assertOutOfBounds(write, memory, at));
        }
        assertOutOfBounds(MappedMemory::getLong, memory, SIZE - 7);
        assertOutOfBounds((target, at) -> target.putLong(at, 1), memory, SIZE - 7);
        assertOutOfBounds((target, at) -> target.asSegment(at, -1), memory, 0);
        assertOutOfBounds((target, at) -> target.clear(at, Long.MAX_VALUE), memory, 1);
        assertThat(memory.getLong(SIZE - 8)).isZero();
    }

    @Test
    void shouldRefuseAnOrderedAccessWhenItIsNotAligned() {
        assertThatThrownBy(() -> memory.getShortAcquire(1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> memory.getIntAcquire(2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> memory.getLongAcquire(4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> memory.putShortRelease(1, (short) 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> memory.putIntRelease(2, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> memory.putLongRelease(4, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> memory.exchangeIntAcquire(2, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseEveryWriteWhenTheCpuMayOnlyRead() {
        try (MappedMemory readOnly = map(Libc.PROT_READ)) {
            assertThat(readOnly.isReadable()).isTrue();
            assertThat(readOnly.isWritable()).isFalse();
            WRITES.forEach(write -> assertThatThrownBy(() -> write.accept(readOnly, 0))
                .isInstanceOf(IndexOutOfBoundsException.class).hasMessageContaining("may not write"));
            READS.forEach(read -> assertThatCode(() -> read.accept(readOnly, 0)).doesNotThrowAnyException());
            assertThat(readOnly.asSegment(0, 8).isReadOnly()).isTrue();
        }
    }

    @Test
    void shouldRefuseEveryAccessWhenTheCpuMayDoNothing() {
        try (MappedMemory unreachable = map(0)) {
            READS.forEach(read -> assertThatThrownBy(() -> read.accept(unreachable, 0))
                .isInstanceOf(IndexOutOfBoundsException.class).hasMessageContaining("may not read"));
            WRITES.forEach(write -> assertOutOfBounds(write, unreachable, 0));
        }
    }

    @Test
    void shouldRefuseEveryAccessWhenItIsClosed() {
        memory.close();
        memory.close();

        assertThat(memory.isOpen()).isFalse();
        assertThat(memory.isReadable()).isFalse();
        assertThat(memory.isWritable()).isFalse();
        assertThat(memory.size()).isEqualTo(SIZE);
        assertThat(memory).hasToString("test (4096 bytes, closed)");
        READS.forEach(read -> assertThatThrownBy(() -> read.accept(memory, 0))
            .isInstanceOf(IndexOutOfBoundsException.class).hasMessageContaining("it is closed"));
        WRITES.forEach(write -> assertOutOfBounds(write, memory, 0));
    }

    @Test
    void shouldGiveABoundedSegmentWhenAskedForOne() {
        memory.putByte(100, (byte) 7);
        final MemorySegment segment = memory.asSegment(100, 4);

        assertThat(segment.byteSize()).isEqualTo(4);
        assertThat(segment.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 7);
        assertThatThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, 4)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void shouldStoreItsAddressWhenAStructForTheKernelNeedsIt() {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment struct = arena.allocate(16);
            memory.storeAddress(struct, 8);

            assertThat(struct.get(ValueLayout.JAVA_LONG, 8)).isEqualTo(memory.asSegment(0, 1).address());
        }
    }

    @Test
    void shouldNameTheErrorWhenTheKernelRefuses() {
        assertThatThrownBy(() -> MappedMemory.map("nothing", 0, Libc.PROT_READ, Libc.MAP_PRIVATE, -1, 0))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MappedMemory.map("bad file", SIZE, Libc.PROT_READ, Libc.MAP_PRIVATE, -1, 0))
            .isInstanceOfSatisfying(SystemCallException.class, refused -> assertThat(refused.is("EBADF")).isTrue())
            .hasMessageContaining("mmap(bad file, 4096 bytes)");
    }

    private static void assertOutOfBounds(
        final ObjLongConsumer<MappedMemory> access, final MappedMemory target, final long at) {
        assertThatThrownBy(() -> access.accept(target, at)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
