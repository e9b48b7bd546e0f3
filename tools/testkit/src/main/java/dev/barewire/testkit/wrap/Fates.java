package dev.barewire.testkit.wrap;

import java.util.Map;

/**
 * What befalls each frame of a direction. Every draw is a hash of the seed, the frame's number and the draw's number, so
 * that it does not depend on other draws or other faults' rates.
 */
final class Fates {
    private static final Fault[] FAULTS = Fault.values();
    /** SplitMix64's increment and its finaliser's factors (Steele, Lea and Flood, 2014). */
    private static final long GAMMA = 0x9e3779b97f4a7c15L;
    private static final long MIX_1 = 0xbf58476d1ce4e5b9L;
    private static final long MIX_2 = 0x94d049bb133111ebL;
    private static final int DRAWS = 16;

    private final long seed;
    private final double[] rates = new double[FAULTS.length];
    private final boolean[] hits = new boolean[FAULTS.length];
    private long frame;
    private int draw;

    /**
     * Begins with the first frame.
     *
     * @param seed  another for each direction
     * @param rates of each fault
     */
    Fates(final long seed, final Map<Fault, Double> rates) {
        this.seed = mix(seed);
        rates.forEach((fault, rate) -> this.rates[fault.ordinal()] = rate);
    }

    /** Draws for the next frame. */
    void next() {
        frame++;
        draw = 0;
        for (int i = 0; i < FAULTS.length; i++) {
            hits[i] = (random() >>> 11) * 0x1.0p-53 < rates[i];
        }
    }

    /** Lets the frame's picks come out as before: it had no room and is tried again. */
    void again() {
        draw = FAULTS.length;
    }

    /** Whether a fault befalls the frame. */
    boolean hits(final Fault fault) {
        return hits[fault.ordinal()];
    }

    /** One more number for the frame, from 0 up to the bound. */
    long pick(final long bound) {
        return Long.remainderUnsigned(random(), bound);
    }

    private long random() {
        return mix(seed + GAMMA * (frame * DRAWS + draw++));
    }

    private static long mix(final long value) {
        final long first = (value ^ value >>> 30) * MIX_1;
        final long second = (first ^ first >>> 27) * MIX_2;
        return second ^ second >>> 31;
    }
}
