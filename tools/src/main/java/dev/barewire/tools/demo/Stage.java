package dev.barewire.tools.demo;

import dev.barewire.testkit.wire.StreamWire;
import dev.barewire.tools.guest.Accelerator;
import java.io.IOException;
import java.nio.file.Path;

/** Where the demo's card is and its program runs: a guest, or this machine. Closing it ends both. */
interface Stage extends AutoCloseable {
    /** {@return the card, as its program opens it} */
    String device();

    /** {@return a folder that the program can write to} */
    Path work();

    /**
     * Starts the program.
     *
     * @param task what it is to do
     * @throws IOException if it cannot be started
     */
    void start(CardTask task) throws IOException;

    /**
     * The outer end of a raw Ethernet cable to the card, once that is up.
     *
     * @return the end, the caller's to close
     * @throws IOException if the card is gone
     */
    StreamWire wire() throws IOException;

    /** {@return the UDP port of the host's loopback behind which the card is, where there is a network between them} */
    int udpPort();

    /** {@return what runs the processor of the machine that the card is in, or null where there is no such thing} */
    Accelerator accelerator();

    /**
     * Waits until the program has ended.
     *
     * @return its exit code
     */
    int await();

    @Override
    void close();
}
