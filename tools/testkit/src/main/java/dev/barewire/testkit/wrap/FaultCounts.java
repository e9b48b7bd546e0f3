package dev.barewire.testkit.wrap;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/** How often each fault befell a frame of a direction, and how often one could not. Any thread may read. */
final class FaultCounts {
    private static final int FAULTS = Fault.values().length;
    private static final int SKIPPED = FAULTS;

    private final String direction;
    private final AtomicLongArray counts = new AtomicLongArray(FAULTS + 1);

    FaultCounts(final String direction) {
        this.direction = direction;
    }

    void count(final Fault fault) {
        counts.incrementAndGet(fault.ordinal());
    }

    void skipped() {
        counts.incrementAndGet(SKIPPED);
    }

    void addTo(final Map<String, Long> all) {
        for (final Fault fault : Fault.values()) {
            all.put("fault." + direction + "." + fault.counted(), counts.get(fault.ordinal()));
        }
        all.put("fault." + direction + ".skipped", counts.get(SKIPPED));
    }
}
