/**
 * The descriptor layouts and rings of Intel's Gigabit Ethernet cards.
 *
 * <p>A layout is a class of constants and static functions. "Manual" is Intel 317453, PCI/PCI-X Family of Gigabit
 * Ethernet Controllers Software Developer's Manual; "datasheet" is Intel 317694, 82574 GbE Controller Family; "82576
 * datasheet" is that of the 82576EB Gigabit Ethernet Controller, revision 2.63. A ring is one class for a direction and a
 * descriptor format. No register lives here.
 */
package dev.barewire.rings.intel;
