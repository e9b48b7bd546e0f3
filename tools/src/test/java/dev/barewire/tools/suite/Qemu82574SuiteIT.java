package dev.barewire.tools.suite;

/** The card suite on QEMU's 82574L, without a guest. */
class Qemu82574SuiteIT extends LocalSuite {
    @Override
    String device() {
        return "qemu:e1000e?mac=52:54:00:12:34:56";
    }
}
