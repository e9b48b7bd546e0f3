package dev.barewire.tools.bench;

import dev.barewire.tools.bench.FirstFrameTimes.Times;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Measures the ways to a card that need no hardware. What is compared takes turns, round by round. */
final class Transports {
    static final String QEMU = "qemu:e1000";
    static final String MODEL = "model:82540EM";
    /** Octets of a frame without its FCS: the shortest, and the longest that is not jumbo. */
    private static final int[] LENGTHS = {60, 1514};
    private static final int MODEL_LENGTH = 64;
    private static final int WARM_UP = 3;
    private static final double MEGA = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    private final int rounds;
    private final long nanos;
    private final Consumer<String> progress;
    private final Map<String, Map<String, Series>> results = new LinkedHashMap<>();

    /**
     * Prepares a run.
     *
     * @param rounds   how often each is measured, after some times that do not count
     * @param seconds  how long frames are moved each time
     * @param progress told what is being measured
     */
    Transports(final int rounds, final double seconds, final Consumer<String> progress) {
        this.rounds = rounds;
        this.nanos = (long) (seconds * NANOS_PER_SECOND);
        this.progress = progress;
    }

    /** What was measured, by what was compared and by contestant. */
    Map<String, Map<String, Series>> run() {
        firstFrames();
        for (final int length : LENGTHS) {
            race(QEMU + " transmit, " + length + " bytes",
                () -> new DriverTransmit(QEMU, length), () -> new RawTransmit(QEMU, length));
            race(QEMU + " receive, " + length + " bytes",
                () -> new DriverReceive(QEMU, length), () -> new RawReceive(QEMU, length));
        }
        cardToCard();
        return results;
    }

    private void firstFrames() {
        progress.accept("JVM start to first frame");
        final List<String> devices = List.of(QEMU, MODEL);
        final Times[][] times = new Times[devices.size()][rounds];
        devices.forEach(FirstFrameTimes::measure);
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < times.length; i++) {
                times[i][round] = FirstFrameTimes.measure(devices.get(i));
            }
        }
        final Map<String, Series> fromMain = new LinkedHashMap<>();
        final Map<String, Series> fromStart = new LinkedHashMap<>();
        for (int i = 0; i < times.length; i++) {
            fromMain.put(devices.get(i), new Series("ms", Arrays.stream(times[i]).mapToDouble(Times::fromMain).toArray()));
            fromStart.put(devices.get(i), new Series("ms", Arrays.stream(times[i]).mapToDouble(Times::fromStart).toArray()));
        }
        results.put("first frame, from JVM main", fromMain);
        results.put("first frame, from JVM start", fromStart);
    }

    /** The driver against a loop without one. */
    private void race(final String name, final Supplier<Traffic> withDriver, final Supplier<Traffic> without) {
        progress.accept(name);
        try (Traffic driver = withDriver.get(); Traffic raw = without.get()) {
            final Series[] rates = rates(driver, raw);
            results.put(name, inOrder("driver", rates[0], "raw", rates[1], "driver/raw", rates[0].over(rates[1])));
        }
    }

    private void cardToCard() {
        final String name = MODEL + " card to card, " + MODEL_LENGTH + " bytes";
        progress.accept(name);
        try (CardToCardJvm strict = pair("strict"); CardToCardJvm off = pair("off")) {
            final Series[] rates = rates(strict, off);
            results.put(name, inOrder("rules strict", rates[0], "rules off", rates[1]));
            results.put(name + ", allocated by all threads",
                inOrder("rules strict", strict.bytesPerFrame(), "rules off", off.bytesPerFrame()));
        }
    }

    private static CardToCardJvm pair(final String rules) {
        final String device = MODEL + "?rules=" + rules + "&wire=cable:bench-" + rules;
        return new CardToCardJvm(device, MODEL_LENGTH);
    }

    /** Each one's rounds, in millions of frames a second. The first ones, in which code is compiled, do not count. */
    private Series[] rates(final Traffic... contestants) {
        final double[][] rates = new double[contestants.length][rounds];
        for (int round = -WARM_UP; round < rounds; round++) {
            for (int i = 0; i < contestants.length; i++) {
                final double rate = contestants[i].framesPerSecond(nanos) / MEGA;
                if (round >= 0) {
                    rates[i][round] = rate;
                }
            }
        }
        return Arrays.stream(rates).map(values -> new Series("Mpps", values)).toArray(Series[]::new);
    }

    private static Map<String, Series> inOrder(final Object... namesAndSeries) {
        final Map<String, Series> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndSeries.length; i += 2) {
            map.put((String) namesAndSeries[i], (Series) namesAndSeries[i + 1]);
        }
        return map;
    }
}
