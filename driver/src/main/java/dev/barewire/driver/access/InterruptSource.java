package dev.barewire.driver.access;

/** A card's interrupts, as the way to it delivers them. Waiting and re-arming allocate nothing. */
public interface InterruptSource {
    /** How interrupts are signalled. */
    enum Kind {
        /** Not at all: the card can only be polled. */
        NONE,
        /** A level-triggered line, which is masked when it fires and must be re-armed. */
        INTX,
        /** Messages. */
        MSI,
        /** Messages, a vector for each cause or queue. */
        MSIX
    }

    /**
     * How interrupts are signalled.
     *
     * @return the kind
     */
    Kind kind();

    /**
     * How many vectors can be waited for.
     *
     * @return 0 for {@link Kind#NONE}
     */
    int vectors();

    /**
     * Sleeps until a vector fires, {@link #wake} is called or the time is over. A firing that came before is not lost.
     * One thread may wait for a vector.
     *
     * @param vector        which
     * @param timeoutMillis how long at most; 0 only looks, -1 waits for ever
     * @return true if it fired or was woken
     */
    boolean await(int vector, int timeoutMillis);

    /**
     * Lets a vector fire again after the card's cause was acknowledged; does nothing where the kind needs nothing.
     *
     * @param vector which
     */
    void rearm(int vector);

    /**
     * Makes {@link #await} return, now or at its next call. From any thread.
     *
     * @param vector which
     */
    void wake(int vector);
}
