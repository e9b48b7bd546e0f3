package dev.barewire.testkit.model.intel;

/** The transmit descriptors' second quadword: legacy (3.3.3), context (3.3.6) and data (3.3.7). */
final class TxDescriptor {
    static final int EOP = 1;
    static final int IFCS = 1 << 1;
    /** Of the legacy format. */
    static final int IC = 1 << 2;
    /** Of the extended formats. */
    static final int TSE = 1 << 2;
    static final int RS = 1 << 3;
    static final int DEXT = 1 << 5;
    static final int VLE = 1 << 6;
    static final int DD = 1;
    static final int CONTEXT = 0;
    static final int DATA = 1;
    static final int POPTS_IXSM = 1;
    static final int POPTS_TXSM = 1 << 1;
    static final int TUCMD_TCP = 1;
    static final int TUCMD_IP = 1 << 1;
    static final int TUCMD_TSE = 1 << 2;

    private TxDescriptor() {
    }

    static int command(final long second) {
        return (int) (second >>> 24) & 0xff;
    }

    static int type(final long second) {
        return (int) (second >>> 20) & 0xf;
    }

    static int legacyLength(final long second) {
        return (int) second & 0xffff;
    }

    static int length(final long second) {
        return (int) second & 0xf_ffff;
    }

    static int cso(final long second) {
        return (int) (second >>> 16) & 0xff;
    }

    static int css(final long second) {
        return (int) (second >>> 40) & 0xff;
    }

    static int options(final long second) {
        return (int) (second >>> 40) & 0xff;
    }

    static int special(final long second) {
        return (int) (second >>> 48);
    }
}
