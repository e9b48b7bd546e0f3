package dev.barewire.testkit.model.intel;

import dev.barewire.profiles.CardProfile;
import dev.barewire.testkit.model.CardSlot;
import dev.barewire.testkit.model.PciIdentity;

/**
 * An 82576, or one of its successors with fewer queues: a block of registers for each queue, advanced descriptors, messages
 * with a vector for each queue, what is shared owned by SW_FW_SYNC, and a link that comes up when the PHY is told to negotiate.
 */
final class Model82576 extends IntelModel {
    /** Of what the datasheet says in 8.3 that they are after a reset. */
    private static final int RECEIVE_BUFFER = 64 << 10;
    private static final int TRANSMIT_BUFFER = 40 << 10;
    private static final int LONGEST_AT_POWER_ON = 0x2600;
    private static final int HEADER_UNIT = 64;
    private static final int PACKET_UNIT = 1024;
    private static final int HEADER_FIELD = 0xf;
    private static final int PACKET_FIELD = 0x7f;
    private static final int OLD_BLOCK = 0x100;
    private static final int OLD_BLOCKS = 4;
    private static final int TAILS = ~(Register.BLOCKS_END - Register.BLOCK);
    private static final RxFormat[] FORMATS = {
        RxFormat.LEGACY, RxFormat.ADVANCED, RxFormat.ADVANCED_SPLIT, RxFormat.ADVANCED, RxFormat.ADVANCED,
        RxFormat.ADVANCED_ALWAYS, RxFormat.ADVANCED, RxFormat.ADVANCED};

    private final Semaphore firmware;
    private final Causes82576 causes;
    private final int queues;
    /** A queue that is switched on, and whose control register has not yet said so; -1 if there is none. */
    private int startingControl;

    Model82576(final CardSlot slot, final PciIdentity identity, final CardProfile profile) {
        this(slot, identity, profile, new RegisterFile());
    }

    private Model82576(final CardSlot slot, final PciIdentity identity, final CardProfile profile, final RegisterFile registers) {
        this(slot, identity, registers, new Design(profile.rings().rxQueues(), Register.RECEIVE_BLOCKS, Register.TRANSMIT_BLOCKS,
            Register.BLOCK, Bits.QUEUE_ENABLE, RECEIVE_BUFFER, TRANSMIT_BUFFER, Design.Reading.THE_82576, true,
            RxDescriptor.UDPCS | (slot.qemu() ? RxDescriptor.TCPCS : 0), 2, 1 << 1),
            new Causes82576(slot, registers, profile.hasQuirk("vectors-by-pairs", slot.qemu())));
    }

    private Model82576(final CardSlot slot, final PciIdentity identity, final RegisterFile registers, final Design design,
        final Causes82576 causes) {
        super(slot, identity, design, registers, causes);
        this.causes = causes;
        queues = design.queues();
        firmware = new Semaphore(slot.strict(), Bits.SWSM_SOFTWARE_OWNS);
        begin();
    }

    @Override
    void powerOnOwn() {
        registers.set(Register.CTRL, Bits.CTRL_FD | Bits.CTRL_SPEED_1000);
        registers.set(Register.STATUS, Bits.STATUS_FD | Bits.STATUS_SPEED_1000 | Bits.STATUS_PHY_RESET);
        registers.set(Register.RXCSUM, Bits.RXCSUM_IPOFL | Bits.RXCSUM_TUOFL);
        registers.set(Register.RLPML, LONGEST_AT_POWER_ON);
        registers.set(Register.RECEIVE_BLOCKS + Register.QUEUE_CONTROL, Bits.QUEUE_ENABLE);
        registers.set(Register.TRANSMIT_BLOCKS + Register.QUEUE_CONTROL, Bits.QUEUE_ENABLE);
        startingControl = -1;
        firmware.reset();
    }

    @Override
    void eepromRead() {
        registers.set(Register.EECD, registers.get(Register.EECD) | Bits.EECD_AUTO_READ);
        registers.set(Register.EEMNGCTL, Bits.EEMNGCTL_DONE);
    }

