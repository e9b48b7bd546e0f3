/**
 * The descriptor layouts and rings of Intel's Gigabit Ethernet cards.
 *
 * <p>A layout is a class of constants and static functions; sections cited are those of Intel's "PCI/PCI-X Family of
 * Gigabit Ethernet Controllers Software Developer's Manual", document 317453. A ring is one class for a direction and a
 * descriptor format. No register lives here.
 */
package dev.barewire.rings.intel;
