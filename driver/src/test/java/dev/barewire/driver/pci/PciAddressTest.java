package dev.barewire.driver.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.SetupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PciAddressTest {
    @Test
    void shouldReadBothFormsWhenWrittenAsLspciDoes() {
        assertThat(PciAddress.parse("0000:00:03.0")).isEqualTo(new PciAddress(0, 0, 3, 0));
        assertThat(PciAddress.parse("af:1f.7")).isEqualTo(new PciAddress(0, 0xaf, 0x1f, 7));
        assertThat(PciAddress.parse("10000:E1:00.0")).hasToString("10000:e1:00.0");
        assertThat(PciAddress.parse("00:03.0")).hasToString("0000:00:03.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "eth0", "3.0", "0:3.0", "00:20.0", "00:03.8", "0000:00:03", "0000:00:03.0 ", "../00:03.0"})
    void shouldRefuseWhenTheFormIsAnother(final String text) {
        assertThatThrownBy(() -> PciAddress.parse(text)).isInstanceOf(SetupException.class)
            .hasMessageContaining("'" + text + "'").hasMessageContaining("lspci -D");
    }
}
