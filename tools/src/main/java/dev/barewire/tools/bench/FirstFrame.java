package dev.barewire.tools.bench;

import dev.barewire.Nic;
import dev.barewire.Packet;
import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;

/** The smallest program that sends a frame, to be started afresh for each measurement. */
public final class FirstFrame {
    private static final int LENGTH = 60;

    private FirstFrame() {
    }

    /**
     * Sends a frame and prints how long that took: nanoseconds from main, and from when the JVM was started, to the card's
     * word that the frame is sent.
     *
     * @param arguments the device, and {@link System#nanoTime()} from before this JVM was started, which all processes of a
     *                  machine share
     */
    public static void main(final String[] arguments) {
        final long main = System.nanoTime();
        final long sent = send(arguments[0]);
        System.out.println(sent - main + " " + (sent - Long.parseLong(arguments[1])));
    }

    /**
     * Opens a card, sends a frame and closes the card.
     *
     * @param device its name
     * @return {@link System#nanoTime()} when the frame was sent
     */
    public static long send(final String device) {
        try (Nic nic = Nic.open(device);
                BufferPool pool = new BufferPool("first frame", nic.domain(), MemoryKind.ANONYMOUS, 64, 1)) {
            final Buffer buffer = pool.take();
            TestFrame.write(buffer.memory(), buffer.base(), LENGTH);
            final Packet packet = nic.tx(0).packet();
            packet.append(buffer, 0, LENGTH);
            nic.tx(0).send(new Packet[] {packet}, 1);
            while (nic.tx(0).reclaim() == 0) {
                Thread.onSpinWait();
            }
            return System.nanoTime();
        }
    }
}
