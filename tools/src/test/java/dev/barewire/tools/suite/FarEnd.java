package dev.barewire.tools.suite;

import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.testkit.pcap.CaptureWriter;
import dev.barewire.testkit.wire.SocketWire;
import dev.barewire.testkit.wire.Wire;
import dev.barewire.testkit.wire.Wired;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The far end of the card's cable: raw frames, each an array of its bytes without FCS. One thread at a time uses it. */
final class FarEnd {
    /** Where the far end is, if this process does not hold it with the card: {@code tcp:<host>:<port>}. */
    static final String WIRE = "barewire.wire";
    /** The file that is to hold all frames that the card sent; none if it is not set. */
    static final String PCAP = "barewire.pcap";
    private static final int BURST = 64;
    private static final long NAP_NANOS = 20_000;
    private static final CaptureWriter CAPTURE = capture();
    private static Wire lasting;

    private final Wire wire;
    private final CableSwitch cable;
    private final Queue<byte[]> arrived = new ArrayDeque<>();

    private FarEnd(Wire wire, CableSwitch cable) {
        this.wire = wire;
        this.cable = cable;
    }

    /** {@return the far end of a card's cable: its own, or the one that outlasts the card's opening and closing} */
    static FarEnd of(DeviceAccess access) {
        return access instanceof Wired wired ? new FarEnd(wired.wire(), wired::link) : new FarEnd(lasting(), new MachineSwitch());
    }

    private static synchronized Wire lasting() {
        if (lasting == null) {
            String[] parts = System.getProperty(WIRE, "").split(":");
            if (parts.length != 3 || !parts[0].equals("tcp")) {
                throw new IllegalStateException("-D" + WIRE + " must be tcp:<host>:<port>");
            }
            try {
                lasting = SocketWire.connect(new InetSocketAddress(parts[1], Integer.parseInt(parts[2])));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return lasting;
    }

    /** Sends a frame to the card; waits while the cable is full. */
    void send(byte[] frame) {
        Bench.until("room in the cable", () -> offer(frame));
    }

    /** Sends a frame to the card if there is room in the cable. */
    boolean offer(byte[] frame) {
        boolean sent = wire.send(new UnsafeBuffer(frame), 0, frame.length);
        pump();
        return sent;
    }

    /** {@return the next frame that the card sent, or null if none came in time} */
    byte[] next(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        pump();
        while (arrived.isEmpty() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(NAP_NANOS);
            pump();
        }
        return arrived.poll();
    }

    /** Takes what has come out of the cable, and gets on its way what is still to go in. */
    void pump() {
        while (wire.poll(this::take, BURST) > 0) {
            Thread.onSpinWait();
        }
    }

    private void take(DirectBuffer buffer, int offset, int length) {
        byte[] frame = new byte[length];
        buffer.getBytes(offset, frame);
        arrived.add(frame);
        if (CAPTURE != null) {
            CAPTURE.write(CaptureWriter.Direction.IN, TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()), frame, length, length);
        }
    }

    private static CaptureWriter capture() {
        String file = System.getProperty(PCAP);
        if (file == null) {
            return null;
        }
        try {
            CaptureWriter capture = new CaptureWriter(Path.of(file), CardUnderTest.name(), "what the card sent", Wire.MAX_FRAME);
            Runtime.getRuntime().addShutdownHook(new Thread(capture::close));
            return capture;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Pulls the cable out of the card, or puts it back. */
    void link(boolean up) {
        cable.set(up);
    }

    /** Sends one frame again and again and throws away what comes, from a thread of its own until it is closed. */
    Flood flood(byte[] frame) {
        return new Flood(frame);
    }

    /** Frames without end. */
    final class Flood implements AutoCloseable {
        private final Thread thread;
        private volatile boolean stopped;

        private Flood(byte[] frame) {
            thread = Thread.ofPlatform().daemon().name("flood").start(() -> run(frame));
        }

        private void run(byte[] frame) {
            while (!stopped) {
                if (!offer(frame)) {
                    LockSupport.parkNanos(NAP_NANOS);
                }
                arrived.clear();
            }
        }

        /** {@return whether it goes on} */
        boolean isUnderWay() {
            return thread.isAlive();
        }

        /** Ends it; the far end is the caller's again. */
        @Override
        public void close() {
            stopped = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Pulls a cable out and puts it back. */
    @FunctionalInterface
    interface CableSwitch {
        void set(boolean up);
    }
}
