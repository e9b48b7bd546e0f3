package dev.barewire.tools.suite;

import dev.barewire.testkit.wire.StreamWire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The far end of the card's cable: raw frames, each an array of its bytes without FCS. One for all of the suite. */
final class Cable {
    /** Where the far end is: {@code tcp:<host>:<port>}. */
    private static final String WIRE = "barewire.wire";
    private static Cable only;

    private final StreamWire wire;
    private final BlockingQueue<byte[]> arrived = new LinkedBlockingQueue<>();

    private Cable(StreamWire wire) {
        this.wire = wire;
        Thread.ofPlatform().daemon().name("cable").start(this::read);
    }

    /** {@return the cable, plugged in at the first call} */
    static synchronized Cable pluggedIn() {
        if (only == null) {
            String[] parts = System.getProperty(WIRE, "").split(":");
            if (parts.length != 3 || !parts[0].equals("tcp")) {
                throw new IllegalStateException("-D" + WIRE + " must be tcp:<host>:<port>");
            }
            try {
                only = new Cable(StreamWire.connect(new InetSocketAddress(parts[1], Integer.parseInt(parts[2]))));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return only;
    }

    private void read() {
        ByteBuffer frame = ByteBuffer.allocateDirect(StreamWire.MAX_FRAME);
        try {
            while (wire.receive(frame)) {
                byte[] bytes = new byte[frame.limit()];
                frame.get(bytes);
                arrived.add(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a frame to the card. */
    void send(byte[] frame) {
        try {
            wire.send(ByteBuffer.wrap(frame));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the next frame that the card sent, or null if none came in time} */
    byte[] next(Duration limit) {
        try {
            return arrived.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
