package dev.barewire.rings;

import dev.barewire.dma.BufferSource;

/**
 * The CPU's side of a receive ring. One thread uses it; nothing here allocates.
 *
 * <p>Order: a descriptor is written with plain stores, {@link #publish()} makes them visible before the doorbell that
 * the caller writes; a done descriptor's status is read with acquire order before its other fields.
 */
public interface RxRing {
    /** What {@link #publish()} gives when there is nothing new to tell the card. */
    int NOTHING = -1;

    /**
     * Posts buffers until the ring is full or a source has none.
     *
     * @param source  where buffers come from
     * @param headers where buffers for headers come from; not looked at by a ring that splits none off, else not null
     * @return how many descriptors were posted
     */
    int fill(BufferSource source, BufferSource headers);

    /**
     * Posts buffers to a ring that splits no headers off.
     *
     * @param source where buffers come from
     * @return how many descriptors were posted
     */
    default int fill(final BufferSource source) {
        return fill(source, null);
    }

    /**
     * Ends a batch of {@link #fill}.
     *
     * @return the value for the tail doorbell, or {@link #NOTHING}
     */
    int publish();

    /**
     * Takes the descriptors that the card has done with, published ones only. Their buffers' holds pass to the caller.
     *
     * @param burst where to, from entry 0
     * @param max   how many descriptors at most; no more are taken than the burst has room for, each of which gives as
     *              many entries as it had buffers filled
     * @return how many entries
     */
    int reap(RxBurst burst, int max);

    /**
     * Whether the card has done with a descriptor that was not reaped yet: one acquire load.
     *
     * @return true if {@link #reap} would find something
     */
    boolean isReady();

    /**
     * How many buffers the card has.
     *
     * @return posted and not yet reaped, those that are not published included
     */
    int posted();

    /**
     * How often the card said that it has done with a descriptor before it had done with an earlier one, which no card may:
     * it has left one out, or done one twice. A ring that has nothing to reap looks for it, a few descriptors at a time.
     *
     * @return the count since the ring was made
     */
    default long disorders() {
        return 0;
    }

    /** Gives back every posted buffer and starts again from descriptor 0; only when the card has stopped. */
    void drain();
}
