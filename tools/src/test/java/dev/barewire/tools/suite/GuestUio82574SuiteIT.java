package dev.barewire.tools.suite;

/** The card suite in a guest: the 82574L through uio_pci_generic, by its line. */
class GuestUio82574SuiteIT extends GuestUioSuiteIT {
    @Override
    String model() {
        return "e1000e";
    }
}
