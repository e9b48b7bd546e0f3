package dev.barewire.tools.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.Force;
import dev.barewire.profiles.Offload;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffloadChoiceTest {
    @Test
    void shouldForceOneOffload() {
        assertThat(OffloadChoice.parse(List.of("header-split=off"))).containsOnly(entry(Offload.HEADER_SPLIT, Force.OFF));
    }

    @Test
    void shouldForceAGroupAndLetLaterOnesOutdoIt() {
        assertThat(OffloadChoice.parse(List.of("tx-checksum=software", "tx-tcp-checksum=hardware"))).containsOnly(
                entry(Offload.TX_IP_CHECKSUM, Force.SOFTWARE), entry(Offload.TX_UDP_CHECKSUM, Force.SOFTWARE),
                entry(Offload.TX_TCP_CHECKSUM, Force.HARDWARE));
    }

    @Test
    void shouldListTheNamesWhenOneIsUnknown() {
        assertThatThrownBy(() -> OffloadChoice.parse(List.of("teleport=software")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("teleport")
                .hasMessageContaining("rx-checksum, tx-checksum, rx-ip-checksum").hasMessageContaining("jumbo");
    }

    @ParameterizedTest
    @ValueSource(strings = {"header-split", "header-split=", "header-split=maybe", "="})
    void shouldSayWhatCanBeChosenWhenTheChoiceIsNone(String choice) {
        assertThatThrownBy(() -> OffloadChoice.parse(List.of(choice)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("NAME=software");
    }

    private static java.util.Map.Entry<Offload, Force> entry(Offload offload, Force force) {
        return java.util.Map.entry(offload, force);
    }
}
