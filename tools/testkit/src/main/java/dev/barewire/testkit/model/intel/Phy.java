package dev.barewire.testkit.model.intel;

import java.util.concurrent.TimeUnit;

/**
 * The PHY behind MDIC (13.4.6, chapter 8): gigabit, full duplex. Negotiation is done as soon as the cable is in, or some time
 * after it was asked for.
 */
final class Phy {
    private static final long NEGOTIATION_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int DATA = 0xffff;
    private static final int REGISTER_SHIFT = 16;
    private static final int PHY_SHIFT = 21;
    private static final int WRITE = 1 << 26;
    private static final int READ = 1 << 27;
    private static final int READY = 1 << 28;
    private static final int ERROR = 1 << 30;
    private static final int ADDRESS = 1;

    private static final int CONTROL = 0;
    private static final int STATUS = 1;
    private static final int CONTROL_RESTART = 1 << 9;
    private static final int CONTROL_NEGOTIATE = 1 << 12;
    private static final int CONTROL_RESETS = 1 << 15 | CONTROL_RESTART;
    private static final int STATUS_LINK = 1 << 2 | 1 << 5;
    private static final int[] POWER_ON = {
        0x1140, 0x7949, 0x0141, 0x0c20, 0x0de1, 0x45e1, 0, 0, 0, 0x0e00, 0x3c00, 0, 0, 0, 0, 0x3000
    };

    private final int[] registers = new int[32];
    private boolean idle;
    private boolean negotiating;
    private long startedAt;

    /** Powers it on; idle, it negotiates only when it is told to. */
    void reset(final boolean startsIdle) {
        idle = startsIdle;
        negotiating = false;
        System.arraycopy(POWER_ON, 0, registers, 0, POWER_ON.length);
    }

    /** Whether it was told to negotiate and is not done. */
    boolean isNegotiating() {
        return negotiating;
    }

    /** Whether it has negotiated. */
    boolean isReady() {
        if (negotiating && System.nanoTime() - startedAt >= NEGOTIATION_NANOS) {
            negotiating = false;
            idle = false;
        }
        return !idle;
    }

    /** Does what was written to MDIC; gives what it reads from then on. */
    int command(final int mdic, final boolean link) {
        final int register = mdic >>> REGISTER_SHIFT & 0x1f;
        final int rest = mdic & ~DATA & ~ERROR | READY;
        if ((mdic >>> PHY_SHIFT & 0x1f) != ADDRESS || (mdic & (READ | WRITE)) == 0) {
            return rest | ERROR;
        }
        if ((mdic & WRITE) != 0) {
            write(register, mdic & DATA);
            return rest | mdic & DATA;
        }
        return rest | (register == STATUS && link ? registers[STATUS] | STATUS_LINK : registers[register]);
    }

    private void write(final int register, final int value) {
        if (register == CONTROL) {
            registers[CONTROL] = value & ~CONTROL_RESETS;
            if (idle && (value & CONTROL_NEGOTIATE) != 0 && (value & CONTROL_RESTART) != 0) {
                negotiating = true;
                startedAt = System.nanoTime();
            }
        } else if (register > 3 && register != 5) {
            registers[register] = value;
        }
    }
}
