package dev.barewire.driver.vfio;

import dev.barewire.SetupException;
import dev.barewire.dma.DmaAccess;
import dev.barewire.dma.IommuDomain;
import dev.barewire.dma.IommuMapper;
import dev.barewire.dma.IovaRange;
import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.posix.Libc;
import dev.barewire.dma.posix.Posix;
import dev.barewire.dma.posix.SystemCallException;
import dev.barewire.driver.pci.PciAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * An open {@code /dev/vfio/vfio}: one IOMMU address space and the groups in it. Cards of this process share the first
 * container that takes their group, so that one buffer has one IOVA for all of them.
 */
final class VfioContainer implements IommuMapper {
    private static final String PATH = "/dev/vfio/vfio";
    private static final List<VfioContainer> OPEN = new ArrayList<>();

    private final int fd;
    private final List<Membership> members = new ArrayList<>();
    private List<IovaRange> usable;
    private IommuDomain domain;

    private VfioContainer() {
        fd = Posix.open(PATH, Posix.O_RDWR);
    }

    /** A card's stay in a container; several cards of one group have one each. */
    static final class Membership {
        private final PciAddress card;
        private final VfioContainer container;
        private final VfioGroup group;

        private Membership(final PciAddress card, final VfioContainer container, final VfioGroup group) {
            this.card = card;
            this.container = container;
            this.group = group;
            container.members.add(this);
        }

        VfioGroup group() {
            return group;
        }

        IommuDomain domain() {
            return container.domain;
        }

        List<IovaRange> usable() {
            return container.usable;
        }

        /** Leaves; the last card of a group closes the group, the last of all unmaps and closes the container. */
        void leave() {
            synchronized (OPEN) {
                container.remove(this);
            }
        }
    }

    /** Opens a card's group, if no card of this process has, and puts it into a container. */
    static Membership join(final PciAddress card, final int number) {
        synchronized (OPEN) {
            final List<Membership> others = OPEN.stream().flatMap(container -> container.members.stream()).toList();
            if (others.stream().anyMatch(other -> other.card.equals(card))) {
                throw new SetupException(card + " is open already in this process, and two drivers would disturb each"
                    + " other", "close the first before it is opened again");
            }
            for (final Membership other : others) {
                if (other.group.number() == number) {
                    return new Membership(card, other.container, other.group);
                }
            }
            final VfioGroup group = VfioGroup.open(number);
            try {
                return new Membership(card, place(group), group);
            } catch (final RuntimeException refused) {
                group.close();
                throw refused;
            }
        }
    }

    private static VfioContainer place(final VfioGroup group) {
        if (!group.isViable()) {
            throw new SetupException("IOMMU group " + group.number()
                + " is not viable: a device in it is bound to a driver of the kernel, which the card could disturb by DMA",
                "bind every device that this lists to vfio-pci: ls /sys/kernel/iommu_groups/" + group.number()
                    + "/devices");
        }
        for (final VfioContainer container : OPEN) {
            if (container.admits(group)) {
                return container;
            }
        }
        final VfioContainer own = new VfioContainer();
        try {
            own.begin(group);
        } catch (final RuntimeException refused) {
            Posix.close(own.fd);
            throw refused;
        }
        OPEN.add(own);
        return own;
    }

    /** Tries a further group, whose IOMMU may differ. */
    private boolean admits(final VfioGroup group) {
        try {
            group.setContainer(fd);
        } catch (final SystemCallException refused) {
            return false;
        }
        if (readUsable().equals(usable)) {
            return true;
        }
        // The new group's reserved ranges may lie where the domain would give addresses out.
        group.unsetContainer();
        return false;
    }

    private void begin(final VfioGroup group) {
        final int version = Libc.ioctl("VFIO_GET_API_VERSION", fd, Vfio.GET_API_VERSION, 0);
        final boolean type1 = Libc.ioctl("VFIO_CHECK_EXTENSION", fd, Vfio.CHECK_EXTENSION, Vfio.TYPE1V2_IOMMU) == 1;
        if (version != Vfio.API_VERSION || !type1) {
            throw new SetupException("the kernel's VFIO has API version " + version + " and "
                + (type1 ? "" : "no ") + "IOMMU of type 1 v2; version " + Vfio.API_VERSION + " with that type is needed",
                "sudo modprobe vfio_iommu_type1");
        }
        group.setContainer(fd);
        setIommu(group);
        usable = readUsable();
        domain = new IommuDomain(this, usable);
    }

