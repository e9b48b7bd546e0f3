package dev.barewire.dma;

import dev.barewire.dma.posix.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A range of this process's memory that mmap(2) gave: ordinary pages, a file's pages, or a card's BAR. This is the one
 * class that holds raw addresses. Every accessor checks the bounds and the CPU's rights, and fails with
 * {@link IndexOutOfBoundsException}; after {@link #close()} all of them fail.
 *
 * <p>Offsets are bytes from the start. Plain accessors are little-endian, as descriptors and registers are, and may be
 * unaligned; those named {@code NetworkOrder} are big-endian. Acquire and release accessors must be naturally aligned
 * (a misaligned one fails with {@link IllegalArgumentException}): they are single machine accesses, never merged, torn
 * or widened, so registers and ownership words are touched with them only.
 */
public final class MappedMemory implements AutoCloseable {
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final VarHandle BYTE = ValueLayout.JAVA_BYTE.varHandle();
    private static final VarHandle SHORT = little(ValueLayout.JAVA_SHORT_UNALIGNED);
    private static final VarHandle INT = little(ValueLayout.JAVA_INT_UNALIGNED);
    private static final VarHandle LONG = little(ValueLayout.JAVA_LONG_UNALIGNED);
    private static final VarHandle SHORT_BIG =
        ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN).varHandle();
    private static final VarHandle INT_BIG = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN).varHandle();
    private static final VarHandle LONG_BIG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN).varHandle();
    private static final VarHandle ALIGNED_SHORT = little(ValueLayout.JAVA_SHORT);
    private static final VarHandle ALIGNED_INT = little(ValueLayout.JAVA_INT);
    private static final VarHandle ALIGNED_LONG = little(ValueLayout.JAVA_LONG);

    private final String name;
    private final long address;
    private final long bytes;
    private final MemorySegment segment;
    private final Runnable unmap;
    private long readLimit;
    private long writeLimit;

    private MappedMemory(
        final String name, final long address, final long bytes, final int protection, final Runnable unmap) {
        this.name = name;
        this.address = address;
        this.bytes = bytes;
        this.unmap = unmap;
        this.readLimit = (protection & Libc.PROT_READ) != 0 ? bytes : 0;
        this.writeLimit = (protection & Libc.PROT_WRITE) != 0 ? bytes : 0;
        final MemorySegment whole = ALL.asSlice(address, bytes);
        this.segment = writeLimit > 0 ? whole : whole.asReadOnly();
    }

    /**
     * Maps memory.
     *
     * @param name       what it is, for messages
     * @param bytes      the length, at least 1
     * @param protection {@code Libc.PROT_*} bits, which are also the CPU's rights here
     * @param flags      {@code Libc.MAP_*} bits
     * @param fd         the file, or -1 for anonymous memory
     * @param offset     where in the file, a multiple of the page size
     * @return the mapping
     */
    public static MappedMemory map(
        final String name, final long bytes, final int protection, final int flags, final int fd, final long offset) {
        if (bytes <= 0) {
            throw new IllegalArgumentException(name + ": cannot map " + bytes + " bytes");
        }
        final long address = Libc.mmap(name, bytes, protection, flags, fd, offset);
        return new MappedMemory(name, address, bytes, protection, () -> Libc.munmap(address, bytes));
    }

    /**
     * Maps a part of a file that the JDK has open, to read and write, shared with whoever else maps it.
     *
     * @param name   what it is, for messages
     * @param file   open for reading and writing; it may be closed afterwards
     * @param offset where in the file, a multiple of the page size
     * @param bytes  the length, at least 1
     * @return the mapping
     * @throws IOException if the file cannot be mapped
     */
    public static MappedMemory map(final String name, final FileChannel file, final long offset, final long bytes)
        throws IOException {
        final Arena arena = Arena.ofShared();
        try {
            final long address = file.map(FileChannel.MapMode.READ_WRITE, offset, bytes, arena).address();
            return new MappedMemory(name, address, bytes, Libc.PROT_READ | Libc.PROT_WRITE, arena::close);
        } catch (final IOException | RuntimeException refused) {
            arena.close();
            throw refused;
        }
    }

    /**
     * Maps files one behind the other, each whole, to read and write: they are one piece of memory here.
     *
     * @param name      what it is, for messages
     * @param pageBytes the size of each file, and the alignment of the whole: a power of two and a multiple of the page size
     * @param files     their file descriptors, in order; they may be closed afterwards
     * @return the mapping
     */
    public static MappedMemory join(final String name, final long pageBytes, final List<Integer> files) {
        final long bytes = pageBytes * files.size();
        // One more than is needed, so that a multiple of the alignment lies in it.
        final long room = bytes + pageBytes;
        final long reserved = Libc.mmap(name, room, 0, Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, -1, 0);
        final long first = (reserved + pageBytes - 1) & -pageBytes;
        final int rights = Libc.PROT_READ | Libc.PROT_WRITE;
        try {
            for (int i = 0; i < files.size(); i++) {
                Libc.mmapAt(name, first + i * pageBytes, pageBytes, rights,
                    Libc.MAP_SHARED | Libc.MAP_FIXED | Libc.MAP_POPULATE, files.get(i), 0);
            }
        } catch (final RuntimeException refused) {
            Libc.munmap(reserved, room);
            throw refused;
        }
        return new MappedMemory(name, first, bytes, rights, () -> Libc.munmap(reserved, room));
    }

    /** Unmaps it; every later access fails. Closing twice does nothing. */
    @Override
    public synchronized void close() {
        if (isOpen()) {
            readLimit = -1;
            writeLimit = -1;
            unmap.run();
        }
    }

    /**
     * Whether it is still mapped.
     *
     * @return false after {@link #close()}
     */
    public boolean isOpen() {
        return readLimit >= 0;
    }

    /**
     * The length.
     *
     * @return bytes, also after it was closed
     */
    public long size() {
        return bytes;
    }

    /**
     * Whether the CPU may read here.
     *
     * @return true if it was mapped readable and is open
     */
    public boolean isReadable() {
        return readLimit > 0;
    }

    /**
     * Whether the CPU may write here.
     *
     * @return true if it was mapped writable and is open
     */
    public boolean isWritable() {
        return writeLimit > 0;
    }

    /** Keeps the pages in memory, mlock(2); fails with EPERM or ENOMEM where RLIMIT_MEMLOCK is too low. */
    public void lock() {
        Libc.mlock(address, bytes);
    }

    /**
     * Writes this mapping's address into a struct for the kernel, such as {@code vfio_iommu_type1_dma_map.vaddr}.
     *
     * @param struct the struct
     * @param field  the offset of its 64-bit field
     */
    public void storeAddress(final MemorySegment struct, final long field) {
        struct.set(ValueLayout.JAVA_LONG_UNALIGNED, field, address);
    }

    /**
     * Where {@code /proc/self/pagemap} tells of the page at an offset: it has 8 bytes for each page of 4096.
     *
     * @param offset where
     * @return the offset in that file
     */
    public long pagemapOffset(final long offset) {
        checkRange(offset, 1, bytes, "read");
        return (address + offset) / HostMemory.PAGE * Long.BYTES;
    }

    /**
     * The escape to Agrona: points a buffer at a range. The buffer keeps the range's bounds (unless Agrona's checks are
     * off), but it stays valid only while this is open and knows nothing of rights, which nothing checks.
     *
     * @param target what to point
     * @param offset where the range starts
     * @param length its length
     */
    public void wrap(final UnsafeBuffer target, final long offset, final int length) {
        checkRange(offset, length, readLimit, "read");
        target.wrap(address + offset, length);
    }

    /**
     * All of it as one bounded segment, always the same object: what kernels index into that read in bulk without
     * allocating. It stays valid only while this is open, which is checked here and not at its use. Not for registers.
     *
     * @return the segment, read-only where the CPU may only read
     */
    public MemorySegment segment() {
        if (readLimit <= 0) {
            throw outOfBounds(0, bytes, readLimit, "read");
        }
        return segment;
    }

    /**
     * The escape to Panama: a bounded segment over a range. It stays valid only while this is open, which nothing checks.
     *
     * @param offset where the range starts
     * @param length its length
     * @return a segment, read-only where the CPU may only read
     */
    public MemorySegment asSegment(final long offset, final long length) {
        checkRange(offset, length, readLimit, "read");
        return segment.asSlice(offset, length);
    }

    /**
     * Reads a byte.
     *
     * @param offset where
     * @return the byte
     */
    public byte getByte(final long offset) {
        return (byte) BYTE.get(ALL, readable(offset, Byte.BYTES));
    }

    /**
     * Writes a byte.
     *
     * @param offset where
     * @param value  the byte
     */
    public void putByte(final long offset, final byte value) {
        BYTE.set(ALL, writable(offset, Byte.BYTES), value);
    }

    /**
     * Reads 16 bits, little-endian.
     *
     * @param offset where
     * @return the value
     */
    public short getShort(final long offset) {
        return (short) SHORT.get(ALL, readable(offset, Short.BYTES));
    }

    /**
     * Writes 16 bits, little-endian.
     *
     * @param offset where
     * @param value  the value
     */
    public void putShort(final long offset, final short value) {
        SHORT.set(ALL, writable(offset, Short.BYTES), value);
    }

    /**
     * Reads 32 bits, little-endian.
     *
     * @param offset where
     * @return the value
     */
    public int getInt(final long offset) {
        return (int) INT.get(ALL, readable(offset, Integer.BYTES));
    }

    /**
     * Writes 32 bits, little-endian.
     *
     * @param offset where
     * @param value  the value
     */
    public void putInt(final long offset, final int value) {
        INT.set(ALL, writable(offset, Integer.BYTES), value);
    }

    /**
     * Reads 64 bits, little-endian.
     *
     * @param offset where
     * @return the value
     */
    public long getLong(final long offset) {
        return (long) LONG.get(ALL, readable(offset, Long.BYTES));
    }

    /**
     * Writes 64 bits, little-endian.
     *
     * @param offset where
     * @param value  the value
     */
    public void putLong(final long offset, final long value) {
        LONG.set(ALL, writable(offset, Long.BYTES), value);
    }

    /**
     * Reads 16 bits, big-endian.
     *
     * @param offset where
     * @return the value
     */
    public short getShortNetworkOrder(final long offset) {
        return (short) SHORT_BIG.get(ALL, readable(offset, Short.BYTES));
    }

    /**
     * Writes 16 bits, big-endian.
     *
     * @param offset where
     * @param value  the value
     */
    public void putShortNetworkOrder(final long offset, final short value) {
        SHORT_BIG.set(ALL, writable(offset, Short.BYTES), value);
    }

    /**
     * Reads 32 bits, big-endian.
     *
     * @param offset where
     * @return the value
     */
    public int getIntNetworkOrder(final long offset) {
        return (int) INT_BIG.get(ALL, readable(offset, Integer.BYTES));
    }

    /**
     * Writes 32 bits, big-endian.
     *
     * @param offset where
     * @param value  the value
     */
    public void putIntNetworkOrder(final long offset, final int value) {
        INT_BIG.set(ALL, writable(offset, Integer.BYTES), value);
    }

    /**
     * Reads 64 bits, big-endian.
     *
     * @param offset where
     * @return the value
     */
    public long getLongNetworkOrder(final long offset) {
        return (long) LONG_BIG.get(ALL, readable(offset, Long.BYTES));
    }

    /**
     * Writes 64 bits, big-endian.
     *
     * @param offset where
     * @param value  the value
     */
    public void putLongNetworkOrder(final long offset, final long value) {
        LONG_BIG.set(ALL, writable(offset, Long.BYTES), value);
    }

    /**
     * Reads a byte with acquire order: later loads stay behind it.
     *
     * @param offset where
     * @return the byte
     */
    public byte getByteAcquire(final long offset) {
        return (byte) BYTE.getAcquire(ALL, readable(offset, Byte.BYTES));
    }

    /**
     * Writes a byte with release order: earlier stores stay before it.
     *
     * @param offset where
     * @param value  the byte
     */
    public void putByteRelease(final long offset, final byte value) {
        BYTE.setRelease(ALL, writable(offset, Byte.BYTES), value);
    }

    /**
     * Reads 16 bits with acquire order.
     *
     * @param offset where, a multiple of 2
     * @return the value
     */
    public short getShortAcquire(final long offset) {
        return (short) ALIGNED_SHORT.getAcquire(ALL, readable(offset, Short.BYTES));
    }

    /**
     * Writes 16 bits with release order: earlier stores stay before it.
     *
     * @param offset where, a multiple of 2
     * @param value  the value
     */
    public void putShortRelease(final long offset, final short value) {
        ALIGNED_SHORT.setRelease(ALL, writable(offset, Short.BYTES), value);
    }

    /**
     * Reads 32 bits with acquire order.
     *
     * @param offset where, a multiple of 4
     * @return the value
     */
    public int getIntAcquire(final long offset) {
        return (int) ALIGNED_INT.getAcquire(ALL, readable(offset, Integer.BYTES));
    }

    /**
     * Writes 32 bits with release order.
     *
     * @param offset where, a multiple of 4
     * @param value  the value
     */
    public void putIntRelease(final long offset, final int value) {
        ALIGNED_INT.setRelease(ALL, writable(offset, Integer.BYTES), value);
    }

    /**
     * Replaces 32 bits, in one access that nothing else that writes there can come between: acquire order for what was there.
     *
     * @param offset where, a multiple of 4
     * @param value  the new value
     * @return the old one
     */
    public int exchangeIntAcquire(final long offset, final int value) {
        return (int) ALIGNED_INT.getAndSetAcquire(ALL, writable(offset, Integer.BYTES), value);
    }

    /**
     * Reads 64 bits with acquire order.
     *
     * @param offset where, a multiple of 8
     * @return the value
     */
    public long getLongAcquire(final long offset) {
        return (long) ALIGNED_LONG.getAcquire(ALL, readable(offset, Long.BYTES));
    }

    /**
     * Writes 64 bits with release order.
     *
     * @param offset where, a multiple of 8
     * @param value  the value
     */
    public void putLongRelease(final long offset, final long value) {
        ALIGNED_LONG.setRelease(ALL, writable(offset, Long.BYTES), value);
    }

    /**
     * Sets every byte of a range to 0. Not for registers.
     *
     * @param offset where
     * @param length how many bytes
     */
    public void clear(final long offset, final long length) {
        checkRange(offset, length, writeLimit, "write");
        ALL.asSlice(address + offset, length).fill((byte) 0);
    }

    /** Copies between two mappings; for {@link CopySite}, which keeps the ledger. */
    static void copy(
        final MappedMemory source, final long from, final MappedMemory target, final long to, final long length) {
        checkRange(source, from, length);
        target.checkRange(to, length, target.writeLimit, "write");
        MemorySegment.copy(ALL, source.address + from, ALL, target.address + to, length);
    }

    /** Copies out to an array; for {@link CopySite}. */
    void copyTo(final long from, final byte[] target, final int to, final int length) {
        checkRange(this, from, length);
        MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, address + from, target, to, length);
    }

    /** Copies in from an array; for {@link CopySite}. */
    void copyFrom(final byte[] source, final int from, final long to, final int length) {
        checkRange(to, length, writeLimit, "write");
        MemorySegment.copy(source, from, ALL, ValueLayout.JAVA_BYTE, address + to, length);
    }

    @Override
    public String toString() {
        return name + " (" + bytes + " bytes" + (isOpen() ? ")" : ", closed)");
    }

    private long readable(final long offset, final int width) {
        if (offset < 0 || offset > readLimit - width) {
            throw outOfBounds(offset, width, readLimit, "read");
        }
        return address + offset;
    }

    private long writable(final long offset, final int width) {
        if (offset < 0 || offset > writeLimit - width) {
            throw outOfBounds(offset, width, writeLimit, "write");
        }
        return address + offset;
    }

    private static void checkRange(final MappedMemory memory, final long offset, final long length) {
        memory.checkRange(offset, length, memory.readLimit, "read");
    }

    private void checkRange(final long offset, final long length, final long limit, final String access) {
        if (offset < 0 || length < 0 || offset > limit - length) {
            throw outOfBounds(offset, length, limit, access);
        }
    }

    private IndexOutOfBoundsException outOfBounds(
        final long offset, final long length, final long limit, final String access) {
        final String reason = !isOpen() ? "it is closed"
            : limit == 0 ? "the CPU may not " + access + " here"
            : "it has " + bytes + " bytes";
        return new IndexOutOfBoundsException(
            "cannot " + access + " " + length + " bytes at " + offset + " of " + name + ": " + reason);
    }

    private static VarHandle little(final ValueLayout layout) {
        return layout.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    }
}
