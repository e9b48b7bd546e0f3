package dev.barewire.tools.suite;

/** The card suite in a guest: the 82576, which interrupts by MSI-X there. */
class Guest82576SuiteIT extends GuestSuiteIT {
    @Override
    String model() {
        return "igb";
    }
}
