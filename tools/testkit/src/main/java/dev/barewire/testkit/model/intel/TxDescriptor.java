package dev.barewire.testkit.model.intel;

/**
 * The transmit descriptors' second quadword: legacy (3.3.3), context (3.3.6) and data (3.3.7), and the 82576's advanced ones of
 * both kinds (82576 datasheet, 7.2.2).
 */
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
    static final int ADVANCED_CONTEXT = 2;
    static final int ADVANCED_DATA = 3;
    /** Of the advanced formats; the others have a delay there. */
    static final int ADVANCED_TSE = 1 << 7;
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

    /** Which of two contexts an advanced descriptor is or means. */
    static int slot(final long second) {
        return (int) (second >>> 36) & 1;
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
