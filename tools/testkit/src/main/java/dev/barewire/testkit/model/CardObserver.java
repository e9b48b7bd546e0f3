package dev.barewire.testkit.model;

import org.agrona.DirectBuffer;

/**
 * Hears of all that passes between a driver and a model card, and says nothing. What a driver does to configuration space
 * and registers is told on the driver's thread, one call at a time; what the card does by itself is told on the card's.
 */
public interface CardObserver {
    /**
     * The driver wrote to PCI configuration space.
     *
     * @param offset where
     * @param width  bytes: 1, 2 or 4
     * @param value  what
     */
    void onConfigWrite(int offset, int width, int value);

    /**
     * The driver read a register.
     *
     * @param offset where, in bytes, as the driver gave it
     * @param value  what it was given
     */
    void onRead(int offset, int value);

    /**
     * The driver writes a register; the card has not acted upon it yet.
     *
     * @param offset where, in bytes, as the driver gave it
     * @param value  what
     */
    void onWrite(int offset, int value);

    /**
     * The card fetched a receive descriptor that the driver has handed over.
     *
     * @param queue  which ring's
     * @param index  its number in the ring
     * @param first  its first eight bytes, little-endian
     * @param second its last eight bytes
     */
    void onReceiveFetch(int queue, int index, long first, long second);

    /**
     * The card is about to say that a receive descriptor is done.
     *
     * @param queue which ring's
     * @param index its number in the ring
     */
    void onReceiveDone(int queue, int index);

    /**
     * The card fetched a transmit descriptor that the driver has handed over.
     *
     * @param queue  which ring's
     * @param index  its number in the ring
     * @param first  its first eight bytes, little-endian
     * @param second its last eight bytes
     */
    void onTransmitFetch(int queue, int index, long first, long second);

    /**
     * The card has gathered a frame, as its buffers hold it: no offload has been done yet.
     *
     * @param queue  which ring's
     * @param frame  where it lies; valid until this returns
     * @param length bytes
     */
    void onTransmitFrame(int queue, DirectBuffer frame, int length);

    /**
     * The card is about to say that a transmit descriptor is done; until now its buffer was the card's.
     *
     * @param queue which ring's
     * @param index its number in the ring
     */
    void onTransmitDone(int queue, int index);
}
