package dev.barewire.tools.demo.transfer;

/** Which chunks have arrived, seen from the lowest that is missing. One thread's; allocates nothing. */
public final class ReceiveWindow {
    private final int count;
    private int missing;
    /** Bit i: chunk missing + 1 + i is there. */
    private long received;
    private long duplicates;
    private long strays;

    /**
     * Expects chunks.
     *
     * @param count how many, numbered from 0
     */
    public ReceiveWindow(int count) {
        this.count = count;
    }

    /**
     * Notes that a chunk has arrived.
     *
     * @param number its number, as the peer says
     * @return true if it is new and is to be kept; false for a duplicate or a stray
     */
    public boolean accept(int number) {
        if (number < missing || number >= count || number - missing >= SendWindow.SIZE) {
            if (number >= 0 && number < missing) {
                duplicates++;
            } else {
                strays++;
            }
            return false;
        }
        if (number > missing) {
            long bit = 1L << number - missing - 1;
            if ((received & bit) != 0) {
                duplicates++;
                return false;
            }
            received |= bit;
            return true;
        }
        boolean there;
        do {
            missing++;
            there = (received & 1) != 0;
            received >>>= 1;
        } while (there);
        return true;
    }

    /** {@return the lowest chunk that is missing; the count when all are there} */
    public int missing() {
        return missing;
    }

    /** {@return bit i tells whether chunk {@link #missing()} + 1 + i is there} */
    public long received() {
        return received;
    }

    /** {@return whether all chunks are there} */
    public boolean isComplete() {
        return missing == count;
    }

    /** {@return how many chunks came more than once} */
    public long duplicates() {
        return duplicates;
    }

    /** {@return how many datagrams had a number outside of the window} */
    public long strays() {
        return strays;
    }
}
