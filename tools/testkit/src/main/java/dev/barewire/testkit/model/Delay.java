package dev.barewire.testkit.model;

/** How long a card that takes liberties keeps to itself what it has done: from nothing to a limit, anew each time. */
public final class Delay {
    private final Chance chance;
    private final int mostNanos;
    private boolean running;
    private long end;

    /**
     * Makes one.
     *
     * @param chance    what lengths are drawn from
     * @param mostNanos the limit
     */
    public Delay(final Chance chance, final int mostNanos) {
        this.chance = chance;
        this.mostNanos = mostNanos;
    }

    /**
     * Whether it is over. It begins with the first question, and the next one with the first question after it.
     *
     * @return true once for each delay
     */
    public boolean isOver() {
        final long now = System.nanoTime();
        if (!running) {
            running = true;
            end = now + chance.below(mostNanos);
        }
        running = now - end < 0;
        return !running;
    }
}
