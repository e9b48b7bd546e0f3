package dev.barewire.tools.guest;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A running QEMU and its virtio-serial ports: reports come in, orders go out, output streams are copied as they come. */
final class GuestLink implements AutoCloseable {
    /** The beginning of the report that QEMU has ended; what QEMU said follows. */
    static final String ENDED = "ended";

    private final Leash leash;
    private final List<SocketChannel> ports = new ArrayList<>();
    private final BlockingQueue<String> reports = new LinkedBlockingQueue<>();
    private final CountDownLatch copies = new CountDownLatch(QemuCommand.PORTS.size() - 1);
    private final ByteArrayOutputStream dmesg = new ByteArrayOutputStream();

    /**
     * Starts QEMU and connects to its ports.
     *
     * @param command QEMU's command line
     * @param folder where the ports' sockets are; removed when the link is closed
     * @param token the end marker of the output streams
     * @param stdout where the command's standard output goes
     * @param stderr where the command's standard error goes
     */
    GuestLink(List<String> command, Path folder, String token, OutputStream stdout, OutputStream stderr)
            throws IOException {
        List<ServerSocketChannel> servers = new ArrayList<>();
        for (String port : QemuCommand.PORTS) {
            servers.add(ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                    .bind(UnixDomainSocketAddress.of(folder.resolve(port))));
        }
        leash = new Leash(command, folder);
        Thread.ofVirtual().start(() -> watch(servers));
        if (connect(servers)) {
            List<OutputStream> targets = List.of(stdout, stderr, dmesg);
            Thread.ofVirtual().start(() -> readReports(ports.getFirst()));
            for (int i = 0; i < targets.size(); i++) {
                SocketChannel port = ports.get(i + 1);
                OutputStream target = targets.get(i);
                Thread.ofVirtual().start(() -> copy(port, target, token));
            }
        }
    }

    /** Takes QEMU's connections; returns false if it ends before it has made all of them. */
    private boolean connect(List<ServerSocketChannel> servers) throws IOException {
        try {
            for (ServerSocketChannel server : servers) {
                ports.add(server.accept());
                server.close();
            }
            return true;
        } catch (ClosedChannelException e) {
            return false;
        }
    }

    private void watch(List<ServerSocketChannel> servers) {
        String said = leash.awaitEnd();
        reports.add(ENDED + (said.isEmpty() ? "" : ": " + said));
        try {
            for (ServerSocketChannel server : servers) {
                server.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readReports(SocketChannel control) {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(Channels.newInputStream(control), StandardCharsets.UTF_8))) {
            for (String line; (line = reader.readLine()) != null;) {
                reports.add(line);
            }
        } catch (IOException e) {
            reports.add(ENDED + ": " + e.getMessage());
        }
    }

    private void copy(SocketChannel port, OutputStream target, String token) {
        try {
            if (new EndMarkedStream(token).copy(Channels.newInputStream(port), target)) {
                copies.countDown();
            }
        } catch (IOException e) {
            reports.add(ENDED + ": an output stream failed: " + e.getMessage());
        }
    }

    /** {@return the next report, or null when none came before the deadline of {@link System#nanoTime()}} */
    String report(long deadline) {
        try {
            return reports.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ENDED + ": interrupted";
        }
    }

    /** Sends a line to the guest's caretaker. */
    void order(String line) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                ports.getFirst().write(bytes);
            }
        } catch (IOException e) {
            throw new GuestException("the guest cannot be told '" + line + "': it has ended", e);
        }
    }

    /** Waits for the ends of the output streams and returns the kernel's log, or null if they do not come. */
    String finish(Duration limit) {
        try {
            return copies.await(limit.toNanos(), TimeUnit.NANOSECONDS) ? dmesg.toString(StandardCharsets.UTF_8) : null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** Kills QEMU and removes the run's folder. */
    @Override
    public void close() {
        leash.close();
        try {
            for (SocketChannel port : ports) {
                port.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
