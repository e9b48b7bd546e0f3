package dev.barewire.tools.traffic;

import dev.barewire.tools.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A command that runs beside a test. */
final class CommandInThread {
    private static final long LIMIT_SECONDS = 40;

    private final String name;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();

    CommandInThread(final String... arguments) {
        name = String.join(" ", arguments);
        Thread.ofPlatform().daemon().name(arguments[0]).start(() -> exit.complete(Main.commandLine()
            .setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(arguments)));
    }

    /** Waits until it has written something, such as its first view of a card whose link is up. */
    CommandInThread awaitOutput(final String pattern) throws InterruptedException {
        until(() -> out.toString().lines().anyMatch(line -> line.matches(pattern)));
        return this;
    }

    /** Waits for something while it runs. */
    void until(final BooleanSupplier condition) throws InterruptedException {
        final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!condition.getAsBoolean()) {
            if (!isRunning() || System.nanoTime() - end > 0) {
                throw new AssertionError(name + (isRunning() ? " is too slow" : " has ended") + "\n" + out + err);
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    /** Waits for its end and gives what it wrote on standard output. */
    String output() throws Exception {
        final int code = exit.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (code != 0) {
            throw new AssertionError(name + " ended with exit code " + code + "\n" + out + err);
        }
        return out.toString();
    }

    /** Ends it, and all others of this JVM, as a signal does, and gives what it wrote on standard output. */
    String stop() throws Exception {
        StopSignals.stopAll();
        return output();
    }

    boolean isRunning() {
        return !exit.isDone();
    }

    String errors() {
        return err.toString();
    }
}
