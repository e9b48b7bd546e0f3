package dev.barewire.tools.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.Packet;
import dev.barewire.driver.access.Devices;
import dev.barewire.testkit.rules.Breaches;
import dev.barewire.testkit.rules.ObservedDevice;
import dev.barewire.testkit.rules.StrictRules;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rules that registers show, kept on a card that is not this project's. */
@Timeout(120)
class QemuRulesIT {
    private final Breaches breaches = new Breaches();

    @Test
    void shouldBreakNoRuleThatRegistersShow() {
        final ObservedDevice device = new ObservedDevice(Devices.open("qemu:e1000"), StrictRules.intel8254x(breaches));
        try (Nic nic = Nic.open(device, NicConfig.defaults().vlanStrip(true))) {
            assertThat(nic.awaitLink(Duration.ofSeconds(20))).isTrue();
            nic.vlans(Set.of(3, 5));
            nic.promiscuous(true);
            nic.rx(0).poll(new Packet[8]);
            nic.rx(0).await(1);
            nic.statistics();
            nic.registers();
        }
        breaches.assertEmpty();
    }
}
