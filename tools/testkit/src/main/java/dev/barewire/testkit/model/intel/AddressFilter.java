package dev.barewire.testkit.model.intel;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Which frames the card takes in (3.2.1, 13.5). */
final class AddressFilter {
    static final int REFUSED = 0;
    static final int EXACT = 1;
    /** By the multicast hash or by a promiscuous mode, which the descriptor's PIF bit tells. */
    static final int INEXACT = 2;

    private static final long BROADCAST = 0xffff_ffff_ffffL;
    private static final int ETHERTYPE = 12;
    private static final int TAG = 14;
    private static final int[] HASH_SHIFTS = {4, 3, 2, 0};

    private final RegisterFile registers;
    private final long[] addresses = new long[Register.RECEIVE_ADDRESSES];
    private int count;

    AddressFilter(final RegisterFile registers) {
        this.registers = registers;
    }

    /** A receive address register was written. */
    void update() {
        count = 0;
        for (int i = 0; i < Register.RECEIVE_ADDRESSES; i++) {
            final int high = registers.get(Register.RAH0 + 8 * i);
            if ((high & Bits.RAH_AV) != 0 && (high & Bits.RAH_ASEL) == 0) {
                addresses[count++] = Integer.toUnsignedLong(registers.get(Register.RAL0 + 8 * i)) | (high & 0xffffL) << 32;
            }
        }
    }

    /** The destination, first byte lowest. */
    static long destination(final DirectBuffer frame, final int offset) {
        return Integer.toUnsignedLong(frame.getInt(offset, ByteOrder.LITTLE_ENDIAN))
            | (frame.getShort(offset + 4, ByteOrder.LITTLE_ENDIAN) & 0xffffL) << 32;
    }

    static boolean isMulticast(final long address) {
        return (address & 1) != 0;
    }

    static boolean isBroadcast(final long address) {
        return address == BROADCAST;
    }

    int judge(final DirectBuffer frame, final int offset, final int length) {
        final int rctl = registers.get(Register.RCTL);
        if ((rctl & Bits.RCTL_VFE) != 0 && !passesVlan(rctl, frame, offset, length)) {
            return REFUSED;
        }
        final long destination = destination(frame, offset);
        for (int i = 0; i < count; i++) {
            if (addresses[i] == destination) {
                return EXACT;
            }
        }
        if (isBroadcast(destination) && (rctl & Bits.RCTL_BAM) != 0) {
            return EXACT;
        }
        final boolean inexact = isMulticast(destination)
            ? (rctl & Bits.RCTL_MPE) != 0 || isInTable(rctl, destination) : (rctl & Bits.RCTL_UPE) != 0;
        return inexact ? INEXACT : REFUSED;
    }

    private boolean isInTable(final int rctl, final long destination) {
        final int lastTwo = (int) (destination >>> 32);
        final int hash = lastTwo >>> HASH_SHIFTS[rctl >>> Bits.RCTL_MO_SHIFT & 3] & 0xfff;
        return (registers.get(Register.MTA + (hash >>> 5) * Integer.BYTES) & 1 << (hash & 31)) != 0;
    }

    private boolean passesVlan(final int rctl, final DirectBuffer frame, final int offset, final int length) {
        if (!isTagged(frame, offset, length)) {
            return true;
        }
        final int tag = frame.getShort(offset + TAG, ByteOrder.BIG_ENDIAN) & 0xffff;
        final boolean cfi = (tag & 0x1000) != 0;
        if ((rctl & Bits.RCTL_CFIEN) != 0 && cfi != ((rctl & Bits.RCTL_CFI) != 0)) {
            return false;
        }
        final int id = tag & 0xfff;
        return (registers.get(Register.VFTA + (id >>> 5) * Integer.BYTES) & 1 << (id & 31)) != 0;
    }

    boolean isTagged(final DirectBuffer frame, final int offset, final int length) {
        return length >= TAG + Short.BYTES
            && (frame.getShort(offset + ETHERTYPE, ByteOrder.BIG_ENDIAN) & 0xffff) == (registers.get(Register.VET) & 0xffff);
    }
}
