/**
 * {@code qemu:<card>}: QEMU's own cards without a guest, without root and within milliseconds. QEMU is started with one
 * card and a processor that halts; its test socket (qtest) carries accesses to configuration space and registers and tells
 * of interrupt lines, and its RAM is a memory file that this JVM maps. Nothing here knows a card's registers.
 */
package dev.barewire.tools.qemu;
