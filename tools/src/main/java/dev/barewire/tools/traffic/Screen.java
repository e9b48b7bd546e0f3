package dev.barewire.tools.traffic;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** Where a run is watched: a terminal on which a block of lines is drawn over the one before, or a stream of lines. */
final class Screen {
    private static final String ESCAPE = "\u001b[";
    /** A line that wraps would be two, and the block drawn over would be another one. */
    private static final int DEFAULT_COLUMNS = 80;

    private final PrintWriter out;
    private final boolean inPlace;
    private final int columns;
    private int drawn;

    Screen(final PrintWriter out, final boolean terminal, final Map<String, String> environment) {
        this.out = out;
        inPlace = terminal && !environment.getOrDefault("TERM", "dumb").equals("dumb");
        final String wanted = environment.getOrDefault("COLUMNS", "");
        columns = wanted.matches("\\d{2,4}") ? Integer.parseInt(wanted) : DEFAULT_COLUMNS;
    }

    static boolean isTerminal() {
        return System.console() != null && System.console().isTerminal();
    }

    boolean isInPlace() {
        return inPlace;
    }

    /** Draws a block over the last one. No colour, so that NO_COLOR has nothing to switch off. */
    void draw(final List<String> lines) {
        final StringBuilder text = new StringBuilder();
        if (drawn > 0) {
            text.append(ESCAPE).append(drawn).append('A');
        }
        for (final String line : lines) {
            text.append('\r').append(line, 0, Math.min(line.length(), columns - 1)).append(ESCAPE).append("K\n");
        }
        // What is left of a longer block before.
        text.append(ESCAPE).append('J');
        drawn = lines.size();
        out.print(text);
        out.flush();
    }

    /** Says something that stays. */
    void say(final String line) {
        drawn = 0;
        out.println(line);
        out.flush();
    }
}
