package dev.barewire.tools.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A network namespace whose one interface is a tap: what its kernel sends comes out of the tap, and what goes into the tap
 * its kernel receives. The tap starts out in this process's own namespace, for QEMU to open it there.
 */
final class Namespace implements AutoCloseable {
    private final String name;
    private final String tap;

    private Namespace(String name, String tap) {
        this.name = name;
        this.tap = tap;
    }

    /** Skips a test where there can be none. */
    static void assume() {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")) && Files.exists(Path.of("/dev/net/tun")),
                "needs root and /dev/net/tun for a tap in a network namespace");
        Assumptions.assumeTrue(succeeds("ip", "netns", "list"), "needs the program ip (Debian: iproute2)");
    }

    /** Makes a namespace and a tap beside it. */
    static Namespace create(String suffix) throws IOException {
        String unique = ProcessHandle.current().pid() + suffix;
        Namespace made = new Namespace("barewire-" + unique, "bw" + unique);
        run("ip", "netns", "add", made.name);
        run("ip", "tuntap", "add", "dev", made.tap, "mode", "tap");
        return made;
    }

    /** {@return the tap's name} */
    String tap() {
        return tap;
    }

    /** Moves the tap in, once QEMU has it, and brings it up. */
    void moveIn(String address, int mtu) throws IOException {
        run("ip", "link", "set", tap, "netns", name);
        run("ip", "-n", name, "addr", "add", address, "dev", tap);
        run("ip", "-n", name, "link", "set", tap, "mtu", Integer.toString(mtu), "up");
        run("ip", "-n", name, "link", "set", "lo", "up");
    }

    /** {@return the tap's own Ethernet address} */
    String mac() throws IOException {
        return run("ip", "netns", "exec", name, "cat", "/sys/class/net/" + tap + "/address").strip();
    }

    /** Starts a program of this class path in the namespace. */
    Process start(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", name, System.getProperty("java.home") + "/bin/java",
                "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static boolean succeeds(String... command) {
        try {
            run(command);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + output);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return output;
    }

    @Override
    public void close() throws IOException {
        run("ip", "netns", "del", name);
        if (succeeds("ip", "link", "show", tap)) {
            run("ip", "link", "del", tap);
        }
    }
}
