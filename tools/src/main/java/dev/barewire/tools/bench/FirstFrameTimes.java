package dev.barewire.tools.bench;

import dev.barewire.SetupException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Starts {@link FirstFrame} in a JVM of its own, with this JVM's flags and class path. */
final class FirstFrameTimes {
    private static final double NANOS_PER_MILLI = 1e6;

    private FirstFrameTimes() {
    }

    /**
     * Milliseconds to the first frame.
     *
     * @param fromMain  from the JVM's main
     * @param fromStart from the JVM's own start
     */
    record Times(double fromMain, double fromStart) {
    }

    static Times measure(final String device) {
        final List<String> command = BenchJvm.command(true, FirstFrame.class, device, String.valueOf(System.nanoTime()));
        try {
            final Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            try (BufferedReader lines = process.inputReader()) {
                final String line = lines.readLine();
                if (process.waitFor() != 0 || line == null) {
                    throw new SetupException("no frame was sent through " + device + " in a JVM of its own",
                        "see above what it says, or run: " + String.join(" ", command));
                }
                final String[] nanos = line.split(" ");
                return new Times(Long.parseLong(nanos[0]) / NANOS_PER_MILLI, Long.parseLong(nanos[1]) / NANOS_PER_MILLI);
            }
        } catch (final IOException refused) {
            throw new UncheckedIOException("a JVM cannot be started", refused);
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + device + " was measured", interrupted);
        }
    }
}
