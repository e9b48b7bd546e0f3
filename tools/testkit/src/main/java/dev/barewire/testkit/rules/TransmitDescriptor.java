package dev.barewire.testkit.rules;

/** The second quadword of a transmit descriptor, whatever its format (317453, 3.3.3 to 3.3.7). */
final class TransmitDescriptor {
    static final int EOP = 1;
    static final int IFCS = 1 << 1;
    /** In the extended formats. */
    static final int TSE = 1 << 2;
    static final int RS = 1 << 3;
    static final int DEXT = 1 << 5;
    static final int VLE = 1 << 6;
    static final int IDE = 1 << 7;
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

    static boolean isContext(final long quad) {
        return isExtended(quad) && (quad >>> 20 & 0xf) == 0;
    }

    static boolean isDone(final long quad) {
        return (quad >>> 32 & 1) != 0;
    }

    /** Bytes that a legacy or data descriptor points at. */
    static int length(final long quad) {
        return (int) quad & (isExtended(quad) ? 0xf_ffff : 0xffff);
    }

    /** IXSM and TXSM of a data descriptor; 0 of a legacy one. */
    static int options(final long quad) {
        return isExtended(quad) ? (int) (quad >>> 40) & (IXSM | TXSM) : 0;
    }

    /** Whether a data descriptor belongs to a segmentation. */
    static boolean segments(final long quad) {
        return isExtended(quad) && has(quad, TSE);
    }
}
