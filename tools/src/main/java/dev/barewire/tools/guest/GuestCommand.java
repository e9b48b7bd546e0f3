package dev.barewire.tools.guest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs one command in a throw-away guest. */
@Command(name = "guest", mixinStandardHelpOptions = true,
        description = {"Run one command in a throw-away QEMU guest.",
            "It sees this machine's files read-only."})
public final class GuestCommand implements Callable<Integer> {
    @Option(names = "--card", paramLabel = "MODEL", description = "a card, bound to vfio-pci, from slot 5 on")
    private List<String> models = new ArrayList<>();

    @Option(names = "--huge-pages", paramLabel = "N", description = "2 MB pages to reserve")
    private int hugePages;

    @Option(names = "--work", paramLabel = "FOLDER", description = "a folder that the guest may write")
    private Path work;

    @Option(names = "--management", description = "let the guest reach the host's loopback at " + Guest.HOST_ADDRESS)
    private boolean management;

    @Option(names = "--time-limit", paramLabel = "SECONDS", defaultValue = "300", description = "default ${DEFAULT-VALUE}")
    private long seconds;

    @Option(names = "--accelerator", description = "${COMPLETION-CANDIDATES}; found out if not given")
    private Accelerator accelerator;

    @Option(names = "--qemu", paramLabel = "ARGUMENT", description = "a further argument of QEMU")
    private List<String> qemu = new ArrayList<>();

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "the command and its arguments, after --")
    private List<String> command;

    /** Made by the command line's parser. */
    public GuestCommand() {
    }

    @Override
    public Integer call() {
        GuestConfig config = GuestConfig.command(command).hugePages(hugePages).accelerator(accelerator)
                .timeLimit(Duration.ofSeconds(seconds)).qemu(qemu.toArray(String[]::new));
        for (int i = 0; i < models.size(); i++) {
            config.card(new Card(models.get(i), 5 + i, "52:54:00:12:34:%02x".formatted(i), "user", "vfio-pci"));
        }
        if (work != null) {
            config.work(work);
        }
        if (management) {
            config.management();
        }
        GuestResult result = Guest.run(config);
        System.err.printf("Guest: %s, booted in %.1f s%s, ran %.1f s, exit code %d%n", result.accelerator(),
                result.bootSeconds(), result.retried() ? " (second try)" : "", result.seconds(), result.exitCode());
        return result.exitCode();
    }
}
