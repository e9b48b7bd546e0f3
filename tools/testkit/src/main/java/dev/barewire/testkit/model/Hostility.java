package dev.barewire.testkit.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a model can do that no card may. Each has a number behind its name in {@code hostile=}, {@code never-done:1000}, which
 * says how rarely it strikes: once in so many times on average, unless something else is said here.
 */
public enum Hostility {
    /** A receive descriptor has a length beyond its buffer. */
    LONG_LENGTHS,
    /** A receive descriptor has a length of 0. */
    ZERO_LENGTHS,
    /** A frame's last receive descriptor does not say that it is the last. */
    NO_END,
    /** A descriptor, of either side, comes back with random status, errors and special field. */
    GARBAGE_STATUS,
    /** A head register reads as beyond the ring, or as anything. */
    WILD_HEADS,
    /** A descriptor that was done before is said to be done once more. */
    DONE_TWICE,
    /** A descriptor is never said to be done. */
    NEVER_DONE,
    /**
     * The next descriptor is said to be done before anything was written to its buffer, or read from it. No driver can know:
     * it has only the card's word for when a buffer is whole. So nothing counts it, and what is received is a frame of the
     * descriptor's length with whatever the buffer held; what holds is that no buffer is lost and nothing outside one read.
     */
    DONE_EARLY,
    /** The link goes down, and soon up again. */
    LINK_FLAPS,
    /** All registers read as all ones and nothing moves any more, from so many descriptors on. */
    LOST,
    /** A reset never ends: the so-maniest since the card was powered on. */
    ENDLESS_RESET,
    /** The card interrupts with a receive cause that it does not have. */
    INTERRUPT_STORM,
    /** The card interrupts without any cause. */
    SPURIOUS_INTERRUPTS,
    /** A statistics register reads as at its end. */
    FULL_STATISTICS,
    /** A statistics register reads as if it had begun again at 0. */
    WRAPPED_STATISTICS,
    /** A word of the EEPROM reads wrong, so that the sum is wrong. */
    BAD_EEPROM,
    /** The EEPROM is never done with reading a word. */
    DEAD_EEPROM;

    /**
     * Its name in {@code hostile=}.
     *
     * @return such as {@code never-done}
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String labels() {
        return Arrays.stream(values()).map(Hostility::label).collect(Collectors.joining(", "));
    }
}
