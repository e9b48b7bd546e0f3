/**
 * The card suite: one set of tests that drive a card and hold the far end of its cable, on any device. The classes called
 * {@code *Suite} know neither the card nor the way to it: the system property {@code barewire.device} names it, without which
 * they are skipped, and what differs from way to way is asked from {@link dev.barewire.tools.suite.CardUnderTest}. The
 * {@code *IT} classes run the suite in a JVM of its own, on a model, on QEMU's card without a guest and in a guest, and turn
 * its results into tests.
 */
package dev.barewire.tools.suite;
