package dev.barewire.testkit.rules;

import static dev.barewire.testkit.rules.CardState.CTRL;
import static dev.barewire.testkit.rules.CardState.EECD;
import static dev.barewire.testkit.rules.CardState.EERD;
import static dev.barewire.testkit.rules.CardState.EXTCNF_CTRL;
import static dev.barewire.testkit.rules.CardState.MDIC;
import static dev.barewire.testkit.rules.CardState.RAH0;
import static dev.barewire.testkit.rules.CardState.RCTL;
import static dev.barewire.testkit.rules.CardState.STATUS;
import static dev.barewire.testkit.rules.CardState.SWSM;
import static dev.barewire.testkit.rules.CardState.SW_FW_SYNC;
import static dev.barewire.testkit.rules.CardState.TCTL;
import static dev.barewire.testkit.rules.IntelRule.LINK_05;
import static dev.barewire.testkit.rules.IntelRule.RESET_02;
import static dev.barewire.testkit.rules.IntelRule.RESET_05;

import java.util.function.LongSupplier;

/** What a driver of an 82574, or of a card after it, asks before it takes: the bus, the EEPROM, the PHY. */
final class OwnershipCheck extends RegisterCheck {
    private static final int MASTER_DISABLE = 1 << 2;
    private static final int MASTER_ENABLED = 1 << 19;
    private static final int AUTO_READ = 1 << 9;
    private static final int OWNS_EEPROM = 1 << 1;
    private static final int OWNS_PHY = 1 << 5;
    /** The datasheet names no time; whoever waited so long has waited. */
    private static final long PATIENCE_NANOS = 50_000_000;

    private static final int SHARED_EEPROM = 1;
    private static final int SHARED_PHY = 1 << 1;

    private final LongSupplier clock;
    private final boolean isLater;
    private long disabledAt;
    private boolean atRest;
    private boolean eepromRead;
    private boolean eepromOwned;
    private boolean semaphoreOwned;
    private boolean phyOwned;

    OwnershipCheck(final CardState card, final Breaches breaches, final LongSupplier clock) {
        super(card, breaches);
        this.clock = clock;
        isLater = card.isSince(Generation.THE_82576);
    }

    @Override
    void onRead(final int offset, final int value) {
        if (value == -1) {
            return; // nobody answers any more
        }
        switch (offset) {
            case STATUS -> atRest |= card.has(CTRL, MASTER_DISABLE) && (value & MASTER_ENABLED) == 0;
            case EECD -> eepromRead |= (value & AUTO_READ) != 0;
            case SWSM -> {
                semaphoreOwned = (value & OWNS_EEPROM) != 0;
                eepromOwned = isLater ? eepromOwned : semaphoreOwned;
            }
            case EXTCNF_CTRL -> phyOwned = (value & OWNS_PHY) != 0;
            default -> { }
        }
    }

    @Override
    void onWrite(final int offset, final int value) {
        if (CardState.isReset(offset, value)) {
            reset();
            return;
        }
        switch (offset) {
            case CTRL -> disabledAt = (value & MASTER_DISABLE) != 0 ? clock.getAsLong() : 0;
            case SWSM -> {
                semaphoreOwned &= (value & OWNS_EEPROM) != 0;
                eepromOwned &= isLater || semaphoreOwned;
            }
            case SW_FW_SYNC -> shared(value);
            case EXTCNF_CTRL -> phyOwned &= (value & OWNS_PHY) != 0;
            case EERD -> require(eepromOwned, LINK_05, () -> "EERD is written as " + hex(value) + ", but SWSM is not the driver's");
            case MDIC -> require(phyOwned, LINK_05, () -> "MDIC is written as " + hex(value) + ", but the PHY is not the driver's");
            default -> { }
        }
        if (offset == EERD || offset == RAH0 || isOn(offset, value)) {
            require(eepromRead, RESET_05, () -> hex(offset) + " is written, but EECD was not seen to say that the EEPROM is read");
        }
    }

    /** Since the 82576 the semaphore is only for this register, which says who has what. */
    private void shared(final int value) {
        require(semaphoreOwned, LINK_05, () -> "SW_FW_SYNC is written as " + hex(value) + ", but SWSM is not the driver's");
        eepromOwned = (value & SHARED_EEPROM) != 0;
        phyOwned = (value & SHARED_PHY) != 0;
    }

    private static boolean isOn(final int offset, final int value) {
        return (offset == RCTL || offset == TCTL) && (value & CardState.EN) != 0;
    }

    private void reset() {
        final boolean waited = disabledAt != 0 && clock.getAsLong() - disabledAt >= PATIENCE_NANOS;
        require(disabledAt != 0, RESET_02, () -> "CTRL.RST is written, but not GIO master disable before it");
        require(disabledAt == 0 || atRest || waited, RESET_02,
            () -> "CTRL.RST is written, but STATUS was not seen to say that the card's accesses to memory have ended");
        disabledAt = 0;
        atRest = false;
        eepromRead = false;
        eepromOwned = false;
        semaphoreOwned = false;
        phyOwned = false;
    }
}
