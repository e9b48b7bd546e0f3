package dev.barewire.testkit.rules;

import static dev.barewire.testkit.rules.CardState.CTRL;
import static dev.barewire.testkit.rules.CardState.EN;
import static dev.barewire.testkit.rules.CardState.IMC;
import static dev.barewire.testkit.rules.CardState.IMS;
import static dev.barewire.testkit.rules.CardState.MTA;
import static dev.barewire.testkit.rules.CardState.RAH0;
import static dev.barewire.testkit.rules.CardState.RAH_AV;
import static dev.barewire.testkit.rules.CardState.RCTL;
import static dev.barewire.testkit.rules.CardState.RCTL_VFE;
import static dev.barewire.testkit.rules.CardState.TABLE_WORDS;
import static dev.barewire.testkit.rules.CardState.TCTL;
import static dev.barewire.testkit.rules.CardState.VFTA;
import static dev.barewire.testkit.rules.IntelRule.RESET_01;
import static dev.barewire.testkit.rules.IntelRule.RESET_03;
import static dev.barewire.testkit.rules.IntelRule.RESET_04;
import static dev.barewire.testkit.rules.IntelRule.RESET_06;
import static dev.barewire.testkit.rules.IntelRule.RESET_07;
import static dev.barewire.testkit.rules.IntelRule.RESET_08;
import static dev.barewire.testkit.rules.IntelRule.RESET_10;

import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/** Resets, and what must have been written again when a unit is switched on. */
final class ResetCheck extends RegisterCheck {
    private static final long PAUSE_NANOS = 1_000_000;
    private static final long DRAIN_NANOS = 10_000_000;

    private final LongSupplier clock;
    private boolean masked;
    private boolean maskedBehind;
    private boolean flushed;
    private long flushedAt;
    private boolean resetting;
    private boolean paused = true;
    private long resetAt;

    ResetCheck(final CardState card, final Breaches breaches, final LongSupplier clock) {
        super(card, breaches);
        this.clock = clock;
    }

    @Override
    void onRead(final int offset, final int value) {
        access(offset, "read", offset == CTRL);
        if (offset == CTRL) {
            resetting &= (value & CardState.CTRL_RST) != 0;
        }
        if (!flushed) {
            flushed = true;
            flushedAt = clock.getAsLong();
        }
    }

    @Override
    void onWrite(final int offset, final int value) {
        access(offset, "written", false);
        if (CardState.isReset(offset, value)) {
            reset();
        } else if (offset == IMC) {
            masked |= value == -1;
            maskedBehind |= value == -1;
        } else if (offset == IMS) {
            require(maskedBehind, RESET_01, () -> "interrupts are let in, but IMC was not written after the reset");
            masked = false;
        } else if (offset == RCTL || offset == TCTL) {
            flushed = false;
            if (card.turnsOn(offset, offset, value)) {
                turnsOn(offset == RCTL ? card.receiveRing(0) : card.transmitRing(0));
                for (int i = 1; i < card.queues(); i++) {
                    requireWrittenIfUsed(offset == RCTL ? card.receiveRing(i) : card.transmitRing(i));
                }
            }
            if (offset == RCTL && (value & RCTL_VFE) != 0 && !card.has(RCTL, RCTL_VFE)) {
                requireTable(VFTA, "VFTA", "filters by VLAN");
            }
        }
    }

    private void access(final int offset, final String how, final boolean isPoll) {
        if (resetting && !isPoll) {
            breach(RESET_04, () -> "register " + hex(offset) + " is " + how + " before CTRL.RST was seen to be 0");
            resetting = false;
        }
        if (!paused) {
            paused = true;
            final long waited = clock.getAsLong() - resetAt;
            if (waited < PAUSE_NANOS) {
                breach(RESET_04, () -> "register " + hex(offset) + " is " + how + " " + waited / 1000
                    + " us after CTRL.RST was written");
            }
        }
    }

    private void reset() {
        require(masked, RESET_01, () -> "CTRL.RST is written, but interrupts were not masked by IMC");
        require(isOff(RCTL), RESET_03, () -> "CTRL.RST is written, but the receiver was not switched off");
        require(isOff(TCTL), RESET_03, () -> "CTRL.RST is written, but the transmitter was not switched off");
        final long drained = flushed ? clock.getAsLong() - flushedAt : 0;
        require(drained >= DRAIN_NANOS, RESET_10, () -> "CTRL.RST is written " + drained / 1000
            + " us behind the first read since the units were switched off");
        masked = false;
        maskedBehind = false;
        flushed = false;
        resetting = true;
        paused = false;
        resetAt = clock.getAsLong();
    }

    private boolean isOff(final int unit) {
        return card.isWritten(unit) && !card.has(unit, EN);
    }

    private void turnsOn(final RingRegisters ring) {
        require(maskedBehind, RESET_01,
            () -> "the " + ring.title() + " unit is switched on, but IMC was not written after the reset");
        require(card.commands(CardState.COMMAND_BUS_MASTER), RESET_07,
            () -> "the " + ring.title() + " unit is switched on, but the card may not be a bus master");
        requireWritten(ring);
        if (!ring.isTransmit()) {
            requireTable(MTA, "MTA", "is switched on");
            requireAddresses();
        }
    }

    private void requireWrittenIfUsed(final RingRegisters ring) {
        if (card.isUsed(ring)) {
            requireWritten(ring);
        }
    }

    private void requireWritten(final RingRegisters ring) {
        for (final int offset : new int[] {ring.low(), ring.high(), ring.length(), ring.head(), ring.tail()}) {
            require(card.isWritten(offset), RESET_06,
                () -> "the " + ring.title() + " unit is switched on, but " + hex(offset) + " was not written after the reset");
        }
    }

    private void requireTable(final int table, final String name, final String what) {
        final boolean whole = IntStream.range(0, TABLE_WORDS).allMatch(i -> card.isWritten(table + 4 * i));
        require(whole, RESET_08, () -> "the receiver " + what + ", but not all of " + name + " was written after the reset");
    }

    private void requireAddresses() {
        for (int i = 1; i < CardState.ADDRESSES; i++) {
            final int high = RAH0 + 8 * i;
            final int entry = i;
            require(card.isWritten(high) || card.has(high, RAH_AV), RESET_08,
                () -> "the receiver is switched on, but receive address " + entry + " was not cleared after the reset");
        }
    }
}
