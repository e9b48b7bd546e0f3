package dev.barewire.testkit.rules;

import java.util.Arrays;

/** What a driver has told its card so far: the common memory of the checks, each of which sees it as it was before. */
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

    // Since the 82574
    static final int EECD = 0x0010;
    static final int EIAC = 0x00dc;
    static final int IVAR = 0x00e4;
    static final int EXTCNF_CTRL = 0x0f00;
    static final int PSRCTL = 0x2170;
    static final int RXCSUM = 0x5000;
    static final int RFCTL = 0x5008;
    static final int MRQC = 0x5818;
    static final int SWSM = 0x5b50;
    static final int RETA = 0x5c00;

    // Since the 82576
    static final int SW_FW_SYNC = 0x5b5c;

    static final int CTRL_ASDE = 1 << 5;
    static final int CTRL_SLU = 1 << 6;
    static final int CTRL_FORCE = 1 << 11 | 1 << 12;
    static final int CTRL_RST = 1 << 26;
    static final int CTRL_VME = 1 << 30;
    static final int EN = 1 << 1;
    static final int RCTL_LPE = 1 << 5;
    static final int RCTL_DTYP = 3 << 10;
    static final int RCTL_DTYP_SPLIT = 1 << 10;
    static final int RFCTL_EXSTEN = 1 << 15;
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
    private final Generation generation;
    private int writes;
    private int command;

    CardState(final Generation generation) {
        this.generation = generation;
    }

    /** Whether the card is of a generation or a later one. */
    boolean isSince(final Generation first) {
        return generation.compareTo(first) >= 0;
    }

    /** How many rings there are to receive, and as many to send. */
    int queues() {
        return switch (generation) {
            case THE_8254X -> 1;
            case THE_82574 -> 2;
            case THE_82576 -> 8;
        };
    }

    RingRegisters receiveRing(final int queue) {
        return RingRegisters.receive(queue, generation);
    }

    RingRegisters transmitRing(final int queue) {
        return RingRegisters.transmit(queue, generation);
    }

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
        return value(ring.length()) / descriptorBytes(ring);
    }

    /** Whether receive descriptors are written over as a whole (317694, 7.1.4). */
    boolean hasExtendedDescriptors() {
        return isSince(Generation.THE_82576) || has(RFCTL, RFCTL_EXSTEN);
    }

    /** Whether receive descriptors have four buffers (317694, 7.1.5). */
    boolean hasSplitDescriptors() {
        return !isSince(Generation.THE_82576) && hasExtendedDescriptors() && (value(RCTL) & RCTL_DTYP) == RCTL_DTYP_SPLIT;
    }

    /** Whether an 82576's receive descriptors have a second buffer, for headers (82576 datasheet, 8.10). */
    boolean hasHeaderBuffers(final RingRegisters ring) {
        final int type = value(ring.split()) >>> 25 & 7;
        return isSince(Generation.THE_82576) && (type == 2 || type == 5);
    }

    /** What an 82576 is told that a header buffer holds. */
    int headerSize(final RingRegisters ring) {
        return (value(ring.split()) >>> 8 & 0xf) * 64;
    }

    /** What a card is told that a receive buffer holds; 0 where the bits are reserved. */
    int bufferSize(final RingRegisters ring) {
        final int packet = isSince(Generation.THE_82576) ? (value(ring.split()) & 0x7f) * 1024 : 0;
        return packet > 0 ? packet : bufferSize(value(RCTL));
    }

    int descriptorBytes(final RingRegisters ring) {
        return !ring.isTransmit() && hasSplitDescriptors() ? 32 : 16;
    }

    /** What PSRCTL says that a buffer of a packet-split descriptor holds. */
    int splitSize(final int buffer) {
        final int psrctl = value(PSRCTL);
        return buffer == 0 ? (psrctl & 0x7f) * 128 : (psrctl >>> 8 * buffer & 0x3f) * 1024;
    }

    /** Whether a driver uses a ring at all. */
    boolean isUsed(final RingRegisters ring) {
        return value(ring.length()) != 0;
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
