package dev.barewire.tools.qemu;

import dev.barewire.SetupException;
import dev.barewire.tools.guest.Leash;
import dev.barewire.tools.guest.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A running QEMU, on a leash: it dies with this JVM, however that dies. A thread takes what it says, and knows by the end of
 * that when it ends.
 */
final class QemuProcess implements AutoCloseable {
    private static final int LINES_KEPT = 8;
    private static final long NAP_NANOS = 200_000;
    private static final int SIGNAL_BASE = 128;
    private static final int END_MILLIS = 10_000;
    /** What QEMU says of a machine whose processor sleeps, as ours does. */
    private static final String NO_MATTER = "icount sleep disabled";

    private final Path program;
    private final Leash leash;
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Deque<String> said = new ArrayDeque<>();
    private volatile long pid;
    private volatile String end = "";
    private volatile Runnable onEnd;

    /**
     * Starts QEMU.
     *
     * @param command the program and its arguments
     * @param folder  removed at the end
     * @throws IOException if not even a shell can be started
     */
    QemuProcess(final List<String> command, final Path folder) throws IOException {
        program = Path.of(command.getFirst());
        // The first line said is the process id of what becomes QEMU.
        leash = new Leash(Programs.join(List.of("/bin/sh", "-c", "echo $$; exec \"$@\"", "qemu"), command), folder);
        Thread.ofPlatform().daemon().name("what QEMU says").start(this::listen);
    }

    private void listen() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(leash.output(), StandardCharsets.UTF_8))) {
            final String first = lines.readLine();
            if (first != null) {
                pid = Long.parseLong(first.strip());
                started.countDown();
                lines.lines().filter(line -> !line.contains(NO_MATTER)).forEach(this::keep);
            }
        } catch (final IOException broken) {
            keep(broken.getMessage());
        }
        leash.close();
        end = describe(leash.exitCode());
        ended.countDown();
        started.countDown();
        told();
    }

    /** Has somebody told when it has ended, now if it has. */
    void onEnd(final Runnable listener) {
        onEnd = listener;
        if (!end.isEmpty()) {
            told();
        }
    }

    private void told() {
        final Runnable listener = onEnd;
        if (listener != null) {
            listener.run();
        }
    }

    private void keep(final String line) {
        synchronized (said) {
            said.add(line);
            if (said.size() > LINES_KEPT) {
                said.remove();
            }
        }
    }

    private static String describe(final int code) {
        return code > SIGNAL_BASE ? "QEMU was killed by signal " + (code - SIGNAL_BASE) : "QEMU ended with exit code " + code;
    }

    /** How it ended, waiting a moment for one that is ending; empty while it runs. */
    String end(final int millis) {
        try {
            if (ended.await(millis, TimeUnit.MILLISECONDS)) {
                return end;
            }
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return end;
    }

    /** The last lines that it said, as an addition to a sentence; empty if it said none. */
    String said() {
        synchronized (said) {
            return said.isEmpty() ? "" : "; it said: " + String.join(" / ", said);
        }
    }

    /** Its process id. */
    long pid() {
        try {
            started.await();
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return pid;
    }

    /**
     * Waits for it to connect.
     *
     * @param server a socket that its command line names
     * @return the connection
     * @throws SetupException if it ends or hangs instead
     */
    SocketChannel accept(final ServerSocketChannel server) throws IOException {
        final long limit = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(QtestSocket.START_MILLIS);
        for (;;) {
            final SocketChannel channel = server.accept();
            if (channel != null) {
                return channel;
            } else if (!end.isEmpty()) {
                QemuProgram.check(program);
                throw new SetupException(end + " before its card could be used" + said(), "mend what it names; every line is"
                    + " about the command line that Barewire gives it, in which the options of qemu:<card>? stand");
            } else if (System.nanoTime() - limit > 0) {
                throw new SetupException("QEMU does not come up within " + QtestSocket.START_MILLIS / 1000 + " s" + said(),
                    "look whether this machine is overloaded, or QEMU is stopped");
            }
            LockSupport.parkNanos(NAP_NANOS);
        }
    }

    /**
     * Opens its RAM, a memory file that only it has a descriptor of.
     *
     * @return open to read and write
     * @throws IOException if this process may not
     */
    FileChannel ram() throws IOException {
        final Path descriptors = Path.of("/proc/" + pid() + "/fd");
        try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
            for (final Path descriptor : all) {
                if (Files.isSymbolicLink(descriptor)
                    && Files.readSymbolicLink(descriptor).toString().startsWith("/memfd:memory-backend-memfd")) {
                    return FileChannel.open(descriptor, StandardOpenOption.READ, StandardOpenOption.WRITE);
                }
            }
        }
        throw new IOException("no memory file among " + descriptors);
    }

    /** Kills it without waiting, so that its card writes to memory no more. */
    void kill() {
        leash.kill();
    }

    /** Kills it, and returns when it is gone and its folder removed. */
    @Override
    public void close() {
        leash.close();
        end(END_MILLIS);
    }
}
