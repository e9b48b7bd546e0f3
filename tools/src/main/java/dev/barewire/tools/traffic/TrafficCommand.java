package dev.barewire.tools.traffic;

import dev.barewire.Force;
import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.profiles.Offload;
import dev.barewire.tools.demo.OffloadChoice;
import dev.barewire.tools.json.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What all commands that move traffic have in common: options, the run, its view and its end. Exits with 0 when the run
 * ended by itself or by a signal with every buffer back, with 1 when not, with 2 when it could not begin.
 */
abstract class TrafficCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "print one JSON object a second and one at the end, and nothing else")
    private boolean json;

    @Option(names = "--queues", paramLabel = "N", defaultValue = "1",
        description = "queues to use, each with a thread of its own; ${DEFAULT-VALUE} by default")
    private int queues;

    @Option(names = "--idle", paramLabel = "busy|backoff|interrupt", defaultValue = "backoff",
        description = "what a thread does while there is nothing to do; ${DEFAULT-VALUE} by default")
    private Idle idle;

    @Option(names = "--mtu", paramLabel = "BYTES", defaultValue = "1500",
        description = "the card's MTU, ${DEFAULT-VALUE} by default")
    private int mtu;

    @Option(names = "--offload", paramLabel = "NAME=hardware|software|off",
        description = "force an offload, or tx-checksum or rx-checksum for three at once; may be repeated")
    private List<String> offloads = new ArrayList<>();

    @Option(names = "--seconds", paramLabel = "S", description = "end after so long; without, at Ctrl-C")
    private Double seconds;

    private TrafficRun run;

    /** The cards' names. */
    abstract List<String> devices();

    /** Refuses what cannot be meant, with {@link #wrong}. */
    abstract void check();

    /** What is wanted of the cards beside what all commands want. */
    abstract NicConfig configure(NicConfig config);

    /** What the threads do, one for each queue; opens what the command needs itself. */
    abstract List<Duty> duties(List<Nic> nics);

    /** Whether the command has come to its own end. */
    abstract boolean isDone();

    /** What the command counts itself, for people and for JSON, in order; from another thread than the queues'. */
    abstract Map<String, Object> findings();

    /** Gives back what {@link #duties} opened, when the threads have stopped and before the cards are closed. */
    abstract List<String> finish();

    /** Gives back what had to wait until the cards were closed; tells what went wrong. */
    List<String> closed() {
        return List.of();
    }

    /** Whether the traffic itself goes to standard output, so that all else must not. */
    boolean writesToOutput() {
        return false;
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final int queues() {
        return queues;
    }

    final boolean json() {
        return json;
    }

    final int mtu() {
        return mtu;
    }

    /** One sentence, without the usage that hides it. */
    final IllegalArgumentException wrong(final String what) {
        return new IllegalArgumentException(what);
    }

    @Override
    public final Integer call() {
        final NicConfig config = config();
        final PrintWriter to = writesToOutput() ? spec.commandLine().getErr() : out();
        final Screen screen = new Screen(to, !json && !writesToOutput() && Screen.isTerminal(), System.getenv());
        List<String> problems;
        try (StopSignals signals = new StopSignals()) {
            run = new TrafficRun(signals, queues);
            problems = move(config, screen);
        }
        if (json) {
            final Map<String, Object> end = TrafficView.object(run.seconds(), run.cards(), findings());
            end.putAll(account());
            end.put("failures", problems);
            screen.say(Json.of(end));
        } else {
            new TrafficSummary(screen).show(run.cards(), findings(), account());
        }
        problems.forEach(problem -> spec.commandLine().getErr().println("barewire: " + problem));
        return problems.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private List<String> move(final NicConfig config, final Screen screen) {
        final List<String> problems = new ArrayList<>();
        final List<Nic> nics = run.open(devices(), config);
        try {
            final List<Duty> duties = duties(nics);
            final TrafficView view = new TrafficView(screen, json, spec.name() + ", " + queues
                + (queues == 1 ? " queue, " : " queues, ") + idle);
            run.start(duties, idle);
            run.watch(this::isDone, seconds == null ? Long.MAX_VALUE : (long) (seconds * TimeUnit.SECONDS.toNanos(1)),
                elapsed -> {
                    if (!writesToOutput()) {
                        view.show(elapsed, run.cards(), findings());
                    }
                });
        } finally {
            run.stop();
            problems.addAll(finish());
            run.drain();
            problems.addAll(run.close());
            problems.addAll(closed());
        }
        return problems;
    }

    private NicConfig config() {
        if (queues < 1) {
            throw wrong("--queues " + queues + ": a card is driven by 1 queue or more");
        }
        if (seconds != null && !(seconds > 0 && seconds <= TimeUnit.DAYS.toSeconds(10_000))) {
            throw wrong("--seconds " + seconds + ": give a time above 0, or leave it away to run until Ctrl-C");
        }
        final Map<Offload, Force> forced = OffloadChoice.parse(offloads);
        check();
        NicConfig config = configure(NicConfig.defaults().mtu(mtu).queues(queues));
        for (final Map.Entry<Offload, Force> choice : forced.entrySet()) {
            config = config.offload(choice.getKey(), choice.getValue());
        }
        return config;
    }

    private Map<String, Object> account() {
        final Map<String, Object> account = new LinkedHashMap<>();
        account.put("copies", run.cards().stream().flatMap(card -> card.nic().copies().sites().stream())
            .map(site -> Map.of("site", site.site(), "reason", site.reason(), "bytes", site.bytes())).toList());
        account.put("allocated_bytes", run.allocated() < 0 ? null : run.allocated());
        account.put("allocated_over_frames", run.measuredFrames());
        account.put("buffers_outstanding", run.outstanding());
        return account;
    }
}
