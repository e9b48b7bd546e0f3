package dev.barewire.rings;

import dev.barewire.dma.SegmentList;

/**
 * The CPU's side of a transmit ring. One thread uses it; nothing here allocates.
 *
 * <p>A posted frame's buffers stay held by the ring's shadow until the card has sent it; {@link #reclaim} then gives
 * each hold back.
 */
public interface TxRing {
    /** What {@link #publish()} gives when there is nothing new to tell the card. */
    int NOTHING = -1;

    /** Hears of sent frames. It may not use the ring that calls it. */
    @FunctionalInterface
    interface Completion {
        /**
         * A frame has been sent and its buffers were given back.
         *
         * @param tag as it was posted
         */
        void onSent(long tag);
    }

    /**
     * Writes a frame's descriptors. All or nothing: a frame that does not fit now leaves the ring as it was. One that
     * takes more than {@link #capacity()} descriptors never fits.
     *
     * @param segments the frame; the ring takes over its holds and the caller clears the list
     * @param request  what it asks of the card
     * @param tag      comes back with its completion
     * @return false if there is no room now
     * @throws IllegalArgumentException if the frame has no bytes, or asks for what the descriptors cannot say
     */
    boolean post(SegmentList segments, TxRequest request, long tag);

    /**
     * Whether the descriptors can say what a frame asks for; where they cannot, software must do it.
     *
     * @param request what the frame asks of the card
     * @param bytes   the frame's length
     * @return false if {@link #post} would refuse it
     */
    boolean supports(TxRequest request, int bytes);

    /**
     * The number of descriptors that a frame takes.
     *
     * @param segments the frame
     * @param request  what it asks of the card
     * @return at most this many
     */
    int descriptorsFor(SegmentList segments, TxRequest request);

    /**
     * How a frame to be segmented must come: with its IP header whole, as if it were one packet (its length and its checksum
     * right), and the transport's checksum field seeded with the length; else with those fields cleared, and a seed without
     * it.
     *
     * @return true if whole
     */
    default boolean segmentsWholeHeaders() {
        return false;
    }

    /**
     * The most descriptors that it can ever have room for.
     *
     * @return the ring's size, less one for a card that leaves one free
     */
    int capacity();

    /**
     * Ends a burst of {@link #post}.
     *
     * @return the value for the tail doorbell, or {@link #NOTHING}
     */
    int publish();

    /**
     * Gives back the buffers of the frames that the card has sent.
     *
     * @param completion hears of each frame, in the order in which they were posted unless the card may send in another;
     *                   may be null
     * @return how many frames
     */
    int reclaim(Completion completion);

    /**
     * How often the card said that it has done with a descriptor before it had done with an earlier one, which no card may:
     * it has left one out, or done one twice. A ring that has nothing to reclaim looks for it, a descriptor at a time.
     *
     * @return the count since the ring was made
     */
    default long disorders() {
        return 0;
    }

    /**
     * How many frames the card said it could not send.
     *
     * @return the count since the ring was made
     */
    default long errors() {
        return 0;
    }

    /**
     * How many frames the card has.
     *
     * @return posted and not yet reclaimed, those that are not published included
     */
    int pending();

    /**
     * Gives back every posted buffer, sent or not, telling no completion, and starts again from descriptor 0; only when
     * the card has stopped.
     */
    void drain();
}
