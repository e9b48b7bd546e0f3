/**
 * How a card and a CPU hand buffers to each other: ring state machines and what passes through them, one sub-package
 * for each family's descriptor layouts. No register is touched and no system call made here: a ring says what to write
 * to its doorbell, and the queue above it writes.
 */
package dev.barewire.rings;
