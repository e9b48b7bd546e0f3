package dev.barewire.tools.demo;

import java.io.PrintStream;

/** A bar while the file moves: redrawn in place on a terminal, else a line for every tenth. */
final class Progress {
    private static final long REDRAW_EVERY = 100_000_000;
    private static final int WIDTH = 40;
    private static final int STEP = 10;

    private final PrintStream out;
    private final boolean inPlace;
    private final String title;
    private final int total;
    private final long unit;
    private final long start = System.nanoTime();
    private long drawnAt;
    private int shownPercent = -1;

    /**
     * Starts a bar.
     *
     * @param out where it is drawn
     * @param inPlace whether that is a terminal
     * @param title what moves
     * @param total how many pieces there are
     * @param unit bytes in a piece
     */
    Progress(PrintStream out, boolean inPlace, String title, int total, long unit) {
        this.out = out;
        this.inPlace = inPlace;
        this.title = title;
        this.total = total;
        this.unit = unit;
    }

    /** Draws it, if it is time and something has changed. */
    void show(int done) {
        int percent = (int) (100L * done / total);
        long now = System.nanoTime();
        boolean due = inPlace ? now - drawnAt >= REDRAW_EVERY || percent == 100 : percent / STEP > shownPercent / STEP;
        if (percent == shownPercent || !due || percent == 0) {
            return;
        }
        shownPercent = percent;
        drawnAt = now;
        double seconds = (now - start) / 1e9;
        String rate = "%5.1f MB/s".formatted(done * unit / seconds / 1e6);
        if (inPlace) {
            int full = WIDTH * percent / 100;
            String bar = "#".repeat(full) + ".".repeat(WIDTH - full);
            out.print("\r  %-14s [%s] %3d %%  %s ".formatted(title, bar, percent, rate));
            if (percent == 100) {
                out.println();
            }
        } else {
            out.println("  %-14s %3d %%  %s".formatted(title, percent, rate));
        }
        out.flush();
    }
}
