package dev.barewire.tools.bench;

import dev.barewire.SetupException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * {@link CardToCard} in a JVM of its own, as an application's would be: code that the compiler has seen at work on other
 * cards is slower by far, and what it made of the first contestant would be the second one's burden.
 */
final class CardToCardJvm implements Traffic {
    private final List<String> command;
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter orders;
    private double bytesPerFrame;

    CardToCardJvm(final String device, final int length) {
        command = BenchJvm.command(false, CardToCard.class, device, String.valueOf(length));
        try {
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        } catch (final IOException refused) {
            throw new UncheckedIOException("a JVM cannot be started", refused);
        }
        answers = process.inputReader();
        orders = process.outputWriter();
    }

    @Override
    public double framesPerSecond(final long nanos) {
        try {
            orders.write(nanos + "\n");
            orders.flush();
            final String answer = answers.readLine();
            if (answer != null) {
                final String[] words = answer.split(" ");
                bytesPerFrame = Double.parseDouble(words[1]);
                return Double.parseDouble(words[0]);
            }
        } catch (final IOException ended) {
            // Told below.
        }
        throw new SetupException("no frames went from card to card in a JVM of their own",
            "see above what it says, or run: echo " + nanos + " | " + String.join(" ", command));
    }

    /** What all its threads allocated in the last round. */
    Series bytesPerFrame() {
        return new Series("bytes/frame", new double[] {bytesPerFrame});
    }

    /** The end of its input is the end of the program. */
    @Override
    public void close() {
        try {
            orders.close();
            process.waitFor();
        } catch (final IOException ended) {
            process.destroyForcibly();
        } catch (final InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
