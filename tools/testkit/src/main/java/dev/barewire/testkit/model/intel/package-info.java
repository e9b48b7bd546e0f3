/**
 * Models of Intel's 8254x family. Sections named here are those of the "PCI/PCI-X Family of Gigabit Ethernet Controllers
 * Software Developer's Manual" (317453). Register offsets, bits and descriptor fields are written down here once more and
 * not taken from the driver, so that a mistake there shows.
 */
package dev.barewire.testkit.model.intel;
