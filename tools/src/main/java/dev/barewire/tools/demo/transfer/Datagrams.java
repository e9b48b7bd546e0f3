package dev.barewire.tools.demo.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Datagrams to and from one peer, which may be lost, doubled and reordered on the way. One thread's. */
public interface Datagrams extends AutoCloseable {
    /**
     * Sends a datagram, or loses it.
     *
     * @param datagram from its position to its limit
     * @throws IOException if nothing can be sent any more
     */
    void send(ByteBuffer datagram) throws IOException;

    /**
     * Receives a datagram.
     *
     * @param into where to; from 0 to its limit afterwards. What does not fit is cut off
     * @param nanos how long to wait for one, 0 for not at all
     * @return false if none came
     * @throws IOException if nothing can be received any more
     */
    boolean receive(ByteBuffer into, long nanos) throws IOException;

    @Override
    void close() throws IOException;
}
