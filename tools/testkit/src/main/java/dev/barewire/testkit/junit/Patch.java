package dev.barewire.testkit.junit;

import dev.barewire.testkit.wire.Wire;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;

/** Joins the far ends of two cards' cables to one cable, by a thread that carries frames across. */
final class Patch implements AutoCloseable {
    private static final int BURST = 64;
    private static final long NAP_NANOS = 50_000;

    private final Wire left;
    private final Wire right;
    private final Thread thread;
    private volatile boolean open = true;

    Patch(final Wire left, final Wire right) {
        this.left = left;
        this.right = right;
        thread = Thread.ofPlatform().daemon().name("cable between tests' cards").start(this::run);
    }

    private void run() {
        final Wire.FrameHandler toRight = (buffer, offset, length) -> carry(right, buffer, offset, length);
        final Wire.FrameHandler toLeft = (buffer, offset, length) -> carry(left, buffer, offset, length);
        while (open) {
            if (left.poll(toRight, BURST) + right.poll(toLeft, BURST) == 0) {
                LockSupport.parkNanos(NAP_NANOS);
            }
        }
    }

    /** Waits while the other card's cable is full. */
    private void carry(final Wire to, final DirectBuffer frame, final int offset, final int length) {
        while (open && !to.send(frame, offset, length)) {
            LockSupport.parkNanos(NAP_NANOS);
        }
    }

    @Override
    public void close() {
        open = false;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (final InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
