package dev.barewire.tools.bench;

import dev.barewire.Nic;
import dev.barewire.Packet;
import dev.barewire.TxQueue;
import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;

/** Sends by the driver, as an application does that keeps its frames: each is lent to the card. */
final class DriverSender {
    private final TxQueue queue;
    private final BufferPool pool;
    private final Buffer frame;
    private final int length;
    private final Packet[] burst = new Packet[Traffic.BURST];
    private int waiting;

    DriverSender(final Nic nic, final int length) {
        this.queue = nic.tx(0);
        this.length = length;
        pool = new BufferPool("bench frame", nic.domain(), MemoryKind.ANONYMOUS, 2048, 1);
        frame = pool.take();
        TestFrame.write(frame.memory(), frame.base(), length);
    }

    /** Hands the card a burst, or what it takes of one. */
    int send() {
        while (waiting < burst.length) {
            final Packet packet = queue.packet();
            if (packet == null) {
                break;
            }
            packet.lend(frame, 0, length);
            burst[waiting++] = packet;
        }
        final int sent = queue.send(burst, waiting);
        waiting -= sent;
        System.arraycopy(burst, sent, burst, 0, waiting);
        return sent;
    }

    /** Ends sending, before the card is closed. */
    void finish() {
        for (int i = 0; i < waiting; i++) {
            burst[i].release();
        }
        waiting = 0;
        final long since = System.nanoTime();
        while (queue.pending() > 0 && !Traffic.isStuck(since)) {
            queue.reclaim();
        }
        frame.release();
        // Otherwise the card still has it, and its memory goes with the card.
        if (pool.outstanding() == 0) {
            pool.close();
        }
    }
}
