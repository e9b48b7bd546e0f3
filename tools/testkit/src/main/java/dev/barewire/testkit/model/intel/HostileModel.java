package dev.barewire.testkit.model.intel;

import dev.barewire.testkit.model.CardModel;
import dev.barewire.testkit.model.CardSlot;
import dev.barewire.testkit.model.Hostilities;
import dev.barewire.testkit.model.Hostility;

/** Lies about registers, the interrupt line and the link; {@link HostileRing} lies about descriptors. */
final class HostileModel implements CardModel {
    private static final int GONE = -1;
    /** A word of the EEPROM whose error only the sum shows. */
    private static final int BAD_WORD = 0x20;
    private static final int RDH = Register.RDBAL + Register.HEAD;
    private static final int TDH = Register.TDBAL + Register.HEAD;

    private final IntelModel honest;
    private final Hostilities hostilities;
    private long resets;
    /** The line is up for no cause. */
    private boolean spurious;

    HostileModel(final IntelModel honest, final CardSlot slot) {
        this.honest = honest;
        this.hostilities = slot.hostilities();
    }

    @Override
    public int read(final int offset) {
        if (hostilities.lost()) {
            return GONE;
        }
        final int value = honest.read(offset);
        if (offset >= Register.STATISTICS && offset < Register.STATISTICS_END) {
            return statistic(value);
        }
        return switch (offset) {
            case Register.CTRL -> hostilities.strikesFrom(Hostility.ENDLESS_RESET, resets) ? value | Bits.CTRL_RST : value;
            case RDH, TDH -> hostilities.strikes(Hostility.WILD_HEADS)
                ? (int) hostilities.chance().next() : value;
            case Register.EERD -> eeprom(value);
            case Register.ICR -> {
                endSpurious();
                yield value;
            }
            default -> value;
        };
    }

    private int statistic(final int value) {
        if (hostilities.strikes(Hostility.FULL_STATISTICS)) {
            return -1;
        }
        return hostilities.strikes(Hostility.WRAPPED_STATISTICS) ? value & 0xff : value;
    }

    private int eeprom(final int value) {
        if ((value & honest.eerdDone()) == 0) {
            return value;
        }
        if (hostilities.strikes(Hostility.DEAD_EEPROM)) {
            return value & ~honest.eerdDone();
        }
        return honest.eepromWord(value) == BAD_WORD && hostilities.strikes(Hostility.BAD_EEPROM) ? value ^ 1 << Bits.EERD_DATA_SHIFT : value;
    }

    private void endSpurious() {
        if (spurious) {
            spurious = false;
            honest.causes().endSpurious();
        }
    }

    @Override
    public void write(final int offset, final int value) {
        if (hostilities.lost()) {
            return;
        }
        if (offset == Register.CTRL && (value & Bits.CTRL_RST) != 0) {
            resets++;
        }
        honest.write(offset, value);
    }

    @Override
    public boolean doorbell(final int offset, final int value) {
        return hostilities.lost() || honest.doorbell(offset, value);
    }

    @Override
    public int work() {
        if (hostilities.lost()) {
            return 0;
        }
        if (hostilities.flap()) {
            honest.link(!hostilities.cut());
        }
        if (hostilities.strikes(Hostility.INTERRUPT_STORM)) {
            honest.causes().storm();
        }
        if (!spurious && hostilities.strikes(Hostility.SPURIOUS_INTERRUPTS)) {
            spurious = honest.causes().spurious();
        }
        return honest.work();
    }

    @Override
    public void link(final boolean up) {
        honest.link(up);
    }

    @Override
    public void reset() {
        honest.reset();
    }

    @Override
    public void busChanged() {
        honest.busChanged();
    }
}
