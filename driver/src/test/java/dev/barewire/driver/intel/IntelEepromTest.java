package dev.barewire.driver.intel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.SetupException;
import org.junit.jupiter.api.Test;

public final class IntelEepromTest {
    /** 52:54:00:12:34:56 in words of which the low byte goes first (manual 5.6.1). */
    private static final int[] MAC_WORDS = {0x5452, 0x1200, 0x5634};

    @Test
    void shouldReadTheAddressLowByteFirstWhenTheSumIsRight() {
        assertThat(new IntelEeprom(eeprom(0)).mac()).hasToString("52:54:00:12:34:56");
    }

    /** E1K-NVM-03. */
    @Test
    void shouldRefuseAnEepromWhoseWordsDoNotAddUp() {
        assertThatThrownBy(() -> new IntelEeprom(eeprom(1)).mac())
            .isInstanceOf(SetupException.class).hasMessageContaining("0xbabb");
    }

    @Test
    void shouldRefuseAnAddressThatNoStationHas() {
        for (final int first : new int[] {0, 1}) {
            final RecordedRegisters registers = new RecordedRegisters().onWrite(IntelRegister.EERD, asked -> {
                final int address = asked >>> 8 & 0xff;
                final int word = address == 0 ? first : address == IntelEeprom.WORDS - 1 ? IntelEeprom.SUM - first : 0;
                return word << 16 | 1 << 4;
            });
            assertThatThrownBy(() -> new IntelEeprom(registers).mac())
                .isInstanceOf(SetupException.class).hasMessageContaining("0" + first + ":00:00:00:00:00");
        }
    }

    /** E1K-NVM-01: START is bit 0, the address starts at bit 8. */
    @Test
    void shouldAskForAWordAsThe82540EmWantsIt() {
        final RecordedRegisters registers = eeprom(0);

        new IntelEeprom(registers).word(2);

        assertThat(registers.trace).contains("write EERD 201");
    }

    @Test
    void shouldGiveUpOnAnEepromThatNeverAnswers() {
        final RecordedRegisters registers = new RecordedRegisters();

        assertThatThrownBy(() -> new IntelEeprom(registers).word(0))
            .isInstanceOf(SetupException.class).hasMessageContaining("does not answer");
    }

    /** E1K-NVM-02: START is bit 0, the address starts at bit 2, DONE is bit 1. */
    @Test
    void shouldAskForAWordAsThe82574WantsIt() {
        final RecordedRegisters registers = addPcieEeprom(new RecordedRegisters());
        final IntelEeprom eeprom = new IntelEeprom(registers, IntelEeprom.Layout.PCIE);

        eeprom.word(2);

        assertThat(registers.trace).contains("write EERD 9");
        assertThat(eeprom.mac()).hasToString("52:54:00:12:34:56");
    }

    static RecordedRegisters eeprom(final int error) {
        return addEeprom(new RecordedRegisters(), error);
    }

    /** Answers EERD as the card does: done at once, DONE in bit 4, data from bit 16. */
    public static RecordedRegisters addEeprom(final RecordedRegisters registers, final int error) {
        return registers.onWrite(IntelRegister.EERD, asked -> word(asked >>> 8 & 0xff, error) << 16 | 1 << 4);
    }

    /** Answers EERD as an 82574 does: done at once, DONE in bit 1; and says that all was read after a reset. */
    public static RecordedRegisters addPcieEeprom(final RecordedRegisters registers) {
        return registers.onWrite(IntelRegister.EERD, asked -> word(asked >>> 2 & 0xff, 0) << 16 | 1 << 1)
            .onRead(IntelRegister.EECD, same -> 1 << 9);
    }

    private static int word(final int address, final int error) {
        final int sum = MAC_WORDS[0] + MAC_WORDS[1] + MAC_WORDS[2];
        return address < 3 ? MAC_WORDS[address]
            : address == IntelEeprom.WORDS - 1 ? IntelEeprom.SUM - sum + error & 0xffff : 0;
    }
}
