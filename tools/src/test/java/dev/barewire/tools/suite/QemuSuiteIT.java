package dev.barewire.tools.suite;

/** The card suite on QEMU's 82540EM, without a guest. */
class QemuSuiteIT extends LocalSuite {
    @Override
    String device() {
        return "qemu:e1000?mac=52:54:00:12:34:56";
    }
}
