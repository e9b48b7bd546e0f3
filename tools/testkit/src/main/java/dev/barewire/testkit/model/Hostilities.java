package dev.barewire.testkit.model;

import dev.barewire.SetupException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What one model does wrong, and how often it has. Everything follows from the seed and from the order in which the model
 * was asked; the model asks with its device's lock held.
 */
public final class Hostilities {
    private static final int USUAL = 100;
    /** How many times on average the card works on, or finds nothing to do, before a link that went down is up again. */
    private static final int DOWN = 8;

    private final int[] rarity = new int[Hostility.values().length];
    private final AtomicLongArray counts = new AtomicLongArray(rarity.length);
    private final Chance chance;
    private volatile boolean over;
    private boolean cut;
    private volatile boolean lost;
    private long descriptors;

    private Hostilities(final long seed) {
        chance = new Chance(~seed);
    }

    /**
     * Reads the value of {@code hostile=}.
     *
     * @param wanted names of {@link Hostility}, each with a colon and a number if it shall not strike once in
     *               {@value #USUAL} times, joined by commas: {@code never-done:1000,link-flaps}
     * @param seed   what everything follows from
     * @return the hostilities; null if there is none
     * @throws SetupException if there is no such hostility
     */
    static Hostilities parse(final String wanted, final long seed) {
        if (wanted.isEmpty()) {
            return null;
        }
        final Hostilities hostilities = new Hostilities(seed);
        for (final String one : wanted.split(",", -1)) {
            final String[] parts = one.split(":", 2);
            final Hostility hostility = Arrays.stream(Hostility.values())
                .filter(known -> known.label().equals(parts[0])).findFirst().orElseThrow(() -> unknown(one));
            hostilities.rarity[hostility.ordinal()] = parts.length == 1 ? USUAL : number(one, parts[1]);
        }
        return hostilities;
    }

    private static int number(final String one, final String digits) {
        try {
            final int number = Integer.parseInt(digits);
            if (number > 0) {
                return number;
            }
        } catch (final NumberFormatException wrong) {
            // as bad as one that is too small
        }
        throw unknown(one);
    }

    private static SetupException unknown(final String one) {
        return new SetupException("'" + one + "' in 'hostile=' is nothing that a model can do wrong",
            "write name or name:number, joined by commas; the names are: " + Hostility.labels());
    }

    /**
     * Whether a hostility strikes now; it is counted if so.
     *
     * @param hostility which
     * @return true once in so many times
     */
    public boolean strikes(final Hostility hostility) {
        final int times = rarity[hostility.ordinal()];
        return times > 0 && !over && chance.oneIn(times) && count(hostility);
    }

    /**
     * Whether it is there at all, whatever its number; nothing is counted.
     *
     * @param hostility which
     * @return false when all hostilities are over
     */
    public boolean has(final Hostility hostility) {
        return rarity[hostility.ordinal()] > 0 && !over;
    }

    /**
     * Whether a hostility whose number says from when on it holds does so now; it is counted once.
     *
     * @param hostility which
     * @param time      what its number is compared with
     * @return true from then on
     */
    public boolean strikesFrom(final Hostility hostility, final long time) {
        final int first = rarity[hostility.ordinal()];
        return first > 0 && !over && time >= first && (counts.get(hostility.ordinal()) > 0 || count(hostility));
    }

    private boolean count(final Hostility hostility) {
        counts.lazySet(hostility.ordinal(), counts.get(hostility.ordinal()) + 1);
        return true;
    }

    /**
     * Numbers from the seed.
     *
     * @return the sequence that all strikes are drawn from
     */
    public Chance chance() {
        return chance;
    }

    /** The card has done a descriptor: the clock of {@link Hostility#LOST}. */
    public void descriptorDone() {
        lost |= strikesFrom(Hostility.LOST, ++descriptors);
    }

    /**
     * Whether the card has gone from its bus.
     *
     * @return true from {@link Hostility#LOST} on
     */
    public boolean lost() {
        return lost && !over;
    }

    /**
     * Lets the link flap, if it shall now.
     *
     * @return true if it went down or up
     */
    public boolean flap() {
        final boolean flaps = cut ? over || chance.oneIn(DOWN) : strikes(Hostility.LINK_FLAPS);
        cut ^= flaps;
        return flaps;
    }

    /**
     * Whether the link is down.
     *
     * @return true between two flaps
     */
    public boolean cut() {
        return cut;
    }

    /** Ends all hostilities: the card behaves from now on. From any thread. */
    public void end() {
        over = true;
    }

    /**
     * How often one has struck.
     *
     * @param hostility which
     * @return the count since the card was opened
     */
    public long struck(final Hostility hostility) {
        return counts.get(hostility.ordinal());
    }
}
