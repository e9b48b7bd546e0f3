package dev.barewire.testkit.junit;

import dev.barewire.Nic;

/**
 * Two cards at the ends of one cable. A record of a test's own with two {@link Nic} components will do as well.
 *
 * @param left  the one that {@link NicUnderTest#wrap} applies to
 * @param right the other
 */
public record CabledNics(Nic left, Nic right) {
}
