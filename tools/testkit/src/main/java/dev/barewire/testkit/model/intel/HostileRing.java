package dev.barewire.testkit.model.intel;

import dev.barewire.testkit.model.CardMemory;
import dev.barewire.testkit.model.Chance;
import dev.barewire.testkit.model.Hostilities;
import dev.barewire.testkit.model.Hostility;

/** Lies about descriptors: what an engine is about to write back goes through here, and more is written behind it. */
final class HostileRing {
    /** What shall not be written at all: no done descriptor looks like it. */
    static final int NEVER = 0;
    /** No descriptor. */
    static final int NONE = -1;

    /** Of transmit descriptors. */
    private static final int DESCRIPTOR = 16;
    private static final int MAX_LENGTH = 0xffff;
    private static final int SHORTEST = 60;

    private final Hostilities hostilities;
    private final CardMemory ring;
    private boolean empties;

    HostileRing(final Hostilities hostilities, final CardMemory ring) {
        this.hostilities = hostilities;
        this.ring = ring;
    }

    /** What is told of a receive descriptor: its second quadword, or {@link #NEVER}. */
    long receive(final long honest, final int bufferSize, final RxFormat format) {
        empties = false;
        hostilities.descriptorDone();
        if (hostilities.strikes(Hostility.NEVER_DONE)) {
            return NEVER;
        }
        final Chance chance = hostilities.chance();
        // Of all formats but one the halves are the other way about.
        long quad = format == RxFormat.LEGACY ? honest : swapped(honest);
        if (hostilities.strikes(Hostility.LONG_LENGTHS)) {
            quad = quad & ~0xffffL | bufferSize + 1 + chance.below(MAX_LENGTH - bufferSize);
        } else if (hostilities.strikes(Hostility.ZERO_LENGTHS)) {
            quad &= ~0xffffL;
            empties = true;
        }
        if (hostilities.strikes(Hostility.NO_END)) {
            quad &= ~((long) RxDescriptor.EOP << 32);
        }
        if (hostilities.strikes(Hostility.GARBAGE_STATUS)) {
            quad = quad & 0xffff_ffffL | chance.next() << 32 | (long) (RxDescriptor.DD | RxDescriptor.EOP) << 32;
        }
        return format == RxFormat.LEGACY ? quad : swapped(quad);
    }

    /** Whether the last receive descriptor is told to be empty, of whose lengths there may be more. */
    boolean empties() {
        return empties;
    }

    private static long swapped(final long quad) {
        return Long.rotateLeft(quad, Integer.SIZE);
    }

    /** A receive descriptor was told of; the next one, if the card has one, is not written to yet. */
    void received(final long base, final int size, final int index, final int next, final long quad,
        final RxFormat format) {
        if (hostilities.strikes(Hostility.DONE_TWICE)) {
            ring.putLongRelease(at(base, behind(size, index), format.bytes), quad);
        }
        if (next != NONE && hostilities.strikes(Hostility.DONE_EARLY)) {
            final long early = RxDescriptor.legacy(SHORTEST, RxDescriptor.DD | RxDescriptor.EOP, 0, 0);
            ring.putLongRelease(at(base, next, format.bytes), format == RxFormat.LEGACY ? early : swapped(early));
        }
    }

    /** What is told of a transmit descriptor: the upper half of its second quadword, or {@link #NEVER}. */
    int transmit(final int honest) {
        hostilities.descriptorDone();
        if (hostilities.strikes(Hostility.NEVER_DONE)) {
            return NEVER;
        }
        return hostilities.strikes(Hostility.GARBAGE_STATUS)
            ? (int) hostilities.chance().next() | TxDescriptor.DD : honest;
    }

    /** A transmit descriptor was told of; the next one, if the card has one, is not sent yet. */
    void transmitted(final long base, final int size, final int index, final int next) {
        if (hostilities.strikes(Hostility.DONE_TWICE)) {
            ring.putIntRelease(at(base, behind(size, index), DESCRIPTOR) + Integer.BYTES, TxDescriptor.DD);
        }
        if (next != NONE && hostilities.strikes(Hostility.DONE_EARLY)) {
            ring.putIntRelease(at(base, next, DESCRIPTOR) + Integer.BYTES, TxDescriptor.DD);
        }
    }

    /** A descriptor that was done before, up to half a ring ago. */
    private int behind(final int size, final int index) {
        return (index + size - 1 - hostilities.chance().below(size / 2)) % size;
    }

    private static long at(final long base, final int index, final int bytes) {
        return base + (long) index * bytes + Long.BYTES;
    }
}
