package dev.barewire.driver.vfio;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Requests and struct layouts of linux/vfio.h; the header's name stands beside each. Offsets and sizes are bytes. */
final class Vfio {
    /** VFIO_API_VERSION. */
    static final int API_VERSION = 0;
    /** VFIO_TYPE1v2_IOMMU. */
    static final int TYPE1V2_IOMMU = 3;

    /** VFIO_GET_API_VERSION. */
    static final long GET_API_VERSION = request(0);
    /** VFIO_CHECK_EXTENSION. */
    static final long CHECK_EXTENSION = request(1);
    /** VFIO_SET_IOMMU. */
    static final long SET_IOMMU = request(2);
    /** VFIO_GROUP_GET_STATUS. */
    static final long GROUP_GET_STATUS = request(3);
    /** VFIO_GROUP_SET_CONTAINER. */
    static final long GROUP_SET_CONTAINER = request(4);
    /** VFIO_GROUP_UNSET_CONTAINER. */
    static final long GROUP_UNSET_CONTAINER = request(5);
    /** VFIO_GROUP_GET_DEVICE_FD. */
    static final long GROUP_GET_DEVICE_FD = request(6);
    /** VFIO_DEVICE_GET_INFO. */
    static final long DEVICE_GET_INFO = request(7);
    /** VFIO_DEVICE_GET_REGION_INFO. */
    static final long DEVICE_GET_REGION_INFO = request(8);
    /** VFIO_DEVICE_GET_IRQ_INFO. */
    static final long DEVICE_GET_IRQ_INFO = request(9);
    /** VFIO_DEVICE_SET_IRQS. */
    static final long DEVICE_SET_IRQS = request(10);
    /** VFIO_DEVICE_RESET. */
    static final long DEVICE_RESET = request(11);
    /** VFIO_IOMMU_GET_INFO. */
    static final long IOMMU_GET_INFO = request(12);
    /** VFIO_IOMMU_MAP_DMA. */
    static final long IOMMU_MAP_DMA = request(13);
    /** VFIO_IOMMU_UNMAP_DMA. */
    static final long IOMMU_UNMAP_DMA = request(14);

    /** The first two fields of every struct with a size: {@code argsz}. */
    static final long ARGSZ = 0;
    /** {@code flags}. */
    static final long FLAGS = 4;

    /** struct vfio_group_status: argsz, flags. */
    static final int GROUP_STATUS_BYTES = 8;
    /** VFIO_GROUP_FLAGS_VIABLE. */
    static final int GROUP_VIABLE = 1;

    /** struct vfio_device_info: argsz, flags, num_regions, num_irqs, cap_offset. */
    static final int DEVICE_INFO_BYTES = 20;
    /** VFIO_DEVICE_FLAGS_RESET. */
    static final int DEVICE_RESETS = 1;

    /** struct vfio_region_info without its capabilities. */
    static final int REGION_INFO_BYTES = 32;
    /** vfio_region_info.index, and vfio_irq_info.index. */
    static final long INDEX = 8;
    /** vfio_region_info.size. */
    static final long REGION_SIZE = 16;
    /** vfio_region_info.offset. */
    static final long REGION_OFFSET = 24;
    /** vfio_region_info.cap_offset. */
    static final long REGION_CAPABILITIES = 12;
    /** VFIO_REGION_INFO_FLAG_MMAP. */
    static final int REGION_MMAP = 1 << 2;
    /** VFIO_REGION_INFO_FLAG_CAPS. */
    static final int REGION_CAPS = 1 << 3;
    /** VFIO_REGION_INFO_CAP_SPARSE_MMAP. */
    static final int CAP_SPARSE_MMAP = 1;
    /** VFIO_PCI_BAR5_REGION_INDEX + 1; BAR n is region n. */
    static final int BARS = 6;
    /** VFIO_PCI_CONFIG_REGION_INDEX. */
    static final int CONFIG_REGION = 7;

    /** struct vfio_irq_info. */
    static final int IRQ_INFO_BYTES = 16;
    /** vfio_irq_info.count. */
    static final long IRQ_COUNT = 12;
    /** VFIO_PCI_INTX_IRQ_INDEX. */
    static final int IRQ_INTX = 0;
    /** VFIO_PCI_MSI_IRQ_INDEX. */
    static final int IRQ_MSI = 1;
    /** VFIO_PCI_MSIX_IRQ_INDEX. */
    static final int IRQ_MSIX = 2;

    /** VFIO_PCI_ERR_IRQ_INDEX: the bus reported an error of the card that nobody could mend. */
    static final int IRQ_ERROR = 3;
    /** VFIO_PCI_REQ_IRQ_INDEX: the kernel wants the card back. */
    static final int IRQ_REQUEST = 4;

