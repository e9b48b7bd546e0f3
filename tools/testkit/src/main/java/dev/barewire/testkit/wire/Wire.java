package dev.barewire.testkit.wire;

import org.agrona.DirectBuffer;

/**
 * One end of an Ethernet cable: whole frames from destination address to payload, without preamble and FCS. One thread
 * sends and one polls; they may be two. Neither waits, throws on traffic, or allocates.
 */
public interface Wire extends AutoCloseable {
    /** Bytes of the longest frame that a cable carries. */
    int MAX_FRAME = 1 << 16;

    /** Is given frames that have come. */
    @FunctionalInterface
    interface FrameHandler {
        /**
         * A frame has come.
         *
         * @param buffer where it lies; valid until this returns
         * @param offset its first byte
         * @param length bytes
         */
        void onFrame(DirectBuffer buffer, int offset, int length);
    }

    /**
     * Sends a frame towards the other end.
     *
     * @param frame  where it lies; free again when this returns
     * @param offset its first byte
     * @param length bytes, 1 to {@link #MAX_FRAME}
     * @return false if the cable is full or cut, so that the frame was not sent
     */
    boolean send(DirectBuffer frame, int offset, int length);

    /**
     * Sends a frame as {@link #send} does, but perhaps not at once: together with those behind it, so that a burst costs a
     * wire over a socket one system call. It leaves with the next {@link #send}, {@link #flush} or {@link #poll} at the latest.
     *
     * @param frame  where it lies; free again when this returns
     * @param offset its first byte
     * @param length bytes, 1 to {@link #MAX_FRAME}
     * @return false if the cable is full or cut, so that the frame was not taken
     */
    default boolean post(final DirectBuffer frame, final int offset, final int length) {
        return send(frame, offset, length);
    }

    /** Ends a burst of {@link #post}. */
    default void flush() {
    }

    /**
     * Takes frames that have come from the other end.
     *
     * @param handler is given each, in their order
     * @param limit   how many at most
     * @return how many; 0 if none has come
     */
    int poll(FrameHandler handler, int limit);

    /** Cuts the cable. What was sent and not yet taken is lost. */
    @Override
    void close();
}
