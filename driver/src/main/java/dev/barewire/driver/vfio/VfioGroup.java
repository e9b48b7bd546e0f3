package dev.barewire.driver.vfio;

import dev.barewire.SetupException;
import dev.barewire.dma.posix.Libc;
import dev.barewire.dma.posix.Posix;
import dev.barewire.dma.posix.SystemCallException;
import dev.barewire.driver.pci.PciAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** An open {@code /dev/vfio/N}: the cards that the IOMMU cannot tell apart. A process can open it once only. */
final class VfioGroup {
    private final int number;
    private final int fd;

    private VfioGroup(final int number, final int fd) {
        this.number = number;
        this.fd = fd;
    }

    static VfioGroup open(final int number) {
        final String path = "/dev/vfio/" + number;
        try {
            return new VfioGroup(number, Posix.open(path, Posix.O_RDWR));
        } catch (final SystemCallException refused) {
            if (refused.is("EBUSY")) {
                throw new SetupException("IOMMU group " + number + " is in use: another process has " + path
                    + " open, and only one can", "end the process that this shows: fuser -v " + path, refused);
            }
            throw new SetupException("IOMMU group " + number + " cannot be opened: " + refused.getMessage(),
                "sudo chown $USER " + path, refused);
        }
    }

    int number() {
        return number;
    }

    boolean isViable() {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment status = Vfio.struct(arena, Vfio.GROUP_STATUS_BYTES);
            Libc.ioctl("VFIO_GROUP_GET_STATUS", fd, Vfio.GROUP_GET_STATUS, status);
            return (status.get(ValueLayout.JAVA_INT, Vfio.FLAGS) & Vfio.GROUP_VIABLE) != 0;
        }
    }

    void setContainer(final int container) {
        try (Arena arena = Arena.ofConfined()) {
            Libc.ioctl("VFIO_GROUP_SET_CONTAINER", fd, Vfio.GROUP_SET_CONTAINER,
                arena.allocateFrom(ValueLayout.JAVA_INT, container));
        }
    }

    void unsetContainer() {
        Libc.ioctl("VFIO_GROUP_UNSET_CONTAINER", fd, Vfio.GROUP_UNSET_CONTAINER, 0);
    }

    /** Opens a card of this group, which must be in a container. */
    int openDevice(final PciAddress address) {
        try (Arena arena = Arena.ofConfined()) {
            return Libc.ioctl("VFIO_GROUP_GET_DEVICE_FD(" + address + ")", fd, Vfio.GROUP_GET_DEVICE_FD,
                arena.allocateFrom(address.toString()));
        }
    }

    void close() {
        Posix.close(fd);
    }
}
