package dev.barewire.tools.traffic;

import dev.barewire.Packet;
import dev.barewire.RxQueue;
import dev.barewire.TxQueue;
import dev.barewire.dma.Segment;
import dev.barewire.fallback.Ethernet;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.Agent;

/**
 * Sends on what a queue receives, in order, out of the buffers in which it came. While the other side has no room nothing
 * more is received, so that what is too much is dropped by the card and counted there. Allocates nothing per frame.
 */
final class Forwarder implements Agent {
    private static final int BURST = 64;

    private final RxQueue from;
    private final TxQueue to;
    private final boolean swap;
    private final AtomicLong left;
    private final Packet[] burst = new Packet[BURST];
    private int count;

    /**
     * Makes one direction.
     *
     * @param from where frames come from
     * @param to   where they go
     * @param swap whether source and destination address change places
     * @param left how many frames are still to be forwarded, of all directions together
     */
    Forwarder(final RxQueue from, final TxQueue to, final boolean swap, final AtomicLong left) {
        this.from = from;
        this.to = to;
        this.swap = swap;
        this.left = left;
    }

    @Override
    public int doWork() {
        int work = to.reclaim();
        if (count == 0 && left.get() > 0) {
            work += receive();
        }
        return count == 0 ? work : work + send();
    }

    private int receive() {
        count = from.poll(burst);
        if (swap) {
            for (int i = 0; i < count; i++) {
                swap(burst[i].editHeader());
            }
        }
        return count;
    }

    private int send() {
        final int sent = to.send(burst, count);
        for (int i = sent; i < count; i++) {
            burst[i - sent] = burst[i];
        }
        count -= sent;
        left.addAndGet(-sent);
        return sent;
    }

    /** A received frame has the addresses in its first segment, whose only holder is the packet. */
    private static void swap(final Segment header) {
        final int destinationHigh = header.getInt(Ethernet.DESTINATION);
        final short destinationLow = header.getShort(Ethernet.DESTINATION + Integer.BYTES);
        header.putInt(Ethernet.DESTINATION, header.getInt(Ethernet.SOURCE));
        header.putShort(Ethernet.DESTINATION + Integer.BYTES, header.getShort(Ethernet.SOURCE + Integer.BYTES));
        header.putInt(Ethernet.SOURCE, destinationHigh);
        header.putShort(Ethernet.SOURCE + Integer.BYTES, destinationLow);
    }

    @Override
    public void onClose() {
        for (int i = 0; i < count; i++) {
            burst[i].release();
        }
        count = 0;
        from.handOver();
        to.handOver();
    }

    @Override
    public String roleName() {
        return "barewire forward";
    }
}
