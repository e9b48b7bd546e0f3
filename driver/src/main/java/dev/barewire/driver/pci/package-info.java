/** PCI: addresses, configuration space and its registers, capabilities, and what sysfs tells of the bus. */
package dev.barewire.driver.pci;
