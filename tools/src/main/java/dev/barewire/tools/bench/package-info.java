/**
 * {@code barewire bench}: what the ways to a card cost, side by side in one run. Nothing here is judged; the figures are for
 * people and for programs that keep them.
 */
package dev.barewire.tools.bench;
