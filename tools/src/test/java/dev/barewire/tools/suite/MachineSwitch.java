package dev.barewire.tools.suite;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Pulls the cable of a card in a guest by QEMU's machine protocol (QMP), which the guest reaches over TCP. */
final class MachineSwitch implements FarEnd.CableSwitch {
    /** Where the protocol is spoken, and what the cable's end is called there: {@code <host>:<port>:<netdev>}. */
    static final String MACHINE = "barewire.machine";

    @Override
    public void set(boolean up) {
        String[] machine = System.getProperty(MACHINE, "").split(":");
        assumeTrue(machine.length == 3, "needs -D" + MACHINE + "=<host>:<port>:<netdev>, where QEMU's machine protocol answers");
        try (MachineProtocol protocol = new MachineProtocol(machine[0], Integer.parseInt(machine[1]))) {
            protocol.execute("set_link", "\"name\":\"" + machine[2] + "\",\"up\":" + up);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
