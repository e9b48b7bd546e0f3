package dev.barewire;

import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/** The packet objects of one queue: a stack for the thread that owns the queue, a queue for what others give back. */
final class PacketPool {
    private final Packet[] free;
    private final ManyToOneConcurrentArrayQueue<Packet> returned;
    private Thread owner;
    private int top;

    /**
     * Makes packets.
     *
     * @param count how many
     * @param room  segments of each, those that the driver adds left out
     */
    PacketPool(final int count, final int room) {
        free = new Packet[count];
        returned = new ManyToOneConcurrentArrayQueue<>(Math.max(2, count));
        for (int i = 0; i < count; i++) {
            free[i] = new Packet(this, room);
        }
        top = count;
    }

    void ownedBy(final Thread thread) {
        owner = thread;
    }

    /** Whether the calling thread may use the stack. */
    boolean isOwner() {
        return Thread.currentThread() == owner;
    }

    Packet take() {
        if (top == 0 && collect() == 0) {
            return null;
        }
        return free[--top].begin();
    }

    private int collect() {
        for (Packet packet = returned.poll(); packet != null; packet = returned.poll()) {
            free[top++] = packet;
        }
        return top;
    }

    void giveBack(final Packet packet) {
        if (isOwner()) {
            free[top++] = packet;
        } else {
            returned.offer(packet);
        }
    }
}
