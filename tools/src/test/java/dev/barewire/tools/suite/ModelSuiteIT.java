package dev.barewire.tools.suite;

/** The card suite on the model of the 82540EM, which sees to it that the driver keeps to the card's rules. */
class ModelSuiteIT extends LocalSuite {
    @Override
    String device() {
        return "model:82540EM?mac=52:54:00:12:34:56";
    }
}
