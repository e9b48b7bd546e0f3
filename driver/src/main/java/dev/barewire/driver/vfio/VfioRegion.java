package dev.barewire.driver.vfio;

import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.posix.Libc;
import dev.barewire.driver.access.FileWindow;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

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

    FileWindow window() {
        return new FileWindow("region " + index, device::fd, offset, size);
    }
}
