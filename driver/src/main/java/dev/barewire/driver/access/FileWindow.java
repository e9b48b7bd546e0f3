package dev.barewire.driver.access;

import dev.barewire.dma.posix.Posix;
import dev.barewire.driver.pci.PciConfig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntSupplier;

/** Configuration space or a BAR that is a part of a file: an access is a system call, pread(2) or pwrite(2). */
public final class FileWindow implements PciConfig, Registers {
    private final String name;
    private final IntSupplier fd;
    private final long offset;
    private final long size;

    /**
     * Makes a window.
     *
     * @param name   what it is, for messages
     * @param fd     gives the file descriptor, or fails when that is closed
     * @param offset where the window starts in the file
     * @param size   its bytes
     */
    public FileWindow(final String name, final IntSupplier fd, final long offset, final long size) {
        this.name = name;
        this.fd = fd;
        this.offset = offset;
        this.size = size;
    }

    @Override
    public int read(final int at) {
        return read(at, Integer.BYTES);
    }

    @Override
    public void write(final int at, final int value) {
        write(at, Integer.BYTES, value);
    }

    @Override
    public int read(final int at, final int width) {
        final ByteBuffer value = room(at, width);
        final int got = Posix.pread(fd.getAsInt(), value, offset + at);
        if (got != width) {
            throw new IllegalStateException(name + " gave " + got + " of " + width + " bytes at " + at);
        }
        return switch (width) {
            case Byte.BYTES -> Byte.toUnsignedInt(value.get(0));
            case Short.BYTES -> Short.toUnsignedInt(value.getShort(0));
            default -> value.getInt(0);
        };
    }

    @Override
    public void write(final int at, final int width, final int value) {
        final ByteBuffer room = room(at, width);
        switch (width) {
            case Byte.BYTES -> room.put(0, (byte) value);
            case Short.BYTES -> room.putShort(0, (short) value);
            default -> room.putInt(0, value);
        }
        final int taken = Posix.pwrite(fd.getAsInt(), room, offset + at);
        if (taken != width) {
            throw new IllegalStateException(name + " took " + taken + " of " + width + " bytes at " + at);
        }
    }

    private ByteBuffer room(final int at, final int width) {
        if (width != Byte.BYTES && width != Short.BYTES && width != Integer.BYTES) {
            throw new IllegalArgumentException("an access is 1, 2 or 4 bytes wide, not " + width);
        }
        if (at < 0 || at % width != 0 || at > size - width) {
            throw new IndexOutOfBoundsException(
                "no aligned " + width + " bytes at " + at + " of " + name + ", which has " + size);
        }
        return ByteBuffer.allocateDirect(width).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public int size() {
        return (int) Math.min(size, Integer.MAX_VALUE);
    }
}
