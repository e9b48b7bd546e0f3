package dev.barewire.testkit.wrap;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Which faults befall how many frames. Immutable: each setter gives a changed copy.
 *
 * <p>Which frames are hit, and how, follows from the seed and their number in their direction alone: the same plan hits the
 * same frames again. When a delayed frame comes depends on the clock.
 *
 * @param seed     from which all follows
 * @param rx       the rate of each fault among received frames, 0 to 1
 * @param tx       the rate of each fault among sent frames, 0 to 1
 * @param maxDelay the longest delay of {@link Fault#DELAY}
 */
public record FaultPlan(long seed, Map<Fault, Double> rx, Map<Fault, Double> tx, Duration maxDelay) {
    /** How long a delay is at most if nothing else is said. */
    public static final Duration DEFAULT_DELAY = Duration.ofMillis(1);

    /**
     * Checks a plan.
     *
     * @throws IllegalArgumentException if a rate is not from 0 to 1 or the delay is negative
     */
    public FaultPlan {
        rx = Map.copyOf(rx);
        tx = Map.copyOf(tx);
        for (final Map<Fault, Double> rates : List.of(rx, tx)) {
            rates.forEach((fault, rate) -> {
                if (!(rate >= 0 && rate <= 1)) {
                    throw new IllegalArgumentException("the rate of " + fault.option() + " is from 0 to 1, not " + rate);
                }
            });
        }
        if (maxDelay.isNegative()) {
            throw new IllegalArgumentException("a delay of " + maxDelay);
        }
    }

    /**
     * No faults yet.
     *
     * @param seed from which all follows
     * @return the plan
     */
    public static FaultPlan seed(final long seed) {
        return new FaultPlan(seed, Map.of(), Map.of(), DEFAULT_DELAY);
    }

    /**
     * Sets a fault of received frames.
     *
     * @param fault which
     * @param rate  the probability that it befalls a frame, 0 to 1
     * @return a changed copy
     */
    public FaultPlan rx(final Fault fault, final double rate) {
        return new FaultPlan(seed, with(rx, fault, rate), tx, maxDelay);
    }

    /**
     * Sets a fault of sent frames.
     *
     * @param fault which
     * @param rate  the probability that it befalls a frame, 0 to 1
     * @return a changed copy
     */
    public FaultPlan tx(final Fault fault, final double rate) {
        return new FaultPlan(seed, rx, with(tx, fault, rate), maxDelay);
    }

    /**
     * Sets how long a delay is at most.
     *
     * @param longest delays are spread evenly from 0 to this
     * @return a changed copy
     */
    public FaultPlan maxDelay(final Duration longest) {
        return new FaultPlan(seed, rx, tx, longest);
    }

    private static Map<Fault, Double> with(final Map<Fault, Double> rates, final Fault fault, final double rate) {
        final Map<Fault, Double> all = new EnumMap<>(Fault.class);
        all.putAll(rates);
        all.put(fault, rate);
        return all;
    }

    /** As options of a device's name. */
    @Override
    public String toString() {
        final StringBuilder options = new StringBuilder();
        for (final Fault fault : Fault.values()) {
            append(options, "rx.", fault, rx);
            append(options, "tx.", fault, tx);
        }
        return options + "delay-us=" + maxDelay.toNanos() / 1000 + "&seed=" + seed;
    }

    private static void append(
        final StringBuilder options, final String way, final Fault fault, final Map<Fault, Double> rates) {
        final double rate = rates.getOrDefault(fault, 0.0);
        if (rate > 0) {
            options.append(way).append(fault.option()).append('=').append(rate).append('&');
        }
    }
}
