package dev.barewire.tools.demo.transfer;

/**
 * Which chunk to send next: a window over the file that moves with the acknowledgements. One thread's; allocates nothing.
 * Times are those of {@link System#nanoTime()}.
 */
public final class SendWindow {
    /** How many chunks may be under way; an ACK's bits reach that far. */
    public static final int SIZE = 64;
    /** None is to be sent now. */
    public static final int NONE = -1;

    private static final long MIN_TIMEOUT = 100_000_000;
    private static final long MAX_TIMEOUT = 1_000_000_000;
    /** So many later chunks arrive before a missing one counts as lost and not as reordered. */
    private static final int REORDERED = 8;

    private final int count;
    private final long[] sentAt = new long[SIZE];
    private final int[] resends = new int[SIZE];
    private int lowest;
    private int fresh;
    /** Bit i: chunk lowest + i is acknowledged. */
    private long acknowledged;
    /** Smoothed, in nanoseconds; until the first sample, as patient as can be: a peer's first answers are slow. */
    private long roundTrip = MAX_TIMEOUT;
    private boolean sampled;
    private long timeout = MAX_TIMEOUT;
    private long nextLook;
    private boolean lookNow;
    private long retransmissions;

    /**
     * Has chunks to send.
     *
     * @param count how many, numbered from 0
     */
    public SendWindow(int count) {
        this.count = count;
    }

    /**
     * Picks a chunk that is to be sent now, and takes it as sent.
     *
     * @param now the time
     * @return its number, or {@link #NONE}
     */
    public int next(long now) {
        if (fresh > lowest && (lookNow || now - nextLook >= 0)) {
            int lost = lost(now);
            if (lost != NONE) {
                resends[lost % SIZE]++;
                sentAt[lost % SIZE] = now;
                retransmissions++;
                return lost;
            }
        }
        if (fresh == count || fresh - lowest == SIZE) {
            return NONE;
        }
        if (fresh == lowest) {
            nextLook = now + timeout;
        }
        sentAt[fresh % SIZE] = now;
        resends[fresh % SIZE] = 0;
        return fresh++;
    }

    /** Finds a chunk that has to be sent again; where there is none, says when to look again. */
    private int lost(long now) {
        int highest = lowest + Long.SIZE - 1 - Long.numberOfLeadingZeros(acknowledged);
        long wait = MAX_TIMEOUT;
        for (int number = lowest; number < fresh; number++) {
            if ((acknowledged >>> number - lowest & 1) == 0) {
                long age = now - sentAt[number % SIZE];
                long left = patience(number) - age;
                if (left <= 0 || highest - number >= REORDERED && age >= roundTrip) {
                    return number;
                }
                wait = Math.min(wait, left);
            }
        }
        lookNow = false;
        nextLook = now + wait;
        return NONE;
    }

    /** How long to wait for a chunk's acknowledgement: doubled with each time that it was sent again. */
    private long patience(int number) {
        return Math.min(timeout << Math.min(resends[number % SIZE], 4), MAX_TIMEOUT);
    }

    /**
     * Takes an acknowledgement.
     *
     * @param missing the lowest chunk that the peer misses
     * @param received bit i: the peer has chunk missing + 1 + i
     * @param now the time
     * @return false if it is older than another one or speaks of what was never sent, and was ignored
     */
    public boolean acknowledge(int missing, long received, long now) {
        if (missing < lowest || missing > fresh) {
            return false;
        }
        int moved = missing - lowest;
        if (moved > 0) {
            int newest = (missing - 1) % SIZE;
            if (resends[newest] == 0) {
                sample(now - sentAt[newest]);
            }
            acknowledged = moved == SIZE ? 0 : acknowledged >>> moved;
            lowest = missing;
        }
        int open = fresh - lowest;
        long sent = open == SIZE ? -1 : (1L << open) - 1;
        acknowledged |= received << 1 & sent;
        lookNow = true;
        return true;
    }

    private void sample(long nanos) {
        roundTrip = Math.max(1, sampled ? roundTrip + (nanos - roundTrip) / 8 : nanos);
        sampled = true;
        timeout = Math.clamp(4 * roundTrip, MIN_TIMEOUT, MAX_TIMEOUT);
    }

    /** {@return the lowest chunk that is not acknowledged; the count when all are} */
    public int acknowledged() {
        return lowest;
    }

    /** {@return whether all chunks are acknowledged} */
    public boolean isComplete() {
        return lowest == count;
    }

    /** {@return how often a chunk was sent again} */
    public long retransmissions() {
        return retransmissions;
    }
}
