/**
 * Cards through Linux's uio_pci_generic: registers and configuration space by sysfs, INTx by {@code /dev/uioN}, and DMA by
 * physical addresses of huge pages. Nothing guards memory from a card here; where there is an IOMMU, VFIO is the way.
 */
package dev.barewire.driver.uio;
