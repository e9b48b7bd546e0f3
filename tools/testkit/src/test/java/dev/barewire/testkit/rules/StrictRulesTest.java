package dev.barewire.testkit.rules;

import static dev.barewire.testkit.rules.CardState.CTRL;
import static dev.barewire.testkit.rules.CardState.EERD;
import static dev.barewire.testkit.rules.CardState.IMC;
import static dev.barewire.testkit.rules.CardState.IMS;
import static dev.barewire.testkit.rules.CardState.RAH0;
import static dev.barewire.testkit.rules.CardState.RAH_AV;
import static dev.barewire.testkit.rules.CardState.RAL0;
import static dev.barewire.testkit.rules.CardState.RCTL;
import static dev.barewire.testkit.rules.CardState.STATUS;
import static dev.barewire.testkit.rules.CardState.TCTL;
import static dev.barewire.testkit.rules.DriverScript.RDBAL;
import static dev.barewire.testkit.rules.DriverScript.RDT;
import static dev.barewire.testkit.rules.DriverScript.SLU;
import static dev.barewire.testkit.rules.DriverScript.TDBAL;
import static dev.barewire.testkit.rules.DriverScript.TDT;
import static dev.barewire.testkit.rules.DriverScript.TX_BUFFER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.testkit.rules.DriverScript.TxWords;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule both ways: who keeps it is not reported, who breaks it is, under its id and no other. */
class StrictRulesTest {
    private record Broken(IntelRule rule, String how, Consumer<DriverScript> change) {
        @Override
        public String toString() {
            return rule.id() + ": " + how;
        }
    }

    private static Broken broken(final IntelRule rule, final String how, final Consumer<DriverScript> change) {
        return new Broken(rule, how, change);
    }

    static Stream<Broken> broken() {
        return Stream.of(bringUp(), setUp(), rings(), transmit(), offloads()).flatMap(List::stream);
    }

    private static List<Broken> bringUp() {
        return List.of(
            broken(IntelRule.RESET_01, "not masked before", s -> s.without("imc-before")),
            broken(IntelRule.RESET_01, "one cause is not masked before", s -> s.instead("imc-before", IMC, 0x7f)),
            broken(IntelRule.RESET_01, "let in again before", s -> s.behind("rctl-off", IMS, 1)),
            broken(IntelRule.RESET_03, "receiver not off", s -> s.without("rctl-off")),
            broken(IntelRule.RESET_03, "transmitter not off", s -> s.without("tctl-off")),
            broken(IntelRule.RESET_04, "no pause", s -> s.without("pause")),
            broken(IntelRule.RESET_04, "not polled", s -> s.without("poll")),
            broken(IntelRule.RESET_04, "another register while it runs", s -> s.instead("poll", () -> {
                s.rules().onRead(CTRL, CardState.CTRL_RST);
                s.rules().onRead(STATUS, 0);
                s.rules().onRead(CTRL, 0);
            })),
            broken(IntelRule.RESET_06, "no receive tail", s -> s.without("rdt-0").without("rdt").without("rx-fill")
                .without("rx-fetch").without("rx-done").without("rx-refill").without("rdt-next")),
            broken(IntelRule.RESET_06, "no high half of the transmit ring", s -> s.without("tdbah")),
            broken(IntelRule.RESET_07, "no memory space", s -> s.instead("memory-space", () ->
                s.rules().onConfigWrite(4, 2, CardState.COMMAND_BUS_MASTER))),
            broken(IntelRule.RESET_07, "no bus master", s -> s.without("bus-master")),
            broken(IntelRule.RESET_08, "MTA left", s -> s.without("mta")),
            broken(IntelRule.RESET_08, "other addresses left", s -> s.without("others")),
            broken(IntelRule.RESET_08, "filtering by a VFTA that was left", s -> s.without("vfta").behind("rctl-on", RCTL,
                DriverScript.RCTL_ON | CardState.RCTL_VFE)),
            broken(IntelRule.RESET_09, "between two registers", s -> s.behind("vet", 0x3a, 0)),
            broken(IntelRule.RESET_09, "behind the last register", s -> s.behind("vet", () -> s.rules().onRead(0x20000, 0))),
            broken(IntelRule.RESET_10, "not flushed", s -> s.without("flush")),
            broken(IntelRule.RESET_10, "flushed, but no pause", s -> s.without("drain")));
    }

