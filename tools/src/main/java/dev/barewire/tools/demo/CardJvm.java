package dev.barewire.tools.demo;

import dev.barewire.tools.guest.ClassArchive;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The JVM that runs the {@link CardProgram}. */
final class CardJvm {
    private static final List<String> JAVA = List.of(System.getProperty("java.home") + "/bin/java",
            "--enable-native-access=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
            "-XX:+UseSerialGC");

    private CardJvm() {
    }

    /** {@return program and arguments; the paths among them are absolute} */
    static List<String> command(CardTask task, Console console) {
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString()).collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(JAVA);
        ClassArchive.ensure(JAVA, classPath, Rehearsal.class.getName(), console::say)
                .ifPresent(archive -> command.add("-XX:SharedArchiveFile=" + archive));
        command.addAll(List.of("-cp", classPath, CardProgram.class.getName()));
        command.addAll(task.arguments());
        return command;
    }
}
