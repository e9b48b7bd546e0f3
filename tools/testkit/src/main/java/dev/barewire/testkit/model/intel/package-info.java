/**
 * Models of Intel's 8254x family, of the 82574 and the 82576, one small class a card over engines that they share. Sections named here
 * are those of the "PCI/PCI-X Family of Gigabit Ethernet Controllers Software Developer's Manual" (317453), or of the "82574
 * GbE Controller Family Datasheet" (317694) where its number stands in front. Register offsets, bits and descriptor fields are written down here once more and
 * not taken from the driver, so that a mistake there shows.
 */
package dev.barewire.testkit.model.intel;
