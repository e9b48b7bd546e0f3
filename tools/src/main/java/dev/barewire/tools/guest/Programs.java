package dev.barewire.tools.guest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Runs the machine's own programs. */
public final class Programs {
    private Programs() {
    }

    /**
     * Looks for a program on the search path, and on an administrator's.
     *
     * @param program its name
     * @return its path, if there is one
     */
    public static Optional<Path> find(String program) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin";
        for (String folder : path.split(":")) {
            Path file = Path.of(folder, program);
            if (!folder.isEmpty() && Files.isExecutable(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    /**
     * Runs a program and returns its standard output; its standard error is dropped.
     *
     * @param command the program and its arguments
     * @return what it wrote
     * @throws GuestException if it cannot be started or fails
     */
    public static byte[] output(String... command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        return run(builder, process -> {
            try (InputStream in = process.getInputStream()) {
                return in.readAllBytes();
            }
        }, "");
    }

    /**
     * Runs a program whose output is noise: it goes to the end of a log file.
     *
     * @throws GuestException if it cannot be started or fails; the message names the log
     */
    static void logged(Path log, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
        run(builder, process -> new byte[0], "; the log is " + log);
    }

    private interface Reader {
        byte[] read(Process process) throws IOException;
    }

    private static byte[] run(ProcessBuilder builder, Reader reader, String hint) {
        try {
            Process process = builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile())).start();
            byte[] output = reader.read(process);
            int code = process.waitFor();
            if (code != 0) {
                throw new GuestException("'" + quoted(builder.command()) + "' ended with " + code + hint);
            }
            return output;
        } catch (IOException e) {
            throw new GuestException("'" + quoted(builder.command()) + "' cannot run: " + e.getMessage() + hint, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GuestException("interrupted in '" + quoted(builder.command()) + "'", e);
        }
    }

    /** {@return the command as a POSIX shell must be given it} */
    static String quoted(List<String> command) {
        return command.stream().map(Programs::quoted).collect(Collectors.joining(" "));
    }

    /** {@return the word as a POSIX shell must be given it} */
    static String quoted(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /**
     * Joins two commands, such as a program that runs another.
     *
     * @param first  its words
     * @param second the other's
     * @return one list of all words
     */
    public static List<String> join(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
