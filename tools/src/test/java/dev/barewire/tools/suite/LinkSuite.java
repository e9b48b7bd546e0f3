package dev.barewire.tools.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.NicConfig;
import dev.barewire.NicCounters;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A cable that is pulled out and put back, by QEMU's machine protocol. */
@CardSuite
@EnabledIfSystemProperty(named = LinkSuite.MACHINE, matches = ".+:.+",
        disabledReason = "needs -Dbarewire.machine=<host>:<port>:<netdev>, where QEMU's machine protocol answers")
class LinkSuite {
    /** Where QEMU's machine protocol is and what the cable's end is called there. */
    static final String MACHINE = "barewire.machine";

    @Test
    void shouldTellOfTheLinkWhenTheCableIsPulled() throws IOException {
        String[] machine = System.getProperty(MACHINE).split(":");
        try (Bench bench = Bench.open(NicConfig.defaults());
                Socket socket = new Socket(machine[0], Integer.parseInt(machine[1]));
                BufferedReader answers = new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            answers.readLine();
            ask(socket, answers, "{\"execute\":\"qmp_capabilities\"}");
            assertThat(bench.nic.link().up()).isTrue();
            long changes = bench.nic.counters().get(NicCounters.Name.LINK_CHANGES);

            ask(socket, answers, setLink(machine[2], false));
            Bench.until("the link to go down", () -> {
                bench.nic.rx(0).await(10);
                return bench.nic.counters().get(NicCounters.Name.LINK_CHANGES) == changes + 1;
            });
            assertThat(bench.nic.link().up()).isFalse();

            ask(socket, answers, setLink(machine[2], true));
            assertThat(bench.nic.awaitLink(Bench.PATIENCE)).isTrue();
            bench.emptyCable();
        }
    }

    private static String setLink(String netdev, boolean up) {
        return "{\"execute\":\"set_link\",\"arguments\":{\"name\":\"" + netdev + "\",\"up\":" + up + "}}";
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
