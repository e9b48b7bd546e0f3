/**
 * Intel's 8254x line and its PCIe successors: the register table, bring-up, filters, EEPROM, link, statistics; a card is a
 * small class. Sections named here are those of the "PCI/PCI-X Family of Gigabit Ethernet Controllers Software Developer's
 * Manual" (317453); "datasheet" is "82574 GbE Controller Family" (317694),
 * "82576 datasheet" that of the 82576EB Gigabit Ethernet Controller. Descriptor formats and rings are in
 * {@code dev.barewire.rings.intel}.
 */
package dev.barewire.driver.intel;
