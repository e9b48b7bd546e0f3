package dev.barewire.tools.traffic;

import java.util.concurrent.TimeUnit;

/** Nanoseconds since 1970 that allocate nothing: the wall clock of when this was loaded, and the steady one since. */
final class EpochClock {
    private static final long OFFSET = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - System.nanoTime();

    private EpochClock() {
    }

    static long nanos() {
        return System.nanoTime() + OFFSET;
    }
}