    private void setIommu(final VfioGroup group) {
        try {
            Libc.ioctl("VFIO_SET_IOMMU", fd, Vfio.SET_IOMMU, Vfio.TYPE1V2_IOMMU);
        } catch (final SystemCallException refused) {
            if (!refused.is("EPERM")) {
                throw refused;
            }
            throw new SetupException("the IOMMU of group " + group.number() + " cannot remap interrupts, so a card could"
                + " raise any interrupt of the machine by a DMA write, and the kernel refuses it",
                "switch interrupt remapping on in the firmware; or accept the risk, on a machine that runs no one else's"
                    + " code: echo Y | sudo tee /sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts", refused);
        }
    }

    private List<IovaRange> readUsable() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = Vfio.struct(arena, Vfio.IOMMU_INFO_BYTES);
            Libc.ioctl("VFIO_IOMMU_GET_INFO", fd, Vfio.IOMMU_GET_INFO, info);
            final int needed = info.get(ValueLayout.JAVA_INT, Vfio.ARGSZ);
            if (needed > Vfio.IOMMU_INFO_BYTES) {
                info = Vfio.struct(arena, needed);
                Libc.ioctl("VFIO_IOMMU_GET_INFO", fd, Vfio.IOMMU_GET_INFO, info);
            }
            return IovaRanges.parse(info);
        }
    }

    private void remove(final Membership member) {
        members.remove(member);
        final boolean groupIsUsed = members.stream().anyMatch(other -> other.group == member.group);
        if (groupIsUsed) {
            return;
        }
        try {
            if (members.isEmpty()) {
                OPEN.remove(this);
                domain.close();
            }
        } finally {
            member.group.close();
            if (members.isEmpty()) {
                Posix.close(fd);
            }
        }
    }

    @Override
    public void map(final MappedMemory memory, final long iova, final long bytes, final DmaAccess access) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment map = Vfio.struct(arena, Vfio.DMA_MAP_BYTES);
            map.set(ValueLayout.JAVA_INT, Vfio.FLAGS,
                access == DmaAccess.READ ? Vfio.MAP_READ : Vfio.MAP_READ | Vfio.MAP_WRITE);
            memory.storeAddress(map, Vfio.MAP_VADDR);
            map.set(ValueLayout.JAVA_LONG, Vfio.MAP_IOVA, iova);
            map.set(ValueLayout.JAVA_LONG, Vfio.MAP_SIZE, bytes);
            Libc.ioctl("VFIO_IOMMU_MAP_DMA(" + memory + ")", fd, Vfio.IOMMU_MAP_DMA, map);
        } catch (final SystemCallException refused) {
            throw explain(refused, memory, access);
        }
    }

    private static RuntimeException explain(
        final SystemCallException refused, final MappedMemory memory, final DmaAccess access) {
        if (refused.is("ENOMEM")) {
            final long limit = Posix.lockedMemoryLimit();
            return new SetupException(memory + " cannot be pinned for DMA (ENOMEM): all memory that cards reach must stay"
                + " in place and counts against RLIMIT_MEMLOCK, which is "
                + (limit == Posix.UNLIMITED ? "unlimited" : limit + " bytes") + " here",
                "ulimit -l unlimited in the shell that starts Java, or: sudo prlimit --memlock=unlimited --pid "
                    + ProcessHandle.current().pid(), refused);
        }
        if (refused.is("EFAULT")) {
            return new SetupException(memory + " cannot be pinned for a card that may "
                + (access == DmaAccess.READ ? "read" : "read and write") + " it (EFAULT): the kernel pins no pages of a"
                + " file on disk for writing, and none that this process may not write",
                "use huge pages, anonymous memory or a memfd to receive into; map file pages with DmaAccess.READ", refused);
        }
        return refused;
    }

    @Override
    public void unmap(final long iova, final long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment unmap = Vfio.struct(arena, Vfio.DMA_UNMAP_BYTES);
            unmap.set(ValueLayout.JAVA_LONG, Vfio.UNMAP_IOVA, iova);
            unmap.set(ValueLayout.JAVA_LONG, Vfio.UNMAP_SIZE, bytes);
            Libc.ioctl("VFIO_IOMMU_UNMAP_DMA", fd, Vfio.IOMMU_UNMAP_DMA, unmap);
        }
    }
}