    /** struct vfio_irq_set without its data: argsz, flags, index, start, count. */
    static final int IRQ_SET_BYTES = 20;
    /** vfio_irq_set.start. */
    static final long IRQ_SET_START = 12;
    /** vfio_irq_set.count. */
    static final long IRQ_SET_COUNT = 16;
    /** VFIO_IRQ_SET_DATA_NONE. */
    static final int IRQ_DATA_NONE = 1;
    /** VFIO_IRQ_SET_DATA_EVENTFD. */
    static final int IRQ_DATA_EVENTFD = 1 << 2;
    /** VFIO_IRQ_SET_ACTION_UNMASK. */
    static final int IRQ_UNMASK = 1 << 4;
    /** VFIO_IRQ_SET_ACTION_TRIGGER. */
    static final int IRQ_TRIGGER = 1 << 5;

    /** struct vfio_iommu_type1_info without its capabilities, padded to 8. */
    static final int IOMMU_INFO_BYTES = 24;
    /** vfio_iommu_type1_info.cap_offset. */
    static final long IOMMU_CAPABILITIES = 16;
    /** VFIO_IOMMU_INFO_CAPS. */
    static final int IOMMU_CAPS = 1 << 1;
    /** VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE. */
    static final int CAP_IOVA_RANGE = 1;
    /** vfio_iommu_type1_info_cap_iova_range.nr_iovas, from the capability's start. */
    static final long IOVA_COUNT = 8;
    /** vfio_iommu_type1_info_cap_iova_range.iova_ranges: pairs of start and end, 64 bits each. */
    static final long IOVA_RANGES = 16;

    /** struct vfio_iommu_type1_dma_map: argsz, flags, vaddr, iova, size. */
    static final int DMA_MAP_BYTES = 32;
    /** vfio_iommu_type1_dma_map.vaddr. */
    static final long MAP_VADDR = 8;
    /** vfio_iommu_type1_dma_map.iova. */
    static final long MAP_IOVA = 16;
    /** vfio_iommu_type1_dma_map.size. */
    static final long MAP_SIZE = 24;
    /** VFIO_DMA_MAP_FLAG_READ. */
    static final int MAP_READ = 1;
    /** VFIO_DMA_MAP_FLAG_WRITE. */
    static final int MAP_WRITE = 1 << 1;

    /** struct vfio_iommu_type1_dma_unmap: argsz, flags, iova, size. */
    static final int DMA_UNMAP_BYTES = 24;
    /** vfio_iommu_type1_dma_unmap.iova. */
    static final long UNMAP_IOVA = 8;
    /** vfio_iommu_type1_dma_unmap.size. */
    static final long UNMAP_SIZE = 16;

    private Vfio() {
    }

    /** A struct of zeros with its {@code argsz} set. */
    static MemorySegment struct(final Arena arena, final int bytes) {
        final MemorySegment struct = arena.allocate(bytes, Long.BYTES);
        struct.set(ValueLayout.JAVA_INT, ARGSZ, bytes);
        return struct;
    }

    /** A struct vfio_irq_set for vectors from 0 on, with room for data behind it. */
    static MemorySegment irqSet(final Arena arena, final int index, final int flags, final int count, final int dataBytes) {
        final MemorySegment set = struct(arena, IRQ_SET_BYTES + dataBytes);
        set.set(ValueLayout.JAVA_INT, FLAGS, flags);
        set.set(ValueLayout.JAVA_INT, INDEX, index);
        set.set(ValueLayout.JAVA_INT, IRQ_SET_START, 0);
        set.set(ValueLayout.JAVA_INT, IRQ_SET_COUNT, count);
        return set;
    }

    /**
     * Finds a capability in an info struct's chain (struct vfio_info_cap_header: 16-bit id, 16-bit version, 32-bit
     * offset of the next).
     *
     * @return its offset from the struct's start, or 0 if there is none
     */
    static long capability(final MemorySegment info, final long first, final int id) {
        long offset = first;
        // A chain cannot have more headers than fit: one that runs in a circle ends here.
        for (long left = info.byteSize() / Long.BYTES; left > 0 && offset != 0; left--) {
            if (info.get(ValueLayout.JAVA_SHORT_UNALIGNED, offset) == id) {
                return offset;
            }
            offset = Integer.toUnsignedLong(info.get(ValueLayout.JAVA_INT_UNALIGNED, offset + 4));
        }
        return 0;
    }

    /** {@code _IO(VFIO_TYPE, VFIO_BASE + number)}. */
    private static long request(final int number) {
        return ';' << Byte.SIZE | 100 + number;
    }
}