    private static List<Broken> setUp() {
        return List.of(
            broken(IntelRule.LINK_01, "no SLU", s -> s.instead("ctrl", CTRL, SLU & ~CardState.CTRL_SLU)),
            broken(IntelRule.LINK_01, "speed forced", s -> s.instead("ctrl", CTRL, SLU | 1 << 11)),
            broken(IntelRule.LINK_04, "another PHY", s -> s.behind("ctrl", CardState.MDIC, 2 << 21 | 2 << 26)),
            broken(IntelRule.LINK_04, "not waited for", s -> s.behind("ctrl", () -> {
                s.rules().onWrite(CardState.MDIC, 1 << 21 | 2 << 26);
                s.rules().onRead(CardState.MDIC, 1 << 21 | 2 << 26);
                s.rules().onWrite(CardState.MDIC, 1 << 21 | 2 << 26);
            })),
            broken(IntelRule.LINK_06, "not looked at", s -> s.without("status")),
            broken(IntelRule.NVM_01, "an 82574's word 1", s -> s.behind("eeprom", EERD, 1 | 1 << 2)),
            broken(IntelRule.NVM_01, "no START", s -> s.behind("eeprom", EERD, 3 << 8)),
            broken(IntelRule.NVM_01, "not waited for", s -> s.behind("eeprom", EERD, 1).behind("behind eeprom", EERD, 1 | 1 << 8)),
            broken(IntelRule.NVM_03, "read in part", s -> s.instead("eeprom", () -> s.readEeprom(3, 0))),
            broken(IntelRule.NVM_03, "wrong sum", s -> s.instead("eeprom", () -> s.readEeprom(64, 0))),
            broken(IntelRule.NVM_04, "another address", s -> s.instead("ral", RAL0, 0x5254)),
            broken(IntelRule.VLAN_01, "no VET", s -> s.without("vet")),
            broken(IntelRule.FILTER_01, "no low half", s -> s.behind("others", RAH0 + 16, RAH_AV | 1)),
            broken(IntelRule.FILTER_02, "valid from the EEPROM", s -> s.without("rah-clear")),
            broken(IntelRule.FILTER_04, "no BAM", s -> s.instead("rctl-on", RCTL, DriverScript.RCTL_ON & ~CardState.RCTL_BAM)),
            broken(IntelRule.VLAN_05, "filled late", s -> s.behind("rctl-on", () -> {
                s.rules().onWrite(RCTL, DriverScript.RCTL_ON | CardState.RCTL_VFE);
                s.rules().onWrite(CardState.VFTA, 1 << 5);
            })),
            broken(IntelRule.INTR_01, "not read", s -> s.without("icr")),
            broken(IntelRule.INTR_08, "IMS with 0", s -> s.behind("ims", IMS, 0)),
            broken(IntelRule.INTR_08, "IMC with 0", s -> s.behind("ims", IMC, 0)),
            broken(IntelRule.STATS_02, "high half alone", s -> s.behind("statistics", () -> s.rules().onRead(0x408c, 0))),
            broken(IntelRule.STATS_02, "something between", s -> s.behind("statistics", () -> {
                s.rules().onRead(0x4090, 0);
                s.rules().onRead(0x4000, 0);
            })),
            broken(IntelRule.STATS_05, "not read", s -> s.without("statistics")));
    }

