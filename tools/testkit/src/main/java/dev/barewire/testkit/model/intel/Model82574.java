package dev.barewire.testkit.model.intel;

import dev.barewire.testkit.model.CardSlot;
import dev.barewire.testkit.model.PciIdentity;
import java.util.concurrent.TimeUnit;

/** An 82574L (317694): two queues each way, extended and packet-split descriptors, messages, semaphores with its firmware. */
final class Model82574 extends IntelModel {
    private static final int QUEUES = 2;
    /** Of the packet buffer's 40 KiB (317694, 10.2.2). */
    private static final int HALF_BUFFER = 20 << 10;
    private static final int TARC_AT_POWER_ON = 0x403;
    private static final int HEADER_UNIT = 128;
    private static final int PAYLOAD_UNIT = 1024;

    /** How long the firmware of a card that takes liberties keeps a semaphore that software asks for. */
    private static final long HELD_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    /** When software first asked since the last reset; 0 if it has not. */
    private long phyAskedAt;
    private long eepromAskedAt;
    private int statusReads;

    Model82574(final CardSlot slot, final PciIdentity identity) {
        this(slot, identity, new RegisterFile());
    }

    private Model82574(final CardSlot slot, final PciIdentity identity, final RegisterFile registers) {
        super(slot, identity, new Design(QUEUES, 0x100, HALF_BUFFER, HALF_BUFFER, true, true,
            RxDescriptor.UDPCS | (slot.qemu() ? RxDescriptor.TCPCS : 0), 2, 1 << 1), registers, new Causes82574(slot, registers));
        begin();
    }

    @Override
    void powerOnOwn() {
        registers.set(Register.CTRL, Bits.CTRL_FD | Bits.CTRL_SPEED_1000);
        registers.set(Register.STATUS, Bits.STATUS_FD | Bits.STATUS_SPEED_1000 | Bits.STATUS_PHY_RESET);
        registers.set(Register.RXCSUM, Bits.RXCSUM_IPOFL | Bits.RXCSUM_TUOFL);
        if (slot.qemu()) {
            registers.set(Register.VET, 0);
        }
        for (int i = 0; i < QUEUES; i++) {
            registers.set(switchedBy(i), TARC_AT_POWER_ON);
        }
        phyAskedAt = 0;
        eepromAskedAt = 0;
    }

    @Override
    void eepromRead() {
        registers.set(Register.EECD, registers.get(Register.EECD) | Bits.EECD_AUTO_READ);
    }

    @Override
    int switchedBy(final int queue) {
        return Register.TDBAL + queue * 0x100 + Register.TARC;
    }

    @Override
    int switchedOn() {
        return Bits.TARC_ENABLE;
    }

    @Override
    boolean isTail(final int offset) {
        final int inRing = offset - Register.TAIL;
        return inRing == Register.RDBAL || inRing == Register.RDBAL + 0x100
            || inRing == Register.TDBAL || inRing == Register.TDBAL + 0x100;
    }

    @Override
    int readOwn(final int offset) {
        final int value = registers.get(offset);
        return switch (offset) {
            case Register.STATUS -> value | (isMaster() ? Bits.STATUS_MASTER_ENABLED : 0);
            case Register.SWSM -> {
                // Who reads it as 0 has it.
                registers.set(offset, value | Bits.SWSM_TAKEN);
                yield value;
            }
            default -> value;
        };
    }

    /** A driver must ask more than once where the card takes liberties. */
    private boolean isMaster() {
        if (!registers.has(Register.CTRL, Bits.CTRL_MASTER_DISABLE)) {
            statusReads = 0;
            return true;
        }
        return !isIdle() || slot.strict() && statusReads++ == 0;
    }

    @Override
    void written(final int offset, final int value) {
        switch (offset) {
            case Register.EXTCNF_CTRL -> {
                phyAskedAt = asked(phyAskedAt);
                registers.set(offset, isFree(phyAskedAt) ? value : value & ~Bits.EXTCNF_SOFTWARE_OWNS);
            }
            case Register.SWSM -> {
                eepromAskedAt = asked(eepromAskedAt);
                registers.set(offset, isFree(eepromAskedAt) ? value : value & ~Bits.SWSM_SOFTWARE_OWNS);
            }
            default -> registers.set(offset, value);
        }
        if (offset >= Register.RSSRK && offset < Register.RSSRK_END) {
            receive.keyChanged();
        } else if (offset == Register.IVAR) {
            causes().update();
        }
    }

    private static long asked(final long before) {
        return before == 0 ? System.nanoTime() | 1 : before;
    }

    private boolean isFree(final long askedAt) {
        return !slot.strict() || System.nanoTime() - askedAt >= HELD_NANOS;
    }

    /** Looked at when RCTL is written, as the formats of descriptors must be known before (317694, 10.2.5). */
    @Override
    void useFormat() {
        final int rctl = registers.get(Register.RCTL);
        final boolean extended = registers.has(Register.RFCTL, Bits.RFCTL_EXSTEN);
        final int psrctl = registers.get(Register.PSRCTL);
        for (final ReceiveQueue queue : receive.queues()) {
            if (extended && (rctl & Bits.RCTL_DTYP) == Bits.RCTL_DTYP_PACKET_SPLIT) {
                queue.use(RxFormat.PACKET_SPLIT, (psrctl & 0x7f) * HEADER_UNIT, (psrctl >>> 8 & 0x3f) * PAYLOAD_UNIT,
                    (psrctl >>> 16 & 0x3f) * PAYLOAD_UNIT, (psrctl >>> 24 & 0x3f) * PAYLOAD_UNIT);
            } else {
                queue.use(extended ? RxFormat.EXTENDED : RxFormat.LEGACY, Bits.bufferSize(rctl));
            }
        }
    }
}
