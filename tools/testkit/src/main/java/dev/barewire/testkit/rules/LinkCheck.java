package dev.barewire.testkit.rules;

import static dev.barewire.testkit.rules.CardState.CTRL;
import static dev.barewire.testkit.rules.CardState.CTRL_ASDE;
import static dev.barewire.testkit.rules.CardState.CTRL_FORCE;
import static dev.barewire.testkit.rules.CardState.CTRL_SLU;
import static dev.barewire.testkit.rules.CardState.RCTL;
import static dev.barewire.testkit.rules.IntelRule.LINK_01;
import static dev.barewire.testkit.rules.IntelRule.LINK_04;
import static dev.barewire.testkit.rules.IntelRule.LINK_06;

/** How the link is brought up and watched. */
final class LinkCheck extends RegisterCheck {
    private static final int CAUSE_LSC = 1 << 2;

    private static final int MDIC_READY = 1 << 28;
    private static final int MDIC_PHY_SHIFT = 21;
    private static final int MDIC_PHY_MASK = 0x1f;

    private boolean changed;
    private boolean commanded;

    LinkCheck(final CardState card, final Breaches breaches) {
        super(card, breaches);
    }

    @Override
    void onRead(final int offset, final int value) {
        if (offset == CardState.STATUS) {
            changed = false;
        } else if (offset == CardState.ICR) {
            changed |= value != -1 && (value & CAUSE_LSC) != 0;
        } else if (offset == CardState.MDIC) {
            commanded &= (value & MDIC_READY) == 0;
        }
    }

    @Override
    void onWrite(final int offset, final int value) {
        if (card.turnsOn(RCTL, offset, value)) {
            final int ctrl = card.value(CTRL);
            require((ctrl & CTRL_SLU) != 0, LINK_01, () -> "the receiver is switched on with CTRL " + hex(ctrl) + ", without SLU");
            require((ctrl & CTRL_ASDE) == 0 || (ctrl & CTRL_FORCE) == 0, LINK_01,
                () -> "CTRL " + hex(ctrl) + " detects the speed and forces it or the duplex mode");
        } else if (offset == CardState.IMS) {
            require(!changed, LINK_06, () -> "interrupts are let in again, but STATUS was not read since ICR had LSC");
            changed = false;
        } else if (offset == CardState.MDIC) {
            require(!commanded, LINK_04, () -> "MDIC is written before the command under way was seen to be READY");
            final int phy = value >>> MDIC_PHY_SHIFT & MDIC_PHY_MASK;
            require(phy == 1, LINK_04, () -> "MDIC " + hex(value) + " is for PHY " + phy);
            commanded = true;
        } else if (CardState.isReset(offset, value)) {
            changed = false;
            commanded = false;
        }
    }
}
