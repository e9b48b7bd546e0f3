package dev.barewire.tools.suite;

import java.util.List;

/** The card suite in a guest: the 82540EM through uio_pci_generic, by physical addresses, without an IOMMU. */
class GuestUioSuiteIT extends GuestSuiteIT {
    @Override
    List<String> options() {
        return List.of(SuiteMain.WITHOUT_MATRIX);
    }

    @Override
    String driver() {
        return "uio_pci_generic";
    }
}
