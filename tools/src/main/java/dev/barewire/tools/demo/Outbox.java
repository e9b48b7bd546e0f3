package dev.barewire.tools.demo;

import dev.barewire.Packet;
import dev.barewire.TxQueue;
import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;

/** Frames that wait for room in the transmit ring. The data path's thread's; allocates nothing. */
final class Outbox {
    private static final int CAPACITY = 256;

    private final TxQueue tx;
    private final BufferPool headers;
    private final Packet[] waiting = new Packet[CAPACITY];
    private int count;

    /**
     * Makes an empty one.
     *
     * @param tx where frames go
     * @param headers buffers for the headers of frames that are written here
     */
    Outbox(TxQueue tx, BufferPool headers) {
        this.tx = tx;
        this.headers = headers;
    }

    /** {@return whether a frame can be started now} */
    boolean hasRoom() {
        return count < CAPACITY && headers.available() > 0;
    }

    /**
     * Starts a frame, which goes out with the next {@link #flush()}.
     *
     * @param headerBytes how much of it is written by the caller
     * @return the frame, with room for that much; or null if there is no room now
     */
    Packet frame(int headerBytes) {
        if (count == CAPACITY) {
            return null;
        }
        Buffer header = headers.take();
        if (header == null) {
            return null;
        }
        Packet packet = tx.packet();
        if (packet == null) {
            header.release();
            return null;
        }
        packet.append(header, 0, headerBytes);
        waiting[count++] = packet;
        return packet;
    }

    /**
     * Sends a received frame on, or drops it if there is no room.
     *
     * @param packet the frame, which is the outbox's from now on
     */
    void forward(Packet packet) {
        if (count == CAPACITY) {
            packet.release();
        } else {
            waiting[count++] = packet;
        }
    }

    /** {@return how many frames the card took} */
    int flush() {
        if (count == 0) {
            return 0;
        }
        int sent = tx.send(waiting, count);
        for (int i = sent; i < count; i++) {
            waiting[i - sent] = waiting[i];
        }
        count -= sent;
        return sent;
    }

    /** {@return whether the card has sent everything} */
    boolean isIdle() {
        return count == 0 && tx.pending() == 0;
    }
}
