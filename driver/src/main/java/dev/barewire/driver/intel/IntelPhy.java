package dev.barewire.driver.intel;

import dev.barewire.SetupException;
import dev.barewire.driver.access.Registers;

/** The PHY's registers behind MDIC (82576 datasheet, chapter 8), and what IEEE 802.3 clause 22 has in them. */
final class IntelPhy {
    private static final int ADDRESS = 1 << 21;
    private static final int REGISTER_SHIFT = 16;
    private static final int WRITE = 1 << 26;
    private static final int READ = 2 << 26;
    private static final int READY = 1 << 28;
    private static final int ERROR = 1 << 30;
    private static final int DATA = 0xffff;
    private static final int ANSWER_MILLIS = 20;

    /** The control register. */
    private static final int BMCR = 0;
    private static final int RESTART = 1 << 9;
    private static final int ISOLATE = 1 << 10;
    private static final int POWER_DOWN = 1 << 11;
    private static final int NEGOTIATE = 1 << 12;
    private static final int LOOPBACK = 1 << 14;

    private final Registers registers;

    IntelPhy(final Registers registers) {
        this.registers = registers;
    }

    /** Has the PHY negotiate speed and duplex mode once more; the link comes up some time later. */
    void restartNegotiation() {
        final int control = access(READ, BMCR, 0);
        access(WRITE, BMCR, control & ~(ISOLATE | POWER_DOWN | LOOPBACK) | NEGOTIATE | RESTART);
    }

    /** One access at a time, each waited for. */
    private int access(final int operation, final int register, final int data) {
        registers.write(IntelRegister.MDIC.offset(), operation | ADDRESS | register << REGISTER_SHIFT | data);
        final boolean done = Waiting.until(ANSWER_MILLIS, () -> (answer() & READY) != 0);
        final int answer = answer();
        if (!done || (answer & ERROR) != 0) {
            throw new SetupException("the card's PHY " + (done ? "refuses" : "does not answer") + " an access to its register "
                + register + ": MDIC is 0x" + Integer.toHexString(answer), "power the machine off and on; if that does not help, "
                + "the card is broken");
        }
        return answer & DATA;
    }

    private int answer() {
        return registers.read(IntelRegister.MDIC.offset());
    }
}
