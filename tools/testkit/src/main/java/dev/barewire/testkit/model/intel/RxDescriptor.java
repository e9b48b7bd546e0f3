package dev.barewire.testkit.model.intel;

/**
 * The second quadword of a receive descriptor that is done: legacy ones (317453, 3.2.3) have the length in its low half and
 * the status in the high one, all others (317694, 7.1.4) the other way about.
 */
final class RxDescriptor {
    static final int DD = 1;
    static final int EOP = 1 << 1;
    static final int IXSM = 1 << 2;
    static final int VP = 1 << 3;
    /** Not of an 8254x, which says TCPCS of UDP as well. */
    static final int UDPCS = 1 << 4;
    static final int TCPCS = 1 << 5;
    static final int IPCS = 1 << 6;
    static final int PIF = 1 << 7;
    static final int TCPE = 1 << 5;
    static final int IPE = 1 << 6;

    private static final int EXTENDED_ERRORS_SHIFT = 24;

    private RxDescriptor() {
    }

    /** The quadword of a legacy descriptor. */
    static long legacy(final int length, final int status, final int errors, final int tag) {
        return length & 0xffffL | (status & 0xffL) << 32 | (errors & 0xffL) << 40 | (tag & 0xffffL) << 48;
    }

    /** The quadword of any other. */
    static long extended(final int length, final int status, final int errors, final int tag) {
        return status & 0xffL | (errors & 0xffL) << EXTENDED_ERRORS_SHIFT | (length & 0xffffL) << 32 | (tag & 0xffffL) << 48;
    }
}
