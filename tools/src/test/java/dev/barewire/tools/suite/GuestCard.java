package dev.barewire.tools.suite;

import dev.barewire.tools.guest.Card;
import dev.barewire.tools.guest.GuestConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * A card in a guest, with the outer end of its cable at a TCP port of the host's loopback.
 *
 * @param card the card, bound to vfio-pci
 * @param port where QEMU waits for the far end of the cable
 */
record GuestCard(Card card, int port) {
    private static final String JVM_FLAGS = "--enable-native-access=ALL-UNNAMED"
            + " --add-exports=java.base/jdk.internal.misc=ALL-UNNAMED --add-modules=jdk.incubator.vector -Xmx512m";

    /** {@return an 82540EM} */
    static GuestCard e1000() throws IOException {
        int port = freePort();
        return new GuestCard(new Card("e1000", 5, "52:54:00:12:34:56",
                "stream,server=on,addr.type=inet,addr.host=127.0.0.1,addr.port=" + port, "vfio-pci"), port);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** {@return the command that runs a class of this class path on the card} */
    List<String> java(Class<?> main, String... properties) {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        command.addAll(List.of(JVM_FLAGS.split(" ")));
        command.add("-D" + Bench.DEVICE + "=vfio:" + card.function());
        command.addAll(List.of(properties));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return command;
    }

    /** {@return a guest with this card} */
    GuestConfig guest(List<String> command) {
        return GuestConfig.command(command).card(card).hugePages(32);
    }
}
