package dev.barewire.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.driver.access.Registers;
import dev.barewire.driver.pci.PciConfig;
import dev.barewire.testkit.model.ModelDevice;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Registers can be watched at a device that nobody watches by itself. */
@Timeout(60)
class ObservedDeviceTest {
    private final Breaches breaches = new Breaches();
    private final StrictRules rules = StrictRules.intel8254x(breaches);

    @Test
    void shouldReportNothingOfTheDriver() {
        final ModelDevice model = ModelDevice.open("82540EM?rules=off");
        final ObservedDevice device = new ObservedDevice(model, rules);
        try (Nic nic = Nic.open(device, NicConfig.defaults().descriptors(64, 64))) {
            assertThat(nic.awaitLink(Duration.ofSeconds(20))).isTrue();
            assertThat(nic.facts()).containsEntry("rules", "off");
            nic.vlans(Set.of(3));
            nic.rx(0).await(1);
            nic.statistics();
        }
        breaches.assertEmpty();
    }

    @Test
    void shouldPassOnWhatItSees() {
        try (ObservedDevice device = new ObservedDevice(ModelDevice.open("82540EM?rules=off"), rules)) {
            device.config().write(PciConfig.COMMAND, 2, PciConfig.COMMAND_MEMORY);
            assertThat(device.config().read(PciConfig.COMMAND, 2)).isEqualTo(PciConfig.COMMAND_MEMORY);
            final Registers registers = device.bar(0);
            registers.write(CardState.VET, 0x8100);
            assertThat(registers.read(CardState.VET)).isEqualTo(0x8100);
            assertThat(breaches.isEmpty()).isTrue();
            registers.write(CardState.IMS, 0);
            registers.write(CardState.RCTL, 0);
            registers.write(CardState.TCTL, 0);
            registers.write(CardState.CTRL, CardState.CTRL_RST);
        }
        assertThat(breaches.counts()).containsOnlyKeys("E1K-RESET-01", "E1K-RESET-10", "E1K-INTR-08");
    }

    @Test
    void shouldSayThatNobodyWatchesAModelWhoseRulesAreOff() {
        try (ModelDevice model = ModelDevice.open("82540EM?rules=off")) {
            assertThatThrownBy(() -> StrictRules.of(model)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rules=strict");
        }
    }
}
