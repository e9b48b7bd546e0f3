package dev.barewire.tools.suite;

import dev.barewire.tools.guest.Prerequisites;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What tshark, which is none of ours, sees in a capture. */
public record Dissection(Path capture) {
    /** How it calls a checksum that is right. */
    public static final String GOOD = "1";

    /** {@return the fields of each frame that a display filter lets through; empty where a frame has no such field} */
    public List<String[]> fields(String filter, String... names) throws IOException, InterruptedException {
        Prerequisites.ensureForTests(System.err::println);
        List<String> command = new ArrayList<>(List.of("tshark", "-n", "-r", capture.toString(), "-Y", filter,
                "-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE",
                "-T", "fields"));
        for (String name : names) {
            command.addAll(List.of("-e", name));
        }
        Process tshark = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        List<String[]> frames;
        try (var lines = tshark.inputReader(StandardCharsets.UTF_8)) {
            frames = lines.lines().map(line -> Arrays.copyOf(line.split("\t", -1), names.length)).toList();
        }
        if (tshark.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + tshark.exitValue());
        }
        return frames;
    }
}
