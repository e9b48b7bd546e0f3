package dev.barewire.testkit.model.intel;

import dev.barewire.testkit.model.CardModel;
import dev.barewire.testkit.model.CardSlot;
import dev.barewire.testkit.model.PciIdentity;
import java.util.concurrent.TimeUnit;

/** An 82540EM: what its registers do (chapter 13), and its two engines. */
final class IntelModel implements CardModel {
    /** How long CTRL.RST stays up; the manual asks drivers to wait 1 ms (13.4.1). */
    private static final long RESET_NANOS = TimeUnit.MICROSECONDS.toNanos(300);
    /** How long after that the EEPROM is read again, which overwrites the first receive address. */
    private static final long RELOAD_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final int PACKET_BUFFERS = 16 << 16 | 48;
    private static final int VLAN = 0x8100;

    private final CardSlot slot;
    private final RegisterFile registers = new RegisterFile();
    private final Causes causes;
    private final Statistics statistics = new Statistics();
    private final AddressFilter filter = new AddressFilter(registers);
    private final Eeprom eeprom;
    private final Phy phy = new Phy();
    private final ReceiveEngine receive;
    private final TransmitEngine transmit;
    private long resetStarted;
    private boolean resetting;
    private boolean reloading;
    private int readsToEepromDone;

    IntelModel(final CardSlot slot, final PciIdentity identity) {
        this.slot = slot;
        causes = new Causes(slot);
        eeprom = new Eeprom(slot.mac(), identity.vendor(), identity.device(), identity.subsystemVendor(),
            identity.subsystem());
        registers.set(Register.PBA, PACKET_BUFFERS);
        receive = new ReceiveEngine(slot, registers, causes, statistics, filter);
        transmit = new TransmitEngine(slot, registers, causes, statistics);
        powerOn();
        loadAddress();
    }

    private void powerOn() {
        registers.clear(0, Register.STATISTICS);
        registers.clear(Register.STATISTICS_END, RegisterFile.BYTES);
        registers.set(Register.CTRL, Bits.CTRL_FD | Bits.CTRL_LRST | Bits.CTRL_SPEED_1000);
        registers.set(Register.STATUS, Bits.STATUS_FD | Bits.STATUS_SPEED_1000);
        registers.set(Register.EECD, Bits.EECD_PRES);
        registers.set(Register.VET, VLAN);
        registers.set(Register.PBA, PACKET_BUFFERS);
        causes.reset();
        statistics.reset();
        phy.reset();
        receive.reset();
        transmit.reset();
        filter.update();
    }

    private void loadAddress() {
        registers.set(Register.RAL0, eeprom.addressLow());
        registers.set(Register.RAH0, eeprom.addressHigh());
        filter.update();
        reloading = false;
    }

    @Override
    public void reset() {
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
    }

    @Override
    public int read(final int offset) {
        passTime();
        if (offset >= Register.STATISTICS && offset < Register.STATISTICS_END) {
            return statistics.read(offset);
        }
        return switch (offset) {
            case Register.ICR -> causes.readAndClear();
            case Register.IMS -> causes.mask();
            case Register.ICS, Register.IMC -> 0;
            case Register.EERD -> readEeprom();
            case Register.RDT, Register.TDT -> registers.getAcquire(offset);
            default -> registers.get(offset);
        };
    }

    private int readEeprom() {
        final int eerd = registers.get(Register.EERD);
        if ((eerd & Bits.EERD_START) == 0 || --readsToEepromDone >= 0) {
            return eerd;
        }
        final int address = eerd >>> Bits.EERD_ADDRESS_SHIFT & 0xff;
        return eerd | Bits.EERD_DONE | eeprom.word(address) << Bits.EERD_DATA_SHIFT;
    }

    @Override
    public boolean doorbell(final int offset, final int value) {
        if (offset != Register.RDT && offset != Register.TDT) {
            return false;
        }
        registers.setRelease(offset, value & Bits.POINTER_MASK);
        return true;
    }

    @Override
    public void write(final int offset, final int value) {
        passTime();
        switch (offset) {
            case Register.CTRL -> writeControl(value);
            case Register.STATUS, Register.ICR -> { }
            case Register.EECD -> registers.set(offset, value & ~Bits.EECD_GNT | Bits.EECD_PRES
                | ((value & Bits.EECD_REQ) != 0 ? Bits.EECD_GNT : 0));
            case Register.EERD -> {
                registers.set(offset, value & ~Bits.EERD_DONE & 0xffff);
                readsToEepromDone = slot.strict() && value >>> Bits.EERD_ADDRESS_SHIFT == 1 ? 1 : 0;
            }
            case Register.MDIC -> {
                registers.set(offset, phy.command(value, isUp()));
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
        registers.set(offset, value);
        if (offset >= Register.RAL0 && offset < Register.RA_END) {
            filter.update();
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
            phy.reset();
        }
        registers.set(Register.CTRL, value & ~Bits.CTRL_PHY_RST);
        updateLink();
    }

    private boolean isUp() {
        return registers.has(Register.STATUS, Bits.STATUS_LU);
    }

    /** The link is up when the driver lets it (13.4.1, SLU) and the cable is in. */
    private void updateLink() {
        final boolean up = slot.linked() && registers.has(Register.CTRL, Bits.CTRL_SLU);
        if (up != isUp()) {
            final int others = registers.get(Register.STATUS) & ~Bits.STATUS_LU;
            registers.set(Register.STATUS, others | (up ? Bits.STATUS_LU : 0));
            causes.raise(Bits.CAUSE_LSC);
        }
    }

    @Override
    public int work() {
        return receive.work() + transmit.work();
    }

    @Override
    public void link(final boolean up) {
        updateLink();
    }

    @Override
    public void busChanged() {
        // The engines look for themselves whether they may be bus masters.
    }
}
