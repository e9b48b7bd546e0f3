package dev.barewire.testkit.model.intel;

/** The legacy receive descriptor's second quadword (3.2.3). */
final class RxDescriptor {
    static final int DD = 1;
    static final int EOP = 1 << 1;
    static final int IXSM = 1 << 2;
    static final int VP = 1 << 3;
    static final int TCPCS = 1 << 5;
    static final int IPCS = 1 << 6;
    static final int PIF = 1 << 7;
    static final int TCPE = 1 << 5;
    static final int IPE = 1 << 6;
    /** Where the status starts: the half of the quadword that is written last. */
    static final int STATUS_OFFSET = 12;

    private RxDescriptor() {
    }

    /** The quadword; errors are the second byte of the status given. */
    static long of(final int length, final int checksum, final int statusAndErrors, final int special) {
        return length & 0xffffL | (checksum & 0xffffL) << 16 | (statusAndErrors & 0xffffL) << 32
            | (special & 0xffffL) << 48;
    }
}
