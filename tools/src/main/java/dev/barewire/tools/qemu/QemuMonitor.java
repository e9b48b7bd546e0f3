package dev.barewire.tools.qemu;

import dev.barewire.tools.guest.Version;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** QEMU's monitor (QMP): what version it is, and whether its cable is in. Lines of JSON, of which little is looked at. */
final class QemuMonitor implements AutoCloseable {
    private static final Pattern VERSION =
        Pattern.compile("\"qemu\": \\{\"micro\": (\\d+), \"minor\": (\\d+), \"major\": (\\d+)\\}");
    private static final long NAP_NANOS = 100_000;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(1 << 16);
    private final Version version;

    /**
     * Takes a socket that QEMU has connected to.
     *
     * @throws IOException if QEMU does not greet or has ended
     */
    QemuMonitor(final SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.configureBlocking(false);
        final String greeting = line(QtestSocket.START_MILLIS);
        final Matcher numbers = VERSION.matcher(greeting);
        if (!numbers.find()) {
            throw new IOException("QEMU greets with: " + greeting);
        }
        version = Version.of(
            Integer.parseInt(numbers.group(3)), Integer.parseInt(numbers.group(2)), Integer.parseInt(numbers.group(1)));
        execute("{\"execute\": \"qmp_capabilities\"}");
    }

    /** Which QEMU it is. */
    Version version() {
        return version;
    }

    /** Sets a card's link, and returns when the card knows. */
    void link(final String card, final boolean up) throws IOException {
        execute("{\"execute\": \"set_link\", \"arguments\": {\"name\": \"" + card + "\", \"up\": " + up + "}}");
    }

    private synchronized void execute(final String command) throws IOException {
        final ByteBuffer out = ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8));
        while (out.hasRemaining()) {
            channel.write(out);
        }
        String answer;
        do {
            // What begins otherwise are events.
            answer = line(QtestSocket.PATIENCE_MILLIS);
        } while (!answer.startsWith("{\"return\"") && !answer.startsWith("{\"error\""));
        if (answer.startsWith("{\"error\"")) {
            throw new IOException("QEMU's monitor refuses " + command + ": " + answer);
        }
    }

    private String line(final int millis) throws IOException {
        final long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (int scanned = 0;;) {
            for (; scanned < in.position(); scanned++) {
                if (in.get(scanned) == '\n') {
                    return take(scanned);
                }
            }
            final int bytes = channel.read(in);
            if (bytes < 0) {
                throw new IOException("QEMU has closed its monitor");
            } else if (bytes == 0 && System.nanoTime() - end > 0) {
                throw new IOException("QEMU's monitor has not answered for " + millis + " ms");
            } else if (bytes == 0) {
                LockSupport.parkNanos(NAP_NANOS);
            }
        }
    }

    private String take(final int length) {
        final String line = new String(in.array(), 0, length, StandardCharsets.UTF_8).strip();
        in.flip().position(length + 1);
        in.compact();
        return line;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
