package dev.barewire.tools.demo;

import dev.barewire.tools.frames.Station;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;

/**
 * What the demo's card is plugged into.
 *
 * @param socket  the Unix socket of the raw Ethernet cable
 * @param udpPort the port of the host's loopback that QEMU's user network forwards to the card
 */
record Cables(Path socket, int udpPort) {
    /** {@return cables with a socket in a folder, and with a port that is free now} */
    static Cables in(Path folder) throws IOException {
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return new Cables(folder.resolve("wire"), free.getLocalPort());
        }
    }

    /** {@return QEMU's user network, in QEMU's words without an id} */
    String userNetwork() {
        return "user,hostfwd=udp:127.0.0.1:" + udpPort + "-" + Station.text(DemoNetwork.CARD_IP) + ":" + DemoNetwork.CARD_PORT;
    }
}
