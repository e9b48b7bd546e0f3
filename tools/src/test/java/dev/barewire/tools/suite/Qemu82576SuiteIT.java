package dev.barewire.tools.suite;

/** The card suite on QEMU's 82576, without a guest. */
class Qemu82576SuiteIT extends LocalSuite {
    @Override
    String device() {
        return "qemu:igb?mac=52:54:00:12:34:56";
    }
}
