package dev.barewire.tools.bench;

/** Frames through a card, for a while at a time. Frames are of a length and type that asks no checksum of anyone. */
interface Traffic extends AutoCloseable {
    /** Frames handed to a card, or taken from it, at once. */
    int BURST = 128;
    /** Frames on their way at once: enough that nobody waits, and few enough for every ring and cable. */
    int MOST_UNDER_WAY = 4 * BURST;
    /** How long nothing may come before what is under way counts as lost. */
    long PATIENCE_NANOS = 5_000_000_000L;

    /**
     * Moves as many frames as it can.
     *
     * @param nanos for how long
     * @return frames that have arrived, each second
     */
    double framesPerSecond(long nanos);

    @Override
    void close();

    /** Whether nothing has come for so long that it never will. */
    static boolean isStuck(final long sinceNanos) {
        return System.nanoTime() - sinceNanos > PATIENCE_NANOS;
    }

    /** Ends a run in which frames were lost. */
    static void checkMoves(final long sinceNanos, final int underWay, final String where) {
        if (isStuck(sinceNanos)) {
            throw new IllegalStateException(underWay + " frames were lost on the way to " + where);
        }
    }
}