    @Override
    boolean negotiatesAlone() {
        return false;
    }

    @Override
    int switchedBy(final int queue) {
        return Register.TRANSMIT_BLOCKS + queue * Register.BLOCK + Register.QUEUE_CONTROL;
    }

    @Override
    int switchedOn() {
        return Bits.QUEUE_ENABLE;
    }

    @Override
    boolean isTail(final int offset) {
        final int inBlock = offset & TAILS;
        return inBlock == Register.RECEIVE_BLOCKS + Register.TAIL || inBlock == Register.TRANSMIT_BLOCKS + Register.TAIL;
    }

    /** The first queues, and the causes, are where an 8254x has them as well. */
    @Override
    int canonical(final int offset) {
        if (offset >= Register.LATE_ICR && offset <= Register.LATE_IMC) {
            return Register.ICR + (offset - Register.LATE_ICR) * 2;
        }
        final int at = moved(offset, Register.RDBAL, Register.RECEIVE_BLOCKS);
        return moved(at, Register.TDBAL, Register.TRANSMIT_BLOCKS);
    }

    private static int moved(final int offset, final int from, final int to) {
        final int queue = (offset - from) / OLD_BLOCK;
        final int inBlock = (offset - from) % OLD_BLOCK;
        return offset >= from && queue < OLD_BLOCKS && inBlock < Register.BLOCK ? to + queue * Register.BLOCK + inBlock : offset;
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
            case Register.EICR -> causes.readVectors();
            case Register.EIMS -> causes.vectorMask();
            case Register.EICS, Register.EIMC -> 0;
            default -> isStarting(offset) ? value & ~Bits.QUEUE_ENABLE : value;
        };
    }

    /** Where the card takes liberties, a queue that is switched on says so only when it is asked once more. */
    private boolean isStarting(final int offset) {
        final boolean starting = offset == startingControl;
        if (starting) {
            startingControl = -1;
        }
        return starting;
    }

    @Override
    void written(final int offset, final int value) {
        switch (offset) {
            case Register.SWSM -> registers.set(offset, firmware.asked(value));
            case Register.EICR -> causes.clearVectors(value);
            case Register.EICS -> causes.raiseVectors(value);
            case Register.EIMS -> causes.enableVectors(value);
            case Register.EIMC -> causes.disableVectors(value);
            case Register.EEMNGCTL -> { }
            default -> store(offset, value);
        }
    }

    private void store(final int offset, final int value) {
        final int before = registers.get(offset);
        registers.set(offset, value);
        if (offset >= Register.RSSRK && offset < Register.RSSRK_END) {
            receive.keyChanged();
        } else if (offset >= Register.QUEUE_IVAR && offset <= Register.IVAR_MISC || offset == Register.GPIE) {
            causes.update();
        } else if (isControl(offset) && (value & ~before & Bits.QUEUE_ENABLE) != 0) {
            startingControl = slot.strict() ? offset : -1;
            useFormat();
        }
    }

    private static boolean isControl(final int offset) {
        final int inBlock = offset & TAILS;
        return inBlock == Register.RECEIVE_BLOCKS + Register.QUEUE_CONTROL
            || inBlock == Register.TRANSMIT_BLOCKS + Register.QUEUE_CONTROL;
    }

    /** Looked at when a queue is switched on, whose own register says all but the sizes below 1 KiB. */
    @Override
    void useFormat() {
        for (int i = 0; i < queues; i++) {
            final int srrctl = registers.get(Register.RECEIVE_BLOCKS + i * Register.BLOCK + Register.SRRCTL);
            final int packet = (srrctl & PACKET_FIELD) * PACKET_UNIT;
            receive.queues()[i].use(FORMATS[srrctl >>> Bits.SRRCTL_TYPE_SHIFT & FORMATS.length - 1],
                packet > 0 ? packet : Bits.bufferSize(registers.get(Register.RCTL)),
                (srrctl >>> Byte.SIZE & HEADER_FIELD) * HEADER_UNIT);
        }
    }
}
