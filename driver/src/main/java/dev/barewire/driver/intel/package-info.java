/**
 * Intel's 8254x family: the register table, bring-up, filters, EEPROM, link, statistics. Sections named here are those
 * of the "PCI/PCI-X Family of Gigabit Ethernet Controllers Software Developer's Manual" (317453). Descriptor formats
 * and rings are in {@code dev.barewire.rings.intel}.
 */
package dev.barewire.driver.intel;
