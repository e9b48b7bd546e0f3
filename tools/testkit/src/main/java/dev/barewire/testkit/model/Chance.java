package dev.barewire.testkit.model;

/** Numbers that look random and are the same for the same seed (xorshift64). One thread uses it. */
public final class Chance {
    private long state;

    /**
     * Starts a sequence.
     *
     * @param seed any number
     */
    public Chance(final long seed) {
        state = seed * 0x9e37_79b9_7f4a_7c15L | 1;
    }

    /**
     * The next 64 bits.
     *
     * @return never 0
     */
    public long next() {
        state ^= state << 13;
        state ^= state >>> 7;
        state ^= state << 17;
        return state;
    }

    /**
     * A number below a limit.
     *
     * @param limit at least 1
     * @return 0 to {@code limit - 1}
     */
    public int below(final int limit) {
        return (int) ((next() >>> 33) * limit >>> 31);
    }

    /**
     * True once in a while.
     *
     * @param times how rarely: once in so many times
     * @return whether it is the time
     */
    public boolean oneIn(final int times) {
        return below(times) == 0;
    }
}
