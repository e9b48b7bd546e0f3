package dev.barewire.testkit.wrap;

import dev.barewire.driver.access.AccessProvider;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.Devices;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;

/**
 * {@code fault:OPTIONS:DEVICE}: loses, doubles, reorders, spoils and delays frames of a device.
 *
 * <ul>
 * <li>{@code loss}, {@code duplicate}, {@code reorder}, {@code corrupt}, {@code delay}: the probability of each
 *     {@link Fault}, 0 to 1, for both directions; with {@code rx.} or {@code tx.} before it, for one, which goes before
 * <li>{@code delay-us}: the longest delay in microseconds, 1000 if nothing else is said, at most a minute
 * <li>{@code seed}: a number; if none is given one is drawn, and the device's facts show it
 * </ul>
 *
 * <p>The device's own name stands behind the colon that ends the options, with options of its own:
 * {@code fault:loss=0.01&rx.delay=0.1&seed=7:model:82540EM?rules=off}.
 */
public final class FaultProvider implements AccessProvider {
    private static final String RX = "rx.";
    private static final String TX = "tx.";
    private static final long LONGEST_DELAY_MICROS = 60_000_000;

    /** For {@link java.util.ServiceLoader}. */
    public FaultProvider() {
    }

    @Override
    public String scheme() {
        return "fault";
    }

    @Override
    public DeviceAccess open(final String address) {
        final Set<String> known = new TreeSet<>(Set.of("seed", "delay-us"));
        for (final Fault fault : Fault.values()) {
            known.addAll(Set.of(fault.option(), RX + fault.option(), TX + fault.option()));
        }
        final WrapName name = WrapName.parse(scheme(), address, known);
        final FaultPlan plan = plan(name);
        return FaultDevice.of(Devices.open(name.device()), plan);
    }

    private static FaultPlan plan(final WrapName name) {
        final long drawn = ThreadLocalRandom.current().nextLong() >>> 1;
        final long micros = name.number("delay-us", FaultPlan.DEFAULT_DELAY.toNanos() / 1000, 0, LONGEST_DELAY_MICROS);
        FaultPlan plan = FaultPlan.seed(name.number("seed", drawn, Long.MIN_VALUE, Long.MAX_VALUE))
            .maxDelay(Duration.of(micros, ChronoUnit.MICROS));
        for (final Fault fault : Fault.values()) {
            for (final String option : new String[] {fault.option(), RX + fault.option()}) {
                plan = name.has(option) ? plan.rx(fault, name.rate(option)) : plan;
            }
            for (final String option : new String[] {fault.option(), TX + fault.option()}) {
                plan = name.has(option) ? plan.tx(fault, name.rate(option)) : plan;
            }
        }
        return plan;
    }
}
