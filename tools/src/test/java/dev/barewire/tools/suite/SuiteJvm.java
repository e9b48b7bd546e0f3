package dev.barewire.tools.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The command that runs the suite, or another program of this class path, in a JVM of its own. */
final class SuiteJvm {
    /** The pattern of class names to run instead of the whole suite. */
    private static final String PART = "barewire.suite";
    private static final List<String> FLAGS = List.of("--enable-native-access=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED", "--add-modules=jdk.incubator.vector", "-Xmx512m");

    private SuiteJvm() {
    }

    /** {@return whether only a part of the suite is asked for} */
    static boolean runsPart() {
        return System.getProperty(PART) != null;
    }

    /**
     * The suite.
     *
     * @param device  the card's name
     * @param options further options of the JVM, properties among them
     * @return program and arguments
     */
    static List<String> suite(String device, List<String> options) {
        List<String> command = command(device, SuiteMain.class, options);
        Optional.ofNullable(System.getProperty(PART)).ifPresent(command::add);
        return command;
    }

    /**
     * Any program.
     *
     * @param device  the card's name
     * @param main    its class
     * @param options further options of the JVM, properties among them
     * @return program and arguments, to which more can be added
     */
    static List<String> command(String device, Class<?> main, List<String> options) {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        command.addAll(FLAGS);
        command.add("-D" + CardUnderTest.DEVICE + "=" + device);
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return command;
    }
}
