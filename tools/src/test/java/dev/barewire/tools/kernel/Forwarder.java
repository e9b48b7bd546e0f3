package dev.barewire.tools.kernel;

import dev.barewire.Nic;
import dev.barewire.Packet;
import dev.barewire.Verdict;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Hands all that one of two cards receives to the other, both ways, on a thread of its own, and keeps what was seen. */
final class Forwarder implements AutoCloseable {
    private static final long NAP_NANOS = 50_000;

    /**
     * A frame that was received.
     *
     * @param length bytes
     * @param ip     what the driver found of its IPv4 header
     * @param l4     what it found of its TCP or UDP checksum
     */
    record Seen(int length, Verdict ip, Verdict l4) {
        private static final int LEAST_FRAME = 60;

        /** {@return what it is when it is sent on: filled up to the least length of a frame} */
        Seen padded() {
            return new Seen(Math.max(LEAST_FRAME, length), ip, l4);
        }
    }

    private final Thread thread;
    private volatile boolean stopped;
    private volatile Throwable failure;

    private Forwarder(Nic one, Nic other, List<Seen> fromOne, List<Seen> fromOther) {
        thread = Thread.ofPlatform().name("forwarder").start(() -> {
            try {
                Packet[] burst = new Packet[64];
                while (!stopped) {
                    if (pass(one, other, burst, fromOne) + pass(other, one, burst, fromOther) == 0) {
                        LockSupport.parkNanos(NAP_NANOS);
                    }
                }
            } catch (RuntimeException | AssertionError problem) {
                failure = problem;
            }
        });
    }

    /** Starts it; the lists may be read once it is closed. */
    static Forwarder between(Nic one, Nic other, List<Seen> fromOne, List<Seen> fromOther) {
        return new Forwarder(one, other, fromOne, fromOther);
    }

    private int pass(Nic from, Nic to, Packet[] burst, List<Seen> seen) {
        int count = from.rx(0).poll(burst);
        for (int i = 0; i < count; i++) {
            seen.add(new Seen(burst[i].length(), burst[i].ipChecksum(), burst[i].l4Checksum()));
        }
        int sent = 0;
        while (sent < count && !stopped) {
            Packet[] rest = Arrays.copyOfRange(burst, sent, count);
            sent += to.tx(0).send(rest, rest.length);
        }
        for (int i = sent; i < count; i++) {
            burst[i].release();
        }
        to.tx(0).reclaim();
        return count;
    }

    /** Ends it; what was seen can be read then. */
    void stop() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (failure != null) {
            throw new AssertionError("forwarding failed", failure);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
