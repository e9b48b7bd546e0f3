package dev.barewire.testkit.model.intel;

import dev.barewire.testkit.model.CardSlot;
import dev.barewire.testkit.model.PciIdentity;

/** An 82574L (317694): two queues each way, extended and packet-split descriptors, messages, semaphores with its firmware. */
final class Model82574 extends IntelModel {
    private static final int QUEUES = 2;
    /** Of the packet buffer's 40 KiB (317694, 10.2.2). */
    private static final int HALF_BUFFER = 20 << 10;
    private static final int TARC_AT_POWER_ON = 0x403;
    private static final int HEADER_UNIT = 128;
    private static final int PAYLOAD_UNIT = 1024;

    private final Semaphore phyOwner;
    private final Semaphore eepromOwner;

    Model82574(final CardSlot slot, final PciIdentity identity) {
        this(slot, identity, new RegisterFile());
    }

    private Model82574(final CardSlot slot, final PciIdentity identity, final RegisterFile registers) {
        super(slot, identity, new Design(QUEUES, Register.RDBAL, Register.TDBAL, 0x100, 0, HALF_BUFFER, HALF_BUFFER,
            Design.Reading.THE_82574, true, RxDescriptor.UDPCS | (slot.qemu() ? RxDescriptor.TCPCS : 0), 2, 1 << 1), registers, new Causes82574(slot, registers));
        phyOwner = new Semaphore(slot.strict(), Bits.EXTCNF_SOFTWARE_OWNS);
        eepromOwner = new Semaphore(slot.strict(), Bits.SWSM_SOFTWARE_OWNS);
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
        phyOwner.reset();
        eepromOwner.reset();
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

    @Override
    void written(final int offset, final int value) {
        switch (offset) {
            case Register.EXTCNF_CTRL -> registers.set(offset, phyOwner.asked(value));
            case Register.SWSM -> registers.set(offset, eepromOwner.asked(value));
            default -> registers.set(offset, value);
        }
        if (offset >= Register.RSSRK && offset < Register.RSSRK_END) {
            receive.keyChanged();
        } else if (offset == Register.IVAR) {
            causes().update();
        }
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
