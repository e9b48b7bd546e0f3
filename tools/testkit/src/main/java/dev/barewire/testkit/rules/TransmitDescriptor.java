package dev.barewire.testkit.rules;

/** The second quadword of a transmit descriptor, whatever its format (317453, 3.3.3 to 3.3.7; 82576 datasheet, 7.2). */
final class TransmitDescriptor {
    static final int EOP = 1;
    static final int IFCS = 1 << 1;
    /** In the extended formats. */
    static final int TSE = 1 << 2;
    static final int RS = 1 << 3;
    static final int DEXT = 1 << 5;
    static final int VLE = 1 << 6;
    static final int IDE = 1 << 7;
    /** In the advanced formats. */
    static final int ADVANCED_TSE = 1 << 7;
    static final int IXSM = 1;
    static final int TXSM = 1 << 1;

    private TransmitDescriptor() {
    }

    static boolean has(final long quad, final int command) {
        return (quad >>> 24 & command) != 0;
    }

    static boolean isExtended(final long quad) {
        return has(quad, DEXT);
    }

    /** Whether it is one of the 82576's, which another type tells from those before it. */
    static boolean isAdvanced(final long quad) {
        return isExtended(quad) && (quad >>> 20 & 2) != 0;
    }

    static boolean isContext(final long quad) {
        return isExtended(quad) && (quad >>> 20 & ~2 & 0xf) == 0;
    }

    /** Whether its interrupt may be late. */
    static boolean isDelayed(final long quad) {
        return has(quad, IDE) && !isAdvanced(quad);
    }

    static boolean isDone(final long quad) {
        return (quad >>> 32 & 1) != 0;
    }

    /** Bytes that a legacy or data descriptor points at. */
    static int length(final long quad) {
        return (int) quad & (isExtended(quad) && !isAdvanced(quad) ? 0xf_ffff : 0xffff);
    }

    /** IXSM and TXSM of a data descriptor; 0 of a legacy one. */
    static int options(final long quad) {
        return isExtended(quad) ? (int) (quad >>> 40) & (IXSM | TXSM) : 0;
    }

    /** Whether a data descriptor belongs to a segmentation. */
    static boolean segments(final long quad) {
        return isExtended(quad) && has(quad, isAdvanced(quad) ? ADVANCED_TSE : TSE);
    }
}
