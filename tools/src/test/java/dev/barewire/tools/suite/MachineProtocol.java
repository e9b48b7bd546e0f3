package dev.barewire.tools.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** QEMU's machine protocol (QMP) over TCP: each question, answer and event is a line of JSON. */
final class MachineProtocol implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader lines;
    private final List<String> events = new ArrayList<>();

    MachineProtocol(String host, int port) throws IOException {
        socket = new Socket(host, port);
        lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        lines.readLine();
        execute("qmp_capabilities", "");
    }

    /**
     * Has QEMU do something.
     *
     * @param command   its name
     * @param arguments the members of a JSON object, such as {@code "id":"nic5"}
     */
    void execute(String command, String arguments) throws IOException {
        String question = "{\"execute\":\"" + command + "\",\"arguments\":{" + arguments + "}}\n";
        socket.getOutputStream().write(question.getBytes(StandardCharsets.UTF_8));
        String line = lines.readLine();
        while (!line.contains("\"return\"")) {
            assertThat(line).contains("\"event\"");
            events.add(line);
            line = lines.readLine();
        }
    }

    /** Pulls a card out of its slot, as far as QEMU can: it asks the guest, which gives the card up when it likes. */
    void unplug(String device) throws IOException {
        execute("device_del", "\"id\":\"" + device + "\"");
    }

    /** Waits until the guest has given a card up. */
    void awaitUnplugged(String device) throws IOException {
        while (events.stream().noneMatch(event -> event.contains("\"DEVICE_DELETED\"") && event.contains("\"" + device + "\""))) {
            String line = lines.readLine();
            assertThat(line).as("before " + device + " was given up").isNotNull();
            events.add(line);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
