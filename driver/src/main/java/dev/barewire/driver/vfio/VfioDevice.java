package dev.barewire.driver.vfio;

import dev.barewire.dma.posix.Libc;
import dev.barewire.dma.posix.Posix;
import dev.barewire.dma.posix.SystemCallException;
import dev.barewire.driver.pci.PciConfig;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** An open device file descriptor: what it has, and its configuration space. */
final class VfioDevice implements PciConfig {
    private final int fd;
    private final boolean resets;
    private volatile boolean open = true;
    private final PciConfig config;

    VfioDevice(final int fd) {
        this.fd = fd;
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment info = Vfio.struct(arena, Vfio.DEVICE_INFO_BYTES);
            Libc.ioctl("VFIO_DEVICE_GET_INFO", fd, Vfio.DEVICE_GET_INFO, info);
            resets = (info.get(ValueLayout.JAVA_INT, Vfio.FLAGS) & Vfio.DEVICE_RESETS) != 0;
        }
        config = region(Vfio.CONFIG_REGION).window();
    }

    /** Its file descriptor, while it is open: afterwards the number may stand for another file. */
    int fd() {
        if (!open) {
            throw new IllegalStateException("the card is closed");
        }
        return fd;
    }

    /** Asks for a region, twice where it has capabilities, which need more room. */
    VfioRegion region(final int index) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = regionInfo(arena, index, Vfio.REGION_INFO_BYTES);
            final int needed = info.get(ValueLayout.JAVA_INT, Vfio.ARGSZ);
            if (needed > Vfio.REGION_INFO_BYTES) {
                info = regionInfo(arena, index, needed);
            }
            return VfioRegion.parse(this, info);
        }
    }

    private MemorySegment regionInfo(final Arena arena, final int index, final int bytes) {
        final MemorySegment info = Vfio.struct(arena, bytes);
        info.set(ValueLayout.JAVA_INT, Vfio.INDEX, index);
        Libc.ioctl("VFIO_DEVICE_GET_REGION_INFO(" + index + ")", fd(), Vfio.DEVICE_GET_REGION_INFO, info);
        return info;
    }

    /** How many interrupts of a kind (an index of the header) it has. */
    int interruptCount(final int index) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment info = Vfio.struct(arena, Vfio.IRQ_INFO_BYTES);
            info.set(ValueLayout.JAVA_INT, Vfio.INDEX, index);
            Libc.ioctl("VFIO_DEVICE_GET_IRQ_INFO(" + index + ")", fd(), Vfio.DEVICE_GET_IRQ_INFO, info);
            return info.get(ValueLayout.JAVA_INT, Vfio.IRQ_COUNT);
        }
    }

    /** Resets the function; false where the kernel has no way to. */
    boolean reset() {
        if (!resets) {
            return false;
        }
        try {
            Libc.ioctl("VFIO_DEVICE_RESET", fd(), Vfio.DEVICE_RESET, 0);
            return true;
        } catch (final SystemCallException refused) {
            // The flag is a promise of the bus; some functions refuse all the same (seen: EINVAL).
            return false;
        }
    }

    @Override
    public int read(final int offset, final int width) {
        return config.read(offset, width);
    }

    @Override
    public void write(final int offset, final int width, final int value) {
        config.write(offset, width, value);
    }

    void close() {
        open = false;
        Posix.close(fd);
    }
}
