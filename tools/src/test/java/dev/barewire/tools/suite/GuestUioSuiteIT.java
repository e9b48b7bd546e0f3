package dev.barewire.tools.suite;

/** The card suite in a guest: the 82540EM through uio_pci_generic, by physical addresses, without an IOMMU. */
class GuestUioSuiteIT extends GuestSuiteIT {
    @Override
    String driver() {
        return "uio_pci_generic";
    }
}
