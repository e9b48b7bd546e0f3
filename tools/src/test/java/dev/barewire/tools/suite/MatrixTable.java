package dev.barewire.tools.suite;

import dev.barewire.Force;
import dev.barewire.profiles.Offload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * What became of each offload, forced each way, on each card: rows come as lines out of the suite's JVMs, and the table is
 * printed when all tests have ended.
 */
public final class MatrixTable implements TestExecutionListener {
    private static final String MARK = "matrix-cell";
    /** Card to offload to what came of each force. */
    private static final Map<String, Map<Offload, Map<Force, String>>> CELLS = new LinkedHashMap<>();

    /** Tells the JVM that runs the suite of a cell whose traffic was right. */
    static void print(Offload offload, Force force, String outcome) {
        System.out.println(String.join(" ", MARK, CardUnderTest.name(), offload.label(), force.name(), outcome));
    }

    /** Takes the cells out of what a suite's JVM has written. */
    static synchronized void read(String output) {
        output.lines().map(line -> line.split(" ")).filter(words -> words.length == 5 && words[0].equals(MARK))
            .forEach(words -> CELLS.computeIfAbsent(words[1], card -> new LinkedHashMap<>())
                .computeIfAbsent(Offload.byLabel(words[2]).orElseThrow(), offload -> new LinkedHashMap<>())
                .put(Force.valueOf(words[3]), words[4]));
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        synchronized (MatrixTable.class) {
            CELLS.forEach((card, rows) -> table(card, rows).forEach(System.out::println));
            CELLS.clear();
        }
    }

    private static List<String> table(String card, Map<Offload, Map<Force, String>> rows) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("Offloads of " + card + ", forced each way; the same bytes on the wire and in the application in all of:");
        lines.add("  %-20s %-10s %-10s %-10s %-10s".formatted("", "auto", "hardware", "software", "off"));
        rows.forEach((offload, ways) -> {
            StringBuilder line = new StringBuilder("  %-20s".formatted(offload.label()));
            for (Force force : List.of(Force.AUTO, Force.HARDWARE, Force.SOFTWARE, Force.OFF)) {
                line.append(" %-10s".formatted(Optional.ofNullable(ways.get(force)).orElse("FAILED").toLowerCase(Locale.ROOT)));
            }
            lines.add(line.toString().stripTrailing());
        });
        return lines;
    }
}
