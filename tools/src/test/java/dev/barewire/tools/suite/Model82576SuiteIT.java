package dev.barewire.tools.suite;

/** The card suite on the model of the 82576, which sees to it that the driver keeps to the card's rules. */
class Model82576SuiteIT extends LocalSuite {
    @Override
    String device() {
        return "model:82576?mac=52:54:00:12:34:56";
    }
}
