package dev.barewire.testkit.model.intel;

import dev.barewire.testkit.model.CardModel;
import dev.barewire.testkit.model.CardSlot;
import dev.barewire.testkit.model.PciIdentity;
import java.util.concurrent.TimeUnit;

/**
 * What the registers of all cards of the family do (chapter 13), and their two sides. A card's own registers are in a class
 * of its own, whose constructor ends with {@link #begin}.
 */
abstract class IntelModel implements CardModel {
    /** How long CTRL.RST stays up; the manual asks drivers to wait 1 ms (13.4.1). */
    private static final long RESET_NANOS = TimeUnit.MICROSECONDS.toNanos(300);
    /** How long after that the EEPROM is read again, which overwrites the first receive address. */
    private static final long RELOAD_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final int VLAN = 0x8100;

    final CardSlot slot;
    final RegisterFile registers;
    final ReceiveEngine receive;
    final TransmitQueue[] transmit;
    private final Causes causes;
    private final Design design;
    private final Statistics statistics = new Statistics();
    private final AddressFilter filter;
    private final Eeprom eeprom;
    private final Phy phy = new Phy();
    private long resetStarted;
    private boolean resetting;
    private boolean reloading;
    private int readsToEepromDone;
    private int statusReads;

    IntelModel(final CardSlot slot, final PciIdentity identity, final Design design, final RegisterFile registers,
        final Causes causes) {
        this.slot = slot;
        this.design = design;
        this.registers = registers;
        this.causes = causes;
        filter = new AddressFilter(registers);
        eeprom = new Eeprom(slot.mac(), identity.vendor(), identity.device(), identity.subsystemVendor(),
            identity.subsystem());
        receive = new ReceiveEngine(slot, registers, causes, statistics, filter, design);
        transmit = new TransmitQueue[design.queues()];
        for (int i = 0; i < transmit.length; i++) {
            transmit[i] = new TransmitQueue(slot, registers, causes, statistics, i, design, switchedBy(i), switchedOn());
        }
    }

    // ---- where cards differ

    /** The register that lets a transmit queue send, besides TCTL. */
    abstract int switchedBy(int queue);

    /** The bit there. */
    abstract int switchedOn();

    /** Whether a register is a ring's tail. */
    abstract boolean isTail(int offset);

    /** Sets registers of the card's own as they are behind a reset. */
    abstract void powerOnOwn();

    /** The card has read its EEPROM. */
    void eepromRead() {
    }

    /** Reads a register of the card's own; any other is as it was written. */
    int readOwn(final int offset) {
        return registers.get(offset);
    }

    /** A register was written that does nothing on all cards. */
    void written(final int offset, final int value) {
        registers.set(offset, value);
    }

    /** Where a register is that has another address as well. */
    int canonical(final int offset) {
        return offset;
    }

    /** Whether the PHY negotiates by itself as soon as the cable is in. */
    boolean negotiatesAlone() {
        return true;
    }

    /** How receive descriptors look from now on, as RCTL says with what was written before. */
    abstract void useFormat();

    // ---- power and reset

    /** Powers the card on. */
    final void begin() {
        powerOn();
        loadAddress();
    }

    private void powerOn() {
        registers.clear(0, Register.STATISTICS);
        registers.clear(Register.STATISTICS_END, RegisterFile.BYTES);
        registers.set(Register.STATUS, Bits.STATUS_FD | Bits.STATUS_SPEED_1000);
        registers.set(Register.EECD, Bits.EECD_PRES);
        registers.set(Register.VET, VLAN);
        registers.set(Register.PBA, design.packetBuffers());
        powerOnOwn();
        causes.reset();
        statistics.reset();
        phy.reset(!negotiatesAlone());
        receive.reset();
        receive.keyChanged();
        for (final TransmitQueue queue : transmit) {
            queue.reset();
        }
        filter.update();
        useFormat();
    }

    private void loadAddress() {
        registers.set(Register.RAL0, eeprom.addressLow());
        registers.set(Register.RAH0, eeprom.addressHigh());
        filter.update();
        reloading = false;
        eepromRead();
    }

    @Override
    public final void reset() {
        powerOn();
        loadAddress();
        resetting = false;
    }

    /** What time has done since the last look. */
    private void passTime() {
        if (resetting || reloading) {
            final long passed = System.nanoTime() - resetStarted;
            if (resetting && passed >= RESET_NANOS) {
                resetting = false;
                registers.set(Register.CTRL, registers.get(Register.CTRL) & ~Bits.CTRL_RST);
            }
            if (reloading && passed >= RESET_NANOS + RELOAD_NANOS) {
                loadAddress();
            }
        }
        if (phy.isNegotiating()) {
            updateLink();
        }
    }

    // ---- registers

