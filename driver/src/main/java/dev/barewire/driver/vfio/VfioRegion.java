package dev.barewire.driver.vfio;

import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.posix.Libc;
import dev.barewire.dma.posix.Posix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A region of a device file: a BAR or the configuration space, reached by pread(2) and pwrite(2), or mapped.
 *
 * @param device   whose it is
 * @param index    the region's number in the header
 * @param size     bytes; 0 when the device has no such region
 * @param offset   where it starts in the device file
 * @param mappable whether all of it can be mapped
 */
record VfioRegion(VfioDevice device, int index, long size, long offset, boolean mappable) {
    /** Reads struct vfio_region_info. */
    static VfioRegion parse(final VfioDevice device, final MemorySegment info) {
        final int flags = info.get(ValueLayout.JAVA_INT, Vfio.FLAGS);
        final long capabilities = (flags & Vfio.REGION_CAPS) == 0 ? 0
            : Integer.toUnsignedLong(info.get(ValueLayout.JAVA_INT, Vfio.REGION_CAPABILITIES));
        // Older kernels keep the MSI-X table out of the mapping, and list the rest as areas.
        final boolean sparse = Vfio.capability(info, capabilities, Vfio.CAP_SPARSE_MMAP) != 0;
        return new VfioRegion(device, info.get(ValueLayout.JAVA_INT, Vfio.INDEX),
            info.get(ValueLayout.JAVA_LONG, Vfio.REGION_SIZE), info.get(ValueLayout.JAVA_LONG, Vfio.REGION_OFFSET),
            (flags & Vfio.REGION_MMAP) != 0 && !sparse);
    }

    MappedMemory map() {
        return MappedMemory.map("BAR " + index, size, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED, device.fd(),
            offset);
    }

    int read(final int at, final int width) {
        final ByteBuffer value = room(at, width);
        final int got = Posix.pread(device.fd(), value, offset + at);
        if (got != width) {
            throw new IllegalStateException("region " + index + " gave " + got + " of " + width + " bytes at " + at);
        }
        return switch (width) {
            case Byte.BYTES -> Byte.toUnsignedInt(value.get(0));
            case Short.BYTES -> Short.toUnsignedInt(value.getShort(0));
            default -> value.getInt(0);
        };
    }

    void write(final int at, final int width, final int value) {
        final ByteBuffer room = room(at, width);
        switch (width) {
            case Byte.BYTES -> room.put(0, (byte) value);
            case Short.BYTES -> room.putShort(0, (short) value);
            default -> room.putInt(0, value);
        }
        final int taken = Posix.pwrite(device.fd(), room, offset + at);
        if (taken != width) {
            throw new IllegalStateException("region " + index + " took " + taken + " of " + width + " bytes at " + at);
        }
    }

    private ByteBuffer room(final int at, final int width) {
        if (width != Byte.BYTES && width != Short.BYTES && width != Integer.BYTES) {
            throw new IllegalArgumentException("an access is 1, 2 or 4 bytes wide, not " + width);
        }
        if (at < 0 || at % width != 0 || at > size - width) {
            throw new IndexOutOfBoundsException(
                "no aligned " + width + " bytes at " + at + " of region " + index + ", which has " + size);
        }
        return ByteBuffer.allocateDirect(width).order(ByteOrder.LITTLE_ENDIAN);
    }
}
