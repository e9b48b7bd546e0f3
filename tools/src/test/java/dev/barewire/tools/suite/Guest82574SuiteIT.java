package dev.barewire.tools.suite;

/** The card suite in a guest: the 82574L, which interrupts by MSI-X there. */
class Guest82574SuiteIT extends GuestSuiteIT {
    @Override
    String model() {
        return "e1000e";
    }
}
