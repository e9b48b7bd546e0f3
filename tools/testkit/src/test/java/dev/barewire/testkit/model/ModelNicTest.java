package dev.barewire.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.SetupException;
import dev.barewire.dma.MemoryKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The driver over the model: what it is, and plain frames in both directions. */
@Timeout(60)
class ModelNicTest {
    static final NicConfig SMALL = NicConfig.defaults().descriptors(64, 64).txPackets(128, 20)
        .rxBuffers(MemoryKind.ANONYMOUS, 2048, 128);

    @Test
    void shouldBeFoundByItsNameAndHaveTheAddressGiven() {
        try (Nic nic = Nic.open("model:e1000?mac=52:54:00:00:00:07&seed=5", SMALL)) {
            assertThat(nic.card()).isEqualTo("82540EM");
            assertThat(nic.mac()).hasToString("52:54:00:00:00:07");
            assertThat(nic.link()).hasToString("1000 Mb/s full duplex");
            assertThat(nic.facts()).containsEntry("model", "82540EM, as silicon").containsEntry("seed", "5")
                .containsEntry("dma-faults", "");
            assertThat(nic.registers()).containsKey("STATUS");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rtl8139", "82540EM2"})
    void shouldNameTheModelsThatThereAreWhenAnotherIsAskedFor(final String card) {
        assertThatThrownBy(() -> ModelDevice.open(card)).isInstanceOf(SetupException.class)
            .hasMessageContaining("no model of a card '" + card + "'").hasMessageContaining("82540EM (or e1000)");
        // Its end of a cable is free again.
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> ModelDevice.open(card + "?wire=cable:none")).hasMessageContaining("no model");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mac=1", "mac=01:00:5e:00:00:01", "seed=x", "rules=lax", "wire=moon", "wire=unix:/nowhere",
        "wire=tcp:localhost:1", "speed=10"})
    void shouldRefuseOptionsThatMakeNoSense(final String option) {
        assertThatThrownBy(() -> ModelDevice.open("82540EM?" + option)).isInstanceOf(SetupException.class)
            .hasMessageContaining(option);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rules=strict", "rules=off"})
    void shouldReceiveWhatIsOnTheWire(final String option) {
        try (ModelStation station = new ModelStation("82540EM?" + option, SMALL)) {
            for (int i = 0; i < 2000; i++) {
                final byte[] frame = TestFrames.udp(station.mac(), 18 + i % 1455);
                station.inject(frame);
                assertThat(station.receive()).isEqualTo(frame);
            }
            assertThat(station.nic.counters().drops()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rules=strict", "rules=off"})
    void shouldSendWhatIsPosted(final String option) {
        try (ModelStation station = new ModelStation("82540EM?" + option, SMALL)) {
            for (int i = 0; i < 2000; i++) {
                final byte[] frame = TestFrames.udp(station.mac(), 18 + i % 1455);
                station.send(frame);
                assertThat(station.sent()).isEqualTo(frame);
            }
            station.awaitCompletions();
        }
    }
}
