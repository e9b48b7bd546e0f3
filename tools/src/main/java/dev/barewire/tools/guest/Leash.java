package dev.barewire.tools.guest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A child process that ends with this JVM, however that ends. A shell stands between: it waits for the end of its standard
 * input, a pipe that only the JVM holds, then kills the child and removes the run's folder. Closing a leash is the same
 * event, so there is one way out for all cases. The child is the shell's until it is waited for, so its process id cannot
 * have become another's.
 */
public final class Leash implements AutoCloseable {
    private static final String SHELL = """
            trap '' HUP INT TERM
            folder=$1
            shift
            "$@" </dev/null &
            child=$!
            exec >/dev/null 2>&1
            read -r _
            kill -KILL $child
            wait $child
            code=$?
            rm -rf "$folder"
            exit $code
            """;

    private final Process shell;

    /**
     * Starts a child.
     *
     * @param command the child's program and arguments
     * @param folder removed after the child's end
     * @throws IOException if the shell cannot be started
     */
    public Leash(List<String> command, Path folder) throws IOException {
        List<String> words = Programs.join(List.of("/bin/sh", "-c", SHELL, "leash", folder.toString()), command);
        shell = new ProcessBuilder(words).redirectErrorStream(true).start();
    }

    /** {@return what the child writes to its standard output and error; it ends when the child ends} */
    public InputStream output() {
        return shell.getInputStream();
    }

    /**
     * Tells how the child ended, once the leash is closed: by itself, or by the kill that closing is.
     *
     * @return its exit code, 128 more than the signal that ended it, or -1 if it cannot be told
     */
    public int exitCode() {
        return shell.isAlive() ? -1 : shell.exitValue();
    }

    /** Kills the child, if it still runs, and does not wait for it. */
    public void kill() {
        try {
            shell.getOutputStream().close();
        } catch (IOException e) {
            shell.destroyForcibly();
        }
    }

    /** Waits until the child has ended and returns what it wrote to its standard output and error. */
    String awaitEnd() {
        try {
            return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "its output cannot be read: " + e.getMessage();
        }
    }

    /** Kills the child, and returns when it is gone and its folder removed. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        kill();
        try {
            shell.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
