package dev.barewire.tools.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Pulls the cable of a card in a guest by QEMU's machine protocol (QMP), which the guest reaches over TCP. */
final class MachineSwitch implements FarEnd.CableSwitch {
    /** Where the protocol is spoken, and what the cable's end is called there: {@code <host>:<port>:<netdev>}. */
    static final String MACHINE = "barewire.machine";

    @Override
    public void set(boolean up) {
        String[] machine = System.getProperty(MACHINE, "").split(":");
        assumeTrue(machine.length == 3, "needs -D" + MACHINE + "=<host>:<port>:<netdev>, where QEMU's machine protocol answers");
        try (Socket socket = new Socket(machine[0], Integer.parseInt(machine[1]));
                BufferedReader answers = new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            answers.readLine();
            ask(socket, answers, "{\"execute\":\"qmp_capabilities\"}");
            ask(socket, answers, "{\"execute\":\"set_link\",\"arguments\":{\"name\":\"" + machine[2] + "\",\"up\":" + up + "}}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks and skips events until the answer comes. */
    private static void ask(Socket socket, BufferedReader answers, String question) throws IOException {
        socket.getOutputStream().write((question + "\n").getBytes(StandardCharsets.UTF_8));
        String answer = answers.readLine();
        while (!answer.contains("\"return\"")) {
            assertThat(answer).contains("\"event\"");
            answer = answers.readLine();
        }
    }
}
