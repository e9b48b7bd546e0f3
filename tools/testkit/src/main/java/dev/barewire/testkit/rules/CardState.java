package dev.barewire.testkit.rules;

import java.util.Arrays;

/** What a driver has told an 8254x so far: the common memory of the checks, each of which sees it as it was before. */
final class CardState {
    static final int CTRL = 0x0000;
    static final int STATUS = 0x0008;
    static final int EERD = 0x0014;
    static final int MDIC = 0x0020;
    static final int VET = 0x0038;
    static final int ICR = 0x00c0;
    static final int IMS = 0x00d0;
    static final int IMC = 0x00d8;
    static final int RCTL = 0x0100;
    static final int TCTL = 0x0400;
    static final int TIPG = 0x0410;
    static final int TIDV = 0x3820;
    static final int TXDCTL = 0x3828;
    static final int STATISTICS = 0x4000;
    static final int STATISTICS_END = 0x4100;
    static final int MTA = 0x5200;
    static final int RAL0 = 0x5400;
    static final int RAH0 = 0x5404;
    static final int ADDRESSES = 16;
    static final int VFTA = 0x5600;
    static final int TABLE_WORDS = 128;

    static final int CTRL_ASDE = 1 << 5;
    static final int CTRL_SLU = 1 << 6;
    static final int CTRL_FORCE = 1 << 11 | 1 << 12;
    static final int CTRL_RST = 1 << 26;
    static final int CTRL_VME = 1 << 30;
    static final int EN = 1 << 1;
    static final int RCTL_LPE = 1 << 5;
    static final int RCTL_BAM = 1 << 15;
    static final int RCTL_VFE = 1 << 18;
    static final int RCTL_SECRC = 1 << 26;
    static final int RAH_AV = 1 << 31;

    static final int COMMAND_MEMORY = 1 << 1;
    static final int COMMAND_BUS_MASTER = 1 << 2;

    private static final int BAR_BYTES = 128 << 10;

    private final int[] values = new int[BAR_BYTES / Integer.BYTES];
    /** When a register was last written since the last reset, as the number of that write; 0 if it was not. */
    private final int[] order = new int[BAR_BYTES / Integer.BYTES];
    private int writes;
    private int command;

    static boolean isRegister(final int offset) {
        return offset >= 0 && offset < BAR_BYTES && offset % Integer.BYTES == 0;
    }

    void configWritten(final int offset, final int value) {
        if (offset == 4) {
            command = value & 0xffff;
        }
    }

    void written(final int offset, final int value) {
        if (offset == CTRL && (value & CTRL_RST) != 0) {
            Arrays.fill(values, 0);
            Arrays.fill(order, 0);
            return;
        }
        values[offset >> 2] = value;
        order[offset >> 2] = ++writes;
    }

    /** What was written to a register since the last reset, or 0. */
    int value(final int offset) {
        return values[offset >> 2];
    }

    boolean has(final int offset, final int bit) {
        return (value(offset) & bit) != 0;
    }

    /** The number of a register's last write since the last reset, or 0. */
    int order(final int offset) {
        return order[offset >> 2];
    }

    boolean isWritten(final int offset) {
        return order(offset) != 0;
    }

    boolean commands(final int bit) {
        return (command & bit) != 0;
    }

    /** Whether a write switches a unit on that was off. */
    boolean turnsOn(final int unit, final int offset, final int value) {
        return offset == unit && (value & EN) != 0 && !has(unit, EN);
    }

    /** Whether a write switches a unit off that was on, by its own bit or by a reset of the card. */
    boolean turnsOff(final int unit, final int offset, final int value) {
        return has(unit, EN) && (offset == unit && (value & EN) == 0 || isReset(offset, value));
    }

    static boolean isReset(final int offset, final int value) {
        return offset == CTRL && (value & CTRL_RST) != 0;
    }

    long base(final RingRegisters ring) {
        return value(ring.low()) & 0xffff_fff0L | (long) value(ring.high()) << 32;
    }

    int size(final RingRegisters ring) {
        return value(ring.length()) >>> 4;
    }

    /** RCTL's buffer size, or 0 where its bits are reserved. */
    static int bufferSize(final int rctl) {
        final int size = 2048 >> (rctl >>> 16 & 3);
        if ((rctl >>> 25 & 1) == 0) {
            return size;
        }
        return size == 2048 ? 0 : size << 4;
    }
}
