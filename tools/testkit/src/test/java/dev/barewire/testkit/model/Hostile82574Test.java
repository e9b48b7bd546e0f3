package dev.barewire.testkit.model;

/** The driver over an 82574L that does what none may: other descriptors, other interrupts, the same lies. */
class Hostile82574Test extends HostileCardTest {
    @Override
    String card() {
        return "82574L";
    }
}
