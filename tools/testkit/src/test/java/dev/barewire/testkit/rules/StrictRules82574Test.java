package dev.barewire.testkit.rules;

import static dev.barewire.testkit.rules.CardState.CTRL;
import static dev.barewire.testkit.rules.CardState.EERD;
import static dev.barewire.testkit.rules.CardState.IMS;
import static dev.barewire.testkit.rules.CardState.RCTL;
import static dev.barewire.testkit.rules.CardState.STATUS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule that came with the 82574, both ways: who keeps it is not reported, who breaks it is, under its id. */
class StrictRules82574Test {
    record Broken(IntelRule rule, String how, Consumer<DriverScript> change) {
        @Override
        public String toString() {
            return rule.id() + ": " + how;
        }
    }

    private static Broken broken(final IntelRule rule, final String how, final Consumer<DriverScript> change) {
        return new Broken(rule, how, change);
    }

    static List<Broken> broken() {
        return List.of(
            broken(IntelRule.RESET_02, "not asked to leave the bus", s -> s.instead("master-off", CTRL, 0)),
            broken(IntelRule.RESET_02, "not waited for", s -> s.instead("at-rest", () -> s.rules().onRead(STATUS, 1 << 19))),
            broken(IntelRule.RESET_05, "not looked whether the EEPROM is read", s -> s.without("auto-read")),
            broken(IntelRule.LINK_05, "the EEPROM is not the driver's", s -> s.without("owned")),
            broken(IntelRule.LINK_05, "it is, and is given back", s -> s.behind("owned", CardState.SWSM, 0)),
            broken(IntelRule.LINK_05, "the PHY is not the driver's", s -> s.behind("ctrl", CardState.MDIC, 1 << 27 | 1 << 21)),
            broken(IntelRule.NVM_02, "an 82540EM's word 1", s -> s.behind("eeprom", EERD, 1 | 1 << 8 | 1 << 1)),
            broken(IntelRule.RING_11, "handed over as written back", s -> s.instead("rx-refill", () ->
                s.rxDescriptor(DriverScript.RX_SIZE - 1, DriverScript.header(7), 60L << 32 | 3))),
            broken(IntelRule.RING_13, "an odd tail", s -> s.instead("rdt-next", DriverScript.RDT, 15)),
            broken(IntelRule.RING_17, "thresholds in cache lines", s -> s.instead("txdctl", CardState.TXDCTL, 0)),
            broken(IntelRule.RING_17, "a queue that does not send", s -> s.instead("tarc", DriverScript.TDBAL + 0x40, 3)),
            broken(IntelRule.RING_18, "a queue without a ring", s -> s.behind("mrqc", CardState.RETA + 8, 0x80 << 16)),
            broken(IntelRule.RX_03, "formats change under way", s -> s.behind("rctl-on", CardState.RFCTL,
                CardState.RFCTL_EXSTEN | 1 << 14)),
            broken(IntelRule.RXCSUM_04, "hash and checksum", s -> s.without("rxcsum")),
            broken(IntelRule.SPLIT_01, "a reserved type", s -> s.instead("rctl-on", RCTL, DriverScript.RCTL_ON | 3 << 10)),
            broken(IntelRule.SPLIT_02, "no payload", s -> s.instead("psrctl", CardState.PSRCTL, 1)),
            broken(IntelRule.SPLIT_03, "a third buffer without an address", s -> s.instead("psrctl", CardState.PSRCTL,
                1 | 2 << 8 | 2 << 16)),
            broken(IntelRule.TX_05, "not every frame reported", s -> s.instead("txdctl", CardState.TXDCTL, 1 << 22 | 1 << 16)
                .instead("plain", () -> s.txDescriptor(5, DriverScript.TX_BUFFER, DriverScript.TxWords.data(60, 0x43, 0)))),
            broken(IntelRule.INTR_02, "a cause is left", s -> s.without("icr-clear")),
            broken(IntelRule.INTR_10, "the line's cause", s -> s.instead("ims", IMS, 1 << 7)));
    }

    @Test
    void shouldReportNothingOfADriverThatKeepsThem() {
        final Breaches breaches = new DriverScript(Generation.THE_82574).run();
        assertThat(breaches.isEmpty()).as(breaches.report()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("broken")
    void shouldReportABreachUnderItsRule(final Broken broken) {
        final DriverScript script = new DriverScript(Generation.THE_82574);
        broken.change().accept(script);
        final Breaches breaches = script.run();
        assertThat(breaches.counts()).as(breaches.report()).containsKey(broken.rule().id());
    }
}
