package dev.barewire.testkit.model.intel;

/**
 * The statistics registers (13.7): they stop at their end and clear when they are read; of a pair, reading the high half
 * clears both. Octets include the FCS.
 */
final class Statistics {
    static final int MPC = 0x4010;
    static final int RLEC = 0x4040;
    static final int PRC64 = 0x405c;
    static final int GPRC = 0x4074;
    static final int BPRC = 0x4078;
    static final int MPRC = 0x407c;
    static final int GPTC = 0x4080;
    static final int GORC = 0x4088;
    static final int GOTC = 0x4090;
    static final int RNBC = 0x40a0;
    static final int ROC = 0x40ac;
    static final int TOR = 0x40c0;
    static final int TOT = 0x40c8;
    static final int TPR = 0x40d0;
    static final int TPT = 0x40d4;
    static final int PTC64 = 0x40d8;
    static final int MPTC = 0x40f0;
    static final int BPTC = 0x40f4;
    static final int TSCTC = 0x40f8;

    private static final int FCS = 4;
    private static final int[] SIZE_LIMITS = {64, 127, 255, 511, 1023, Integer.MAX_VALUE};

    private final long[] counters = new long[(Register.STATISTICS_END - Register.STATISTICS) / Integer.BYTES];

    void add(final int offset, final long count) {
        counters[index(offset)] += count;
    }

    /** A frame that the card has put in memory. */
    void received(final int length, final boolean multicast, final boolean broadcast) {
        add(GPRC, 1);
        add(GORC, length + FCS);
        count(PRC64, length + FCS);
        if (broadcast) {
            add(BPRC, 1);
        } else if (multicast) {
            add(MPRC, 1);
        }
    }

    /** A frame that the card has put on the wire. */
    void sent(final int length, final boolean multicast, final boolean broadcast) {
        add(GPTC, 1);
        add(TPT, 1);
        add(GOTC, length + FCS);
        add(TOT, length + FCS);
        count(PTC64, length + FCS);
        if (broadcast) {
            add(BPTC, 1);
        } else if (multicast) {
            add(MPTC, 1);
        }
    }

    private void count(final int smallest, final int bytes) {
        int bucket = 0;
        while (bytes > SIZE_LIMITS[bucket]) {
            bucket++;
        }
        add(smallest + bucket * Integer.BYTES, 1);
    }

    int read(final int offset) {
        final int index = index(offset);
        if (isPair(offset)) {
            return (int) counters[index];
        }
        if (isPair(offset - Integer.BYTES)) {
            final int high = (int) (counters[index - 1] >>> 32);
            counters[index - 1] = 0;
            return high;
        }
        final int value = (int) Math.min(counters[index], 0xffff_ffffL);
        counters[index] = 0;
        return value;
    }

    private static boolean isPair(final int offset) {
        return offset == GORC || offset == GOTC || offset == TOR || offset == TOT;
    }

    private static int index(final int offset) {
        return offset - Register.STATISTICS >> 2;
    }

    void reset() {
        java.util.Arrays.fill(counters, 0);
    }
}
