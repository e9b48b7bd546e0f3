package dev.barewire;

import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/** The packet objects of one queue: a stack for the thread that owns the queue, a queue for what others give back. */
final class PacketPool {
    private final Packet[] free;
    private final ManyToOneConcurrentArrayQueue<Packet> returned;
    private Thread owner;
    private int top;

    PacketPool(final int count, final int maxSegments) {
        free = new Packet[count];
        returned = new ManyToOneConcurrentArrayQueue<>(Math.max(2, count));
        for (int i = 0; i < count; i++) {
            free[i] = new Packet(this, maxSegments);
        }
        top = count;
    }

    void ownedBy(final Thread thread) {
        owner = thread;
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
        if (Thread.currentThread() == owner) {
            free[top++] = packet;
        } else {
            returned.offer(packet);
        }
    }

    int outstanding() {
        return free.length - top - returned.size();
    }
}
