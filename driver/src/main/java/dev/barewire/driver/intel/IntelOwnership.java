package dev.barewire.driver.intel;

import dev.barewire.SetupException;
import dev.barewire.driver.access.Registers;
import java.util.function.Supplier;

/**
 * Who may use what a card's ports and its firmware share (82576 datasheet, chapter 4): a register tells who has which part,
 * and is itself changed under a semaphore.
 */
final class IntelOwnership {
    /** The EEPROM. */
    static final int EEPROM = 1;
    /** The PHYs of ports 0 to 3. */
    private static final int[] PHYS = {1 << 1, 1 << 2, 1 << 5, 1 << 6};
    /** Firmware's bits lie so far above those of drivers. */
    private static final int FIRMWARE_SHIFT = 16;
    private static final int SEMAPHORE_MILLIS = 100;
    private static final int PART_MILLIS = 1000;
    private static final int PORT_SHIFT = 2;

    private final Registers registers;

    IntelOwnership(final Registers registers) {
        this.registers = registers;
    }

    /** The PHY of the port that the registers belong to. */
    int phy() {
        return PHYS[port()];
    }

    /** Which of the card's ports the registers belong to. */
    int port() {
        return registers.read(IntelRegister.STATUS.offset()) >>> PORT_SHIFT & PHYS.length - 1;
    }

    /** Does something while nobody else uses a part. */
    <T> T owning(final int part, final Supplier<T> work) {
        if (!Waiting.until(PART_MILLIS, () -> take(part))) {
            throw new SetupException("the card's firmware, or the driver of another of its ports, does not let go of its "
                + (part == EEPROM ? "EEPROM" : "PHY") + " within " + PART_MILLIS + " ms: SW_FW_SYNC is 0x"
                + Integer.toHexString(registers.read(IntelRegister.SW_FW_SYNC.offset())), "power the machine off and on");
        }
        try {
            return work.get();
        } finally {
            semaphore();
            registers.write(IntelRegister.SW_FW_SYNC.offset(),
                registers.read(IntelRegister.SW_FW_SYNC.offset()) & ~part);
            letGo();
        }
    }

    private boolean take(final int part) {
        semaphore();
        final int owners = registers.read(IntelRegister.SW_FW_SYNC.offset());
        final boolean isFree = (owners & (part | part << FIRMWARE_SHIFT)) == 0;
        if (isFree) {
            registers.write(IntelRegister.SW_FW_SYNC.offset(), owners | part);
        }
        letGo();
        return isFree;
    }

    /** First among drivers, whose bit a read takes, then against firmware. A driver that died may have left the first set. */
    private void semaphore() {
        if (!Waiting.until(SEMAPHORE_MILLIS, () -> (swsm() & IntelBits.SWSM_TAKEN) == 0)) {
            letGo();
            swsm();
        }
        final boolean owned = Waiting.until(SEMAPHORE_MILLIS, () -> {
            registers.write(IntelRegister.SWSM.offset(), swsm() | IntelBits.SWSM_SOFTWARE_OWNS);
            return (swsm() & IntelBits.SWSM_SOFTWARE_OWNS) != 0;
        });
        if (!owned) {
            letGo();
            throw new SetupException("the card's firmware does not let go of its semaphore within " + SEMAPHORE_MILLIS + " ms",
                "power the machine off and on");
        }
    }

    private void letGo() {
        registers.write(IntelRegister.SWSM.offset(), swsm() & ~(IntelBits.SWSM_SOFTWARE_OWNS | IntelBits.SWSM_TAKEN));
    }

    private int swsm() {
        return registers.read(IntelRegister.SWSM.offset());
    }
}
