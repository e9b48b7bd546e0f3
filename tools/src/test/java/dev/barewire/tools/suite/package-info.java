/**
 * The card suite: one set of tests that drive a card and hold the far end of its cable. The classes called
 * {@code *Suite} know neither the card nor the way to it: the system properties {@code barewire.device} and
 * {@code barewire.wire} name them, and without these properties they are skipped. {@code *IT} classes bring card and
 * cable together and turn the suite's results into tests of their own.
 */
package dev.barewire.tools.suite;
