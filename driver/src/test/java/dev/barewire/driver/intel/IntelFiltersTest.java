package dev.barewire.driver.intel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.MacAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

final class IntelFiltersTest {
    private final RecordedRegisters registers = new RecordedRegisters();
    private final IntelFilters filters = new IntelFilters(registers);

    /** E1K-FILTER-03: with RCTL.MO 0 the hash is bits 47 to 36, counted with the last byte highest. */
    @Test
    void shouldHashTheLastTwelveBitsOfAGroup() {
        assertThat(IntelFilters.multicastHash(MacAddress.parse("01:00:5e:00:00:01"))).isEqualTo(0x010);
        assertThat(IntelFilters.multicastHash(MacAddress.parse("33:33:ff:12:34:56"))).isEqualTo(0x563);
        assertThat(IntelFilters.multicastHash(MacAddress.parse("01:00:00:00:ff:ff"))).isEqualTo(0xfff);
    }

    @Test
    void shouldSetOneBitForAGroupAndClearTheRest() {
        registers.values.put(IntelRegister.MTA.offset() + 4, -1);

        filters.multicast(List.of(MacAddress.parse("33:33:ff:12:34:56")));

        for (int word = 0; word < IntelRegister.MTA_WORDS; word++) {
            assertThat(registers.values.get(IntelRegister.MTA.offset() + 4 * word))
                .isEqualTo(word == 0x563 >>> 5 ? 1 << (0x563 & 31) : 0);
        }
    }

    /** E1K-FILTER-01 and -02: the valid bit is cleared first and set last. */
    @Test
    void shouldWriteTheLowHalfOfAnAddressOnlyWhileItIsInvalid() {
        filters.reset(MacAddress.parse("52:54:00:12:34:56"));

        final List<String> own = registers.trace.stream().filter(line -> line.contains("RAL0") || line.contains("RAH0"))
            .toList();
        assertThat(own).containsExactly("write RAH0 0", "write RAL0 0", "write RAL0 12005452", "write RAH0 80005634");
        assertThat(registers.values.get(IntelRegister.RAH0.offset() + 8 * 15)).isZero();
    }

    @Test
    void shouldSwitchPromiscuousModesInReceiveControlAlone() {
        registers.values.put(IntelRegister.RCTL.offset(), IntelBits.RCTL_EN);

        filters.promiscuous(true);
        assertThat(registers.stored(IntelRegister.RCTL))
            .isEqualTo(IntelBits.RCTL_EN | IntelBits.RCTL_UPE | IntelBits.RCTL_MPE);

        filters.promiscuous(false);
        assertThat(registers.stored(IntelRegister.RCTL)).isEqualTo(IntelBits.RCTL_EN);

        filters.allMulticast(true);
        assertThat(registers.stored(IntelRegister.RCTL)).isEqualTo(IntelBits.RCTL_EN | IntelBits.RCTL_MPE);
    }

    /** E1K-VLAN-05: the table is written before the filter is switched on. */
    @Test
    void shouldFillTheVlanTableBeforeFilteringByIt() {
        filters.vlans(List.of(0, 100, 4095));

        assertThat(registers.values.get(IntelRegister.VFTA.offset())).isEqualTo(1);
        assertThat(registers.values.get(IntelRegister.VFTA.offset() + 4 * 3)).isEqualTo(1 << 4);
        assertThat(registers.values.get(IntelRegister.VFTA.offset() + 4 * 127)).isEqualTo(1 << 31);
        assertThat(registers.trace.getLast()).startsWith("write RCTL");
        assertThat(registers.stored(IntelRegister.RCTL)).isEqualTo(IntelBits.RCTL_VFE);

        filters.vlans(null);
        assertThat(registers.stored(IntelRegister.RCTL)).isZero();
    }

    @Test
    void shouldKeepOneModeWhenAnotherGoes() {
        filters.allMulticast(true);
        filters.vlans(List.of(1));
        filters.promiscuous(true);
        assertThat(registers.stored(IntelRegister.RCTL)).isEqualTo(IntelBits.RCTL_UPE | IntelBits.RCTL_MPE);

        filters.promiscuous(false);
        assertThat(registers.stored(IntelRegister.RCTL)).isEqualTo(IntelBits.RCTL_MPE | IntelBits.RCTL_VFE);

        filters.promiscuous(true);
        filters.allMulticast(false);
        assertThat(registers.stored(IntelRegister.RCTL)).isEqualTo(IntelBits.RCTL_UPE | IntelBits.RCTL_MPE);
    }
}
