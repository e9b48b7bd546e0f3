package dev.barewire.rings.virtio;

/** The parts of a packed virtqueue (section 2.8). Offsets are bytes from the start of a part or of an element. */
final class PackedLayout {
    /** A descriptor's size (2.8.13). */
    static final int DESCRIPTOR_BYTES = 16;
    /** The first quadword: the buffer's address. */
    static final int ADDRESS = 0;
    /** The second: length, buffer id at 12, flags at 14. */
    static final int CONTROL = 8;
    static final int FLAGS = 14;
    /** Equals the wrap counter of its side when the driver has made the descriptor available (2.8.1). */
    static final int AVAILABLE = 1 << 7;
    /** Differs from it until the device has used the descriptor. */
    static final int USED = 1 << 15;

    /** An event suppression structure (2.8.14): offset and wrap counter in the low half, flags in the high one. */
    static final int EVENT_BYTES = 4;
    static final int EVENT_ENABLE = 0;
    static final int EVENT_DISABLE = 1;
    /** Only at a given descriptor; only with VIRTIO_F_EVENT_IDX. */
    static final int EVENT_DESCRIPTOR = 2;
    private static final int EVENT_FLAGS = 3;
    private static final int WRAP = 1 << 15;

    private PackedLayout() {
    }

    static int descriptor(final int slot) {
        return slot * DESCRIPTOR_BYTES;
    }

    static long control(final int length, final int id, final int flags) {
        return length & 0xffff_ffffL | (long) id << 32 | (long) flags << 48;
    }

    /** A position in the ring, as event suppression and notifications have it. */
    static int position(final int slot, final boolean wrap) {
        return slot | (wrap ? WRAP : 0);
    }

    static int event(final int flags, final int position) {
        return flags << 16 | position;
    }

    static int eventFlags(final int event) {
        return event >>> 16 & EVENT_FLAGS;
    }

    static int eventSlot(final int event) {
        return event & WRAP - 1;
    }

    static boolean eventWrap(final int event) {
        return (event & WRAP) != 0;
    }
}
