/**
 * The commands that move traffic: {@code dump}, {@code gen}, {@code forward} and {@code echo}. What they share is
 * {@link dev.barewire.tools.traffic.TrafficCommand} and a run: cards, a thread for each queue, a view of them once a second
 * from a thread of its own, and an end that accounts for every buffer. The data path allocates nothing per frame.
 */
package dev.barewire.tools.traffic;
