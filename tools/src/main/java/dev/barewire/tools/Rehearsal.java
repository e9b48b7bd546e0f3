package dev.barewire.tools;

import dev.barewire.tools.bench.FirstFrame;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;

/**
 * Does once what most commands do, so that the JVM can keep the classes of that, loaded and linked (its AOT cache). The
 * launcher runs it after a build. What it leaves out, or what this machine cannot do, only starts slower.
 */
final class Rehearsal {
    private Rehearsal() {
    }

    /**
     * Rehearses.
     *
     * @param arguments none
     */
    public static void main(final String[] arguments) {
        final PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        for (final String command : List.of("info 82540EM", "list", "doctor --json")) {
            Main.commandLine().setOut(nowhere).setErr(nowhere).execute(command.split(" "));
        }
        for (final String device : List.of("model:82540EM", "qemu:e1000")) {
            try {
                FirstFrame.send(device);
            } catch (final RuntimeException absent) {
                System.err.println(absent.getMessage());
            }
        }
    }
}
