package dev.barewire.tools.suite;

import dev.barewire.tools.guest.Card;
import dev.barewire.tools.guest.GuestConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;

/**
 * A card in a guest, with the outer end of its cable at a TCP port of the host's loopback.
 *
 * @param card the card, bound to vfio-pci or, in a guest that has no IOMMU, to uio_pci_generic
 * @param port where QEMU waits for the far end of the cable
 */
record GuestCard(Card card, int port) {
    private static final int HUGE_PAGES = 32;
    /** All that a card reaches is huge pages there, 64 MiB in one piece for jumbo frames among it. */
    private static final int HUGE_PAGES_OF_UIO = 256;

    /** {@return an 82540EM} */
    static GuestCard e1000() throws IOException {
        return of("e1000");
    }

    /** {@return a card, by QEMU's name for it} */
    static GuestCard of(String model) throws IOException {
        return of(model, "vfio-pci");
    }

    /** {@return a card, by QEMU's name for it, bound to a driver} */
    static GuestCard of(String model, String driver) throws IOException {
        int port = freePort();
        return new GuestCard(new Card(model, 5, "52:54:00:12:34:56",
                "stream,server=on,addr.type=inet,addr.host=127.0.0.1,addr.port=" + port, driver), port);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** {@return its name in the guest} */
    String device() {
        return (isUio() ? "uio:" : "vfio:") + card.function();
    }

    /** {@return a guest with this card} */
    GuestConfig guest(List<String> command) {
        return GuestConfig.command(command).card(card).iommu(!isUio()).hugePages(isUio() ? HUGE_PAGES_OF_UIO : HUGE_PAGES);
    }

    private boolean isUio() {
        return card.driver().equals("uio_pci_generic");
    }
}
