package dev.barewire.testkit.rules;

import static dev.barewire.testkit.rules.CardState.EERD;
import static dev.barewire.testkit.rules.CardState.RAH0;
import static dev.barewire.testkit.rules.CardState.RAH_AV;
import static dev.barewire.testkit.rules.CardState.RAL0;
import static dev.barewire.testkit.rules.IntelRule.NVM_01;
import static dev.barewire.testkit.rules.IntelRule.NVM_02;
import static dev.barewire.testkit.rules.IntelRule.NVM_03;
import static dev.barewire.testkit.rules.IntelRule.NVM_04;

/** How the EEPROM is read, and what is made of it. */
final class NvmCheck extends RegisterCheck {
    private static final int WORDS = 64;
    private static final int SUM = 0xbaba;
    private static final int START = 1;

    private final int[] words = new int[WORDS];
    private long known;
    private final int done;
    private final int shift;
    private final int addressBits;
    private final IntelRule layout;
    private boolean pending;
    private int address;

    NvmCheck(final CardState card, final Breaches breaches) {
        super(card, breaches);
        final boolean isLater = card.isSince(Generation.THE_82574);
        done = isLater ? 1 << 1 : 1 << 4;
        shift = isLater ? 2 : 8;
        addressBits = isLater ? 0xfffc : 0xff00;
        layout = isLater ? NVM_02 : NVM_01;
    }

    @Override
    void onRead(final int offset, final int value) {
        if (offset == EERD && pending && (value & done) != 0) {
            pending = false;
            words[address] = value >>> 16;
            known |= 1L << address;
        }
    }

    @Override
    void onWrite(final int offset, final int value) {
        if (offset == EERD) {
            start(value);
        } else if (offset == RAH0 && (value & RAH_AV) != 0) {
            use(card.value(RAL0), value & 0xffff);
        } else if (CardState.isReset(offset, value)) {
            pending = false;
        }
    }

    private void start(final int value) {
        final int word = (value & addressBits) >>> shift;
        require((value & ~addressBits) == START && word < WORDS, layout,
            () -> "EERD " + hex(value) + " does not start the reading of a word");
        require(!pending, layout, () -> "word " + word + " is asked for before word " + address + " was done");
        pending = true;
        address = word % WORDS;
    }

    private void use(final int low, final int high) {
        if (known == 0) {
            return; // an address that the card has loaded by itself, or that somebody has chosen
        }
        int sum = 0;
        for (final int word : words) {
            sum += word;
        }
        final int total = sum & 0xffff;
        require(known == -1 && total == SUM, NVM_03, () -> "an address is used when " + Long.bitCount(known)
            + " words of the EEPROM are known, with a sum of " + hex(total));
        require(low == (words[0] | words[1] << 16) && high == words[2], NVM_04,
            () -> "receive address 0 is " + hex(high) + " " + hex(low) + ", but the EEPROM's words 0 to 2 are "
                + hex(words[0]) + " " + hex(words[1]) + " " + hex(words[2]));
    }
}