    @Override
    public final int read(final int address) {
        final int offset = canonical(address);
        passTime();
        if (offset >= Register.STATISTICS && offset < Register.STATISTICS_END) {
            return statistics.read(offset);
        }
        return switch (offset) {
            case Register.ICR -> causes.read();
            case Register.IMS -> causes.mask();
            case Register.ICS, Register.IMC -> 0;
            case Register.EERD -> readEeprom();
            default -> isTail(offset) ? registers.getAcquire(offset) : readOwn(offset);
        };
    }

    private int readEeprom() {
        final int eerd = registers.get(Register.EERD);
        if ((eerd & Bits.EERD_START) == 0 || --readsToEepromDone >= 0) {
            return eerd;
        }
        return eerd | design.eerdDone() | eeprom.word(eepromWord(eerd)) << Bits.EERD_DATA_SHIFT;
    }

    /** Which word a value of EERD is about. */
    final int eepromWord(final int eerd) {
        return (eerd & 0xffff) >>> design.word();
    }

    final int eerdDone() {
        return design.eerdDone();
    }

    @Override
    public final boolean doorbell(final int offset, final int value) {
        if (!isTail(offset)) {
            return false;
        }
        registers.setRelease(offset, value & Bits.POINTER_MASK);
        return true;
    }

    @Override
    public final void write(final int address, final int value) {
        final int offset = canonical(address);
        passTime();
        switch (offset) {
            case Register.CTRL -> writeControl(value);
            case Register.STATUS -> { }
            case Register.ICR -> causes.clear(value);
            case Register.EECD -> registers.set(offset, value & ~Bits.EECD_GNT & ~Bits.EECD_AUTO_READ
                | registers.get(offset) & Bits.EECD_AUTO_READ | Bits.EECD_PRES | ((value & Bits.EECD_REQ) != 0 ? Bits.EECD_GNT : 0));
            case Register.EERD -> {
                registers.set(offset, value & ~design.eerdDone() & 0xffff);
                readsToEepromDone = slot.strict() && eepromWord(value) == 1 ? 1 : 0;
            }
            case Register.MDIC -> {
                registers.set(offset, phy.command(value, isUp()));
                updateLink();
                causes.raise(Bits.CAUSE_MDAC);
            }
            case Register.ICS -> causes.raise(value);
            case Register.IMS -> causes.enable(value);
            case Register.IMC -> causes.disable(value);
            default -> store(offset, value);
        }
    }

    private void store(final int offset, final int value) {
        if (offset >= Register.STATISTICS && offset < Register.STATISTICS_END) {
            return;
        }
        written(offset, value);
        if (offset >= Register.RAL0 && offset < Register.RA_END) {
            filter.update();
        } else if (offset == Register.RCTL) {
            useFormat();
        }
    }

    private void writeControl(final int value) {
        if ((value & Bits.CTRL_RST) != 0) {
            powerOn();
            registers.set(Register.CTRL, registers.get(Register.CTRL) | Bits.CTRL_RST);
            resetStarted = System.nanoTime();
            resetting = true;
            reloading = true;
            return;
        }
        if ((value & Bits.CTRL_PHY_RST) != 0) {
            phy.reset(!negotiatesAlone());
        }
        registers.set(Register.CTRL, value & ~Bits.CTRL_PHY_RST);
        updateLink();
    }

    // ---- the link

    private boolean isUp() {
        return registers.has(Register.STATUS, Bits.STATUS_LU);
    }

    /** The link is up when the driver lets it (13.4.1, SLU) and the cable is in. */
    private void updateLink() {
        final boolean up = slot.linked() && registers.has(Register.CTRL, Bits.CTRL_SLU) && phy.isReady();
        if (up != isUp()) {
            final int others = registers.get(Register.STATUS) & ~Bits.STATUS_LU;
            registers.set(Register.STATUS, others | (up ? Bits.STATUS_LU : 0));
            causes.raise(Bits.CAUSE_LSC);
        }
    }

    @Override
    public final void link(final boolean up) {
        updateLink();
    }

    // ---- by itself

    @Override
    public final int work() {
        int done = receive.work();
        for (final TransmitQueue queue : transmit) {
            done += queue.work();
        }
        if (phy.isNegotiating()) {
            updateLink();
            done++;
        }
        return causes.sendLate() ? done + 1 : done;
    }

    /** What STATUS says of the bus; a driver must ask more than once where the card takes liberties. */
    final boolean isMaster() {
        if (!registers.has(Register.CTRL, Bits.CTRL_MASTER_DISABLE)) {
            statusReads = 0;
            return true;
        }
        return !isIdle() || slot.strict() && statusReads++ == 0;
    }

    /** Whether nothing is under way to memory or from it. */
    private boolean isIdle() {
        boolean idle = receive.isIdle();
        for (final TransmitQueue queue : transmit) {
            idle &= queue.isIdle();
        }
        return idle;
    }

    final Causes causes() {
        return causes;
    }

    @Override
    public final void busChanged() {
        // The engines look for themselves whether they may be bus masters.
        causes.update();
    }
}