    private static List<Broken> rings() {
        return List.of(
            broken(IntelRule.RING_01, "receive", s -> s.instead("rdbal", RDBAL, DriverScript.RX_RING | 8)),
            broken(IntelRule.RING_02, "transmit", s -> s.instead("tdlen", TDBAL + 8, 15 * 16)),
            broken(IntelRule.RING_03, "too many", s -> s.instead("tdlen", TDBAL + 8, 4104 * 16)),
            broken(IntelRule.RING_04, "base while on", s -> s.behind("rctl-on", RDBAL, DriverScript.RX_RING)),
            broken(IntelRule.RING_04, "head is not 0", s -> s.instead("tdh", TDBAL + 0x10, 3)),
            broken(IntelRule.RING_05, "transmit", s -> s.behind("bus-master", () -> s.txDescriptor(9, 0, 1))),
            broken(IntelRule.RING_05, "receive", s -> s.behind("rdt", () -> s.rxDescriptor(7, 0, 1L << 32))),
            broken(IntelRule.RING_06, "no buffer", s -> s.instead("rx-refill", () -> { })),
            broken(IntelRule.RING_06, "written late", s -> s.behind("rdt-next", () -> {
                s.rxDescriptor(7, DriverScript.rxBuffer(8), 0);
                s.rxFetch(7);
            })),
            broken(IntelRule.RING_06, "done before it was begun", s -> s.behind("plain", () ->
                s.txDescriptor(5, TX_BUFFER, TxWords.data(60, 0x4b, 0) | 1L << 32))),
            broken(IntelRule.RING_08, "one too few", s -> s.behind("rx-refill", () ->
                s.rxDescriptor(0, DriverScript.rxBuffer(0), 0))),
            broken(IntelRule.RING_09, "more than the card has done", s -> s.behind("rdt-next", () -> {
                s.rxDescriptor(0, DriverScript.rxBuffer(0), 0);
                s.rxDescriptor(1, DriverScript.rxBuffer(1), 0);
                s.rules().onWrite(RDT, 2);
            })),
            broken(IntelRule.RING_10, "receive", s -> s.behind("rdt-next", RDT, 8)),
            broken(IntelRule.RING_12, "status left", s -> s.behind("rx-refill", () ->
                s.rxDescriptor(7, DriverScript.rxBuffer(7), 3L << 32))),
            broken(IntelRule.RING_14, "inside a frame", s -> s.behind("tcp", TDT, 4)),
            broken(IntelRule.RX_01, "too near", s -> s.instead("rx-fill", () ->
                IntStream.range(0, 7).forEach(i -> s.rxDescriptor(i, DriverScript.RX_BUFFERS + 1024 * i, 0)))),
            broken(IntelRule.RX_01, "nobody's memory", s -> s.behind("rx-fill", () -> s.rxDescriptor(1, 0xfff_0000, 0))),
            broken(IntelRule.RX_02, "smaller than they are", s -> s.instead("rctl-on", RCTL, DriverScript.RCTL_ON | 1 << 16)),
            broken(IntelRule.RX_02, "reserved", s -> s.instead("rctl-on", RCTL, DriverScript.RCTL_ON | 1 << 25)),
            broken(IntelRule.RX_05, "FCS stays", s -> s.instead("rctl-on", RCTL, DriverScript.RCTL_ON & ~CardState.RCTL_SECRC)),
            broken(IntelRule.RX_09, "a long one goes out", s -> s.behind("plain-fetch", () -> s.txFrame(1523))));
    }

    private static List<Broken> transmit() {
        return List.of(
            broken(IntelRule.TX_01, "no TIPG", s -> s.without("tipg")),
            broken(IntelRule.TX_01, "no PSP", s -> s.instead("tctl-on", TCTL, DriverScript.TCTL_ON & ~8)),
            broken(IntelRule.TX_02, "no IFCS", s -> s.behind("plain", () -> s.txDescriptor(5, TX_BUFFER, TxWords.data(60, 0x49, 0)))),
            broken(IntelRule.TX_02, "a context inside", s -> s.behind("plain-done", () -> {
                s.txDescriptor(6, TX_BUFFER, TxWords.data(60, 0x2, 0));
                s.txDescriptor(7, 1, TxWords.context(0, 0, 0, 0));
                s.txDescriptor(8, TX_BUFFER, TxWords.data(60, 0xb, 0));
                s.rules().onWrite(TDT, 9);
                s.txFetch(6);
                s.txFetch(7);
            })),
            broken(IntelRule.TX_03, "no report", s -> s.behind("plain", () -> s.txDescriptor(5, TX_BUFFER, TxWords.data(60, 0x43, 0)))),
            broken(IntelRule.TX_04, "two batches", s -> s.instead("txdctl", CardState.TXDCTL, 1 << 16).behind("plain", () -> {
                s.txDescriptor(5, TX_BUFFER, TxWords.data(60, 0x43, 0));
                s.txDescriptor(6, TX_BUFFER, TxWords.data(60, 0x4b, 0));
            }).instead("plain-tail", TDT, 7).behind("plain-fetch", () -> s.txFetch(6))),
            broken(IntelRule.TX_06, "whole", s -> s.behind("plain-done", () -> {
                IntStream.range(6, 22).forEach(i -> s.txDescriptor(i % 16, TX_BUFFER, TxWords.data(60, 0xb, 0)));
                s.rules().onWrite(TDT, 6);
            })),
            broken(IntelRule.TX_07, "changed", s -> s.behind("udp-fetch", () -> s.putShort(80, 1))),
            broken(IntelRule.TX_08, "none", s -> s.behind("plain", () -> s.txDescriptor(5, TX_BUFFER, TxWords.data(0, 0x4b, 0)))),
            broken(IntelRule.TX_08, "too many", s -> s.behind("plain", () -> s.txDescriptor(5, TX_BUFFER, TxWords.data(16289, 0x4b, 0)))),
            broken(IntelRule.TX_09, "no delay", s -> s.behind("plain", () -> s.txDescriptor(5, TX_BUFFER, TxWords.data(60, 0xcb, 0)))));
    }

