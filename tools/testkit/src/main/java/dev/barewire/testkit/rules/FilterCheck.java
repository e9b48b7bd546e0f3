package dev.barewire.testkit.rules;

import static dev.barewire.testkit.rules.CardState.ADDRESSES;
import static dev.barewire.testkit.rules.CardState.RAH0;
import static dev.barewire.testkit.rules.CardState.RAH_AV;
import static dev.barewire.testkit.rules.CardState.RAL0;
import static dev.barewire.testkit.rules.CardState.RCTL;
import static dev.barewire.testkit.rules.CardState.RCTL_VFE;
import static dev.barewire.testkit.rules.CardState.TABLE_WORDS;
import static dev.barewire.testkit.rules.CardState.VFTA;
import static dev.barewire.testkit.rules.IntelRule.FILTER_01;
import static dev.barewire.testkit.rules.IntelRule.FILTER_02;
import static dev.barewire.testkit.rules.IntelRule.FILTER_04;
import static dev.barewire.testkit.rules.IntelRule.VLAN_05;

/** Which frames the card is told to take in. */
final class FilterCheck extends RegisterCheck {
    /** The last write switched filtering by an empty VLAN table on. */
    private boolean filtersByNothing;

    FilterCheck(final CardState card, final Breaches breaches) {
        super(card, breaches);
    }

    @Override
    void onWrite(final int offset, final int value) {
        if (offset >= RAL0 && offset < RAL0 + 8 * ADDRESSES && (offset & 4) == 0) {
            final int entry = (offset - RAL0) / 8;
            require(!isValid(entry), FILTER_02, () -> "the low half of receive address " + entry + " changes while it is valid");
        } else if (offset == RCTL && (value & CardState.EN) != 0) {
            require((value & CardState.RCTL_BAM) != 0, FILTER_04, () -> "the receiver is on with RCTL " + hex(value));
            if (!card.has(RCTL, CardState.EN)) {
                requireOrder();
            }
        }
        watchVlans(offset, value);
    }

    /** Who wants no VLAN may filter by an empty table; who fills it next has done so too late. */
    private void watchVlans(final int offset, final int value) {
        final boolean fills = offset >= VFTA && offset < VFTA + TABLE_WORDS * Integer.BYTES && value != 0;
        require(!filtersByNothing || !fills, VLAN_05, () -> "RCTL.VFE is on, and only then the VLAN table is filled");
        filtersByNothing = offset == RCTL && (value & RCTL_VFE) != 0 && !card.has(RCTL, RCTL_VFE) && isTableEmpty();
    }

    private boolean isTableEmpty() {
        for (int i = 0; i < TABLE_WORDS; i++) {
            if (card.value(VFTA + Integer.BYTES * i) != 0) {
                return false;
            }
        }
        return true;
    }

    /** A reset loads the first address from the EEPROM and makes it valid. */
    private boolean isValid(final int entry) {
        final int high = RAH0 + 8 * entry;
        return card.isWritten(high) ? card.has(high, RAH_AV) : entry == 0;
    }

    private void requireOrder() {
        for (int i = 0; i < ADDRESSES; i++) {
            final int entry = i;
            final int high = RAH0 + 8 * i;
            final int low = RAL0 + 8 * i;
            require(!card.has(high, RAH_AV) || card.isWritten(low) && card.order(low) < card.order(high), FILTER_01,
                () -> "receive address " + entry + " is valid, but its high half was not the last to be written");
        }
    }
}
