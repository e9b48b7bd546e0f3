package dev.barewire.tools.bench;

import dev.barewire.tools.json.Json;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures the ways to a card that need no hardware. */
@Command(name = "transports", mixinStandardHelpOptions = true,
    description = {"Measure the ways to a card that need no hardware, side by side: qemu: and model:.",
        "Time from a JVM's main to its first frame sent; frames a second in bursts of 128, next to a loop that writes the"
            + " same card's descriptors without a driver; frames from model to model. Medians, least and most of rounds in"
            + " which all that is compared takes its turn."})
public final class TransportsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "print one JSON object")
    private boolean json;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "7", description = "rounds that count; default ${DEFAULT-VALUE}")
    private int rounds;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "0.5",
        description = "how long frames are moved in a round; default ${DEFAULT-VALUE}")
    private double seconds;

    /** Made by the command line's parser. */
    public TransportsCommand() {
    }

    @Override
    public Integer call() {
        if (rounds < 1 || !(seconds > 0)) {
            throw new ParameterException(spec.commandLine(), "there is at least one round, of more than no time");
        }
        final double loadBefore = load();
        final Map<String, Map<String, Series>> results =
            new Transports(rounds, seconds, step -> System.err.println("Measuring " + step)).run();
        final PrintWriter out = spec.commandLine().getOut();
        if (json) {
            final Map<String, Object> all = new LinkedHashMap<>();
            all.put("processors", Runtime.getRuntime().availableProcessors());
            all.put("load-before", loadBefore);
            all.put("load-after", load());
            all.put("seconds", seconds);
            results.forEach((name, series) -> {
                final Map<String, Object> entry = new LinkedHashMap<>();
                series.forEach((contestant, values) -> entry.put(contestant, values.json()));
                all.put(name, entry);
            });
            out.println(Json.of(all));
        } else {
            table(out, results, loadBefore);
        }
        return 0;
    }

    private void table(final PrintWriter out, final Map<String, Map<String, Series>> results, final double loadBefore) {
        out.printf(Locale.ROOT, "%d processors, load %.1f before and %.1f after; medians of %d rounds, least and most%n",
            Runtime.getRuntime().availableProcessors(), loadBefore, load(), rounds);
        results.forEach((name, series) -> {
            out.println();
            out.println(name);
            series.forEach((contestant, values) -> out.printf("  %-14s %s%n", contestant, values));
        });
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
