package dev.barewire.rings.virtio;

/** The three parts of a split virtqueue (section 2.7). Offsets are bytes from the start of a part or of an element. */
final class SplitLayout {
    /** A descriptor's size (2.7.5). */
    static final int DESCRIPTOR_BYTES = 16;
    /** The first quadword: the buffer's address. */
    static final int ADDRESS = 0;
    /** The second: length, flags at 12, next at 14. */
    static final int CONTROL = 8;

    /** The available ring (2.7.6). */
    static final int AVAILABLE_FLAGS = 0;
    static final int AVAILABLE_INDEX = 2;
    private static final int AVAILABLE_RING = 4;
    /** No interrupt, please; only without VIRTIO_F_EVENT_IDX (2.7.7). */
    static final short NO_INTERRUPT = 1;

    /** The used ring (2.7.8). */
    static final int USED_FLAGS = 0;
    static final int USED_INDEX = 2;
    private static final int USED_RING = 4;
    private static final int USED_BYTES = 8;
    /** No notification, please; only without VIRTIO_F_EVENT_IDX (2.7.10). */
    static final int NO_NOTIFY = 1;

    private SplitLayout() {
    }

    static int descriptor(final int index) {
        return index * DESCRIPTOR_BYTES;
    }

    static long control(final int length, final int flags, final int next) {
        return length & 0xffff_ffffL | (long) flags << 32 | (long) next << 48;
    }

    static int availableEntry(final int slot) {
        return AVAILABLE_RING + slot * Short.BYTES;
    }

    /** Behind the available ring: where used_event lies (2.7.7). */
    static int usedEvent(final int size) {
        return availableEntry(size);
    }

    static int availableBytes(final int size) {
        return usedEvent(size) + Short.BYTES;
    }

    /** Id in the low half, length in the high one. */
    static int usedEntry(final int slot) {
        return USED_RING + slot * USED_BYTES;
    }

    /** Behind the used ring: where avail_event lies (2.7.10). */
    static int availableEvent(final int size) {
        return usedEntry(size);
    }

    static int usedBytes(final int size) {
        return availableEvent(size) + Short.BYTES;
    }
}
