package dev.barewire.tools.cli;

import dev.barewire.tools.guest.Prerequisites;
import dev.barewire.tools.json.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what keeps this machine from driving a card. */
@Command(name = "doctor", mixinStandardHelpOptions = true,
    description = "Look what keeps a card from being driven, and say what mends it.",
    footer = {"", "Exit code 0 if a card could be driven now, 1 if none."})
public final class DoctorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "print one JSON object")
    private boolean json;

    @Option(names = "--root", paramLabel = "FOLDER", defaultValue = "/", description = "where sys, proc and dev are")
    private Path root;

    /** Made by the command line's parser. */
    public DoctorCommand() {
    }

    @Override
    public Integer call() {
        final Doctor doctor = Doctor.examine(Machine.below(root), Prerequisites.missing());
        final PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.of(doctor.json()));
        } else {
            doctor.findings().forEach(out::println);
            out.println();
            out.println(doctor.ready() ? "Could be driven now: " + String.join(", ", doctor.devices())
                : "No card can be driven yet.");
        }
        return doctor.ready() ? 0 : 1;
    }
}
