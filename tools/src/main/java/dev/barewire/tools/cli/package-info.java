/**
 * The commands that look at a machine and its cards: {@code doctor}, {@code list} and {@code info}. They change nothing
 * of the machine; what they judge by is the driver's own, so that a diagnosis and an opening never disagree.
 */
package dev.barewire.tools.cli;
