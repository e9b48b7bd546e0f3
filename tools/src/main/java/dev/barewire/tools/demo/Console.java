package dev.barewire.tools.demo;

import java.io.PrintStream;

/** Where a run is told of: standard output, or standard error where that is to hold JSON only. */
final class Console {
    private final PrintStream out;
    private final boolean inPlace;

    /**
     * Chooses.
     *
     * @param json whether standard output is to hold JSON only
     */
    Console(boolean json) {
        out = json ? System.err : System.out;
        inPlace = !json && System.console() != null && System.console().isTerminal();
    }

    /** Tells something, in a line. */
    void say(String line) {
        out.println(line);
        out.flush();
    }

    /** Starts a progress bar. */
    Progress progress(String title, int total, int unit) {
        return new Progress(out, inPlace, title, total, unit);
    }
}
