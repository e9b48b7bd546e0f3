package dev.barewire.driver.intel;

import dev.barewire.MacAddress;
import dev.barewire.SetupException;
import dev.barewire.driver.access.Registers;

/** The card's EEPROM (5.6): 64 words of 16 bits, whose sum is {@value #SUM}. */
final class IntelEeprom {
    static final int WORDS = 64;
    static final int SUM = 0xbaba;

    private static final int START = 1;
    private static final int DATA_SHIFT = 16;

    private final Registers registers;
    private final Layout layout;

    /** Where EERD has its fields; START is bit 0 and the data are the high half in all. */
    enum Layout {
        /** The 82540EM (13.4.4). */
        PCI(8, 1 << 4),
        /** The 82574 and what came after it (datasheet 317694, chapter 10.2). */
        PCIE(2, 1 << 1);

        private final int addressShift;
        private final int done;

        Layout(final int addressShift, final int done) {
            this.addressShift = addressShift;
            this.done = done;
        }
    }

    IntelEeprom(final Registers registers) {
        this(registers, Layout.PCI);
    }

    IntelEeprom(final Registers registers, final Layout layout) {
        this.registers = registers;
        this.layout = layout;
    }

    /** Reads a word. */
    int word(final int address) {
        registers.write(IntelRegister.EERD.offset(), START | address << layout.addressShift);
        final boolean done = Waiting.until(100,
            () -> (registers.read(IntelRegister.EERD.offset()) & layout.done) != 0);
        if (!done) {
            throw new SetupException("the card's EEPROM does not answer: EERD is 0x"
                + Integer.toHexString(registers.read(IntelRegister.EERD.offset())) + " 100 ms after a read of word "
                + address, "power the machine off and on; if that does not help, the card is broken");
        }
        return registers.read(IntelRegister.EERD.offset()) >>> DATA_SHIFT;
    }

    /** Reads the Ethernet address, words 0 to 2 (5.6.1), once the checksum word has proved the rest (5.6.35). */
    MacAddress mac() {
        final int[] words = verified();
        long mac = 0;
        for (int i = 0; i < 3; i++) {
            mac = mac << 16 | (words[i] & 0xff) << 8 | words[i] >>> 8;
        }
        return checked(new MacAddress(mac));
    }

    /** Reads all words, which prove each other. */
    int[] verified() {
        final int[] words = new int[WORDS];
        int sum = 0;
        for (int i = 0; i < WORDS; i++) {
            words[i] = word(i);
            sum += words[i];
        }
        if ((sum & 0xffff) != SUM) {
            throw new SetupException("the card's EEPROM is damaged: its words add up to 0x"
                + Integer.toHexString(sum & 0xffff) + " and not to 0xbaba, so its Ethernet address cannot be trusted",
                "rewrite the EEPROM with the card vendor's tool");
        }
        return words;
    }

    /** A blank EEPROM's sum may be right all the same. */
    static MacAddress checked(final MacAddress mac) {
        if (mac.value() == 0 || mac.isMulticast()) {
            throw new SetupException("the card's EEPROM has " + mac + " for its Ethernet address, which no station has",
                "rewrite the EEPROM with the card vendor's tool");
        }
        return mac;
    }
}
