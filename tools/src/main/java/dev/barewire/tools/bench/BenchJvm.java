package dev.barewire.tools.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** How a program of the bench is started in a JVM of its own: with this JVM's flags and class path. */
final class BenchJvm {
    private static final List<String> NOT_HANDED_ON = List.of("-agent", "-javaagent");
    private static final String ARCHIVE = "-XX:AOTCache";

    private BenchJvm() {
    }

    /**
     * The command that runs a program.
     *
     * @param archived  whether it has this JVM's archive of classes too, if there is one
     * @param main      the program
     * @param arguments its arguments
     * @return the command
     */
    static List<String> command(final boolean archived, final Class<?> main, final String... arguments) {
        final List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> NOT_HANDED_ON.stream().noneMatch(flag::startsWith))
            .filter(flag -> archived || !flag.startsWith(ARCHIVE)).forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