    private static List<Broken> offloads() {
        return List.of(
            broken(IntelRule.TXOFF_01, "no context", s -> s.behind("udp", () ->
                s.txDescriptor(0, TX_BUFFER, TxWords.data(60, 0xb, 0)))),
            broken(IntelRule.TXOFF_03, "IPCSE behind the header", s -> s.behind("udp", () ->
                s.txDescriptor(0, TxWords.checksums(14, 24, 34, 34, 40), TxWords.context(0, 2, 0, 0)))),
            broken(IntelRule.TXOFF_03, "field is not 0", s -> s.behind("udp", () -> s.putShort(24, 1))),
            broken(IntelRule.TXOFF_04, "TCP's field", s -> s.behind("udp", () ->
                s.txDescriptor(0, TxWords.checksums(14, 34, 16), TxWords.context(0, 2, 0, 0)))),
            broken(IntelRule.TXOFF_05, "no seed", s -> s.behind("udp", () -> s.putShort(40, 0))),
            broken(IntelRule.TXOFF_05, "length in it", s -> s.behind("tcp", () -> s.putShort(50, 9 + 966))),
            broken(IntelRule.TXOFF_06, "length", s -> s.behind("tcp", () -> s.putShort(16, 986))),
            broken(IntelRule.TXOFF_06, "checksum", s -> s.behind("tcp", () -> s.putShort(24, 1))),
            broken(IntelRule.TXOFF_07, "PAYLEN", s -> s.behind("tcp", () ->
                s.txDescriptor(2, TxWords.checksums(14, 34, 16), TxWords.context(1000, 7, 54, 400)))),
            broken(IntelRule.TXOFF_07, "some data without TSE", s -> s.behind("tcp", () ->
                s.txDescriptor(4, TX_BUFFER + 54, TxWords.data(946, 0x6b, 3)))),
            broken(IntelRule.TXOFF_08, "not asked for", s -> s.behind("udp", () ->
                s.txDescriptor(1, TX_BUFFER, TxWords.data(100, 0x2b, 0)))),
            broken(IntelRule.TXOFF_08, "asked for late", s -> s.behind("tcp", () ->
                s.txDescriptor(3, TX_BUFFER, TxWords.data(54, 0x66, 0)))),
            broken(IntelRule.VLAN_03, "no VME", s -> s.instead("ctrl", CTRL, SLU & ~CardState.CTRL_VME)),
            broken(IntelRule.VLAN_03, "not in the first of a segmentation", s -> s.behind("tcp", () ->
                s.txDescriptor(3, TX_BUFFER, TxWords.data(54, 0x26, 3)))));
    }

    @Test
    void shouldReportNothingOfADriverThatKeepsTheRules() {
        assertThat(new DriverScript().run().report()).isEqualTo("no rule was broken");
    }

    @ParameterizedTest
    @MethodSource("broken")
    void shouldReportTheRuleThatIsBrokenAndNoOther(final Broken broken) {
        final DriverScript script = new DriverScript();
        broken.change().accept(script);
        final Breaches breaches = script.run();
        assertThat(breaches.counts()).as(breaches.report()).containsOnlyKeys(broken.rule().id());
        assertThatThrownBy(breaches::assertEmpty).hasMessageContaining(broken.rule().text());
    }

    @Test
    void shouldCheckNoRuleThatItSaysIsNotChecked() {
        assertThat(UncheckedRule.values()).extracting(UncheckedRule::id)
            .doesNotContainAnyElementsOf(Arrays.stream(IntelRule.values()).map(IntelRule::id).toList());
    }

    @Test
    void shouldBreakEveryRuleOnce() {
        assertThat(Stream.concat(broken().map(Broken::rule), StrictRules82574Test.broken().stream().map(StrictRules82574Test.Broken::rule)))
            .containsAll(Arrays.asList(IntelRule.values()));
    }
}
