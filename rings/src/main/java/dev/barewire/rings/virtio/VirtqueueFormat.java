package dev.barewire.rings.virtio;

/**
 * What a device and its driver agreed on for their virtqueues, and a queue's size.
 *
 * @param packed     VIRTIO_F_RING_PACKED: one ring of descriptors (section 2.8) instead of three parts (2.7)
 * @param size       descriptors: a power of two unless packed, up to 32768
 * @param indirect   VIRTIO_F_INDIRECT_DESC: a descriptor may point at a table of them
 * @param eventIndex VIRTIO_F_EVENT_IDX: either side may ask to be told only at a given descriptor
 * @param inOrder    VIRTIO_F_IN_ORDER: the device uses buffers in the order in which it gets them
 */
public record VirtqueueFormat(boolean packed, int size, boolean indirect, boolean eventIndex, boolean inOrder) {
    /** The most descriptors of a queue. */
    public static final int MAX_SIZE = 1 << 15;
    /** Parts that different sides write start at a cache line each, which is more than any part must be aligned to. */
    static final int ALIGNMENT = 64;

    /** Refuses a size that no queue can have. */
    public VirtqueueFormat {
        if (size < 1 || size > MAX_SIZE || !packed && (size & size - 1) != 0) {
            throw new IllegalArgumentException("a " + (packed ? "packed" : "split") + " virtqueue has "
                + (packed ? "1 to " : "a power of two of descriptors up to ") + MAX_SIZE + ", not " + size);
        }
    }

    /** Where the driver area starts: behind the descriptors. */
    int driverOffset() {
        return align(size * SplitLayout.DESCRIPTOR_BYTES);
    }

    /** Where the device area starts. */
    int deviceOffset() {
        return driverOffset() + align(packed ? PackedLayout.EVENT_BYTES : SplitLayout.availableBytes(size));
    }

    /** How many bytes the three areas take. */
    int bytes() {
        return deviceOffset() + align(packed ? PackedLayout.EVENT_BYTES : SplitLayout.usedBytes(size));
    }

    static int align(final int bytes) {
        return bytes + ALIGNMENT - 1 & -ALIGNMENT;
    }
}
