package dev.barewire.tools;

import dev.barewire.SetupException;
import dev.barewire.profiles.ProfileException;
import dev.barewire.tools.bench.BenchCommand;
import dev.barewire.tools.cli.BindCommand;
import dev.barewire.tools.cli.DoctorCommand;
import dev.barewire.tools.cli.InfoCommand;
import dev.barewire.tools.cli.ListCommand;
import dev.barewire.tools.cli.UnbindCommand;
import dev.barewire.tools.demo.DemoCommand;
import dev.barewire.tools.guest.GuestCommand;
import dev.barewire.tools.guest.GuestException;
import dev.barewire.tools.guest.SetupCommand;
import dev.barewire.tools.traffic.DumpCommand;
import dev.barewire.tools.traffic.EchoCommand;
import dev.barewire.tools.traffic.ForwardCommand;
import dev.barewire.tools.traffic.GenCommand;
import java.io.UncheckedIOException;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line's root. */
@Command(name = "barewire", mixinStandardHelpOptions = true, versionProvider = Main.class,
    description = "A user-space NIC driver in Java.",
    subcommands = {DemoCommand.class, DoctorCommand.class, ListCommand.class, InfoCommand.class, BindCommand.class,
        UnbindCommand.class, DumpCommand.class, GenCommand.class, ForwardCommand.class, EchoCommand.class, GuestCommand.class,
        SetupCommand.class, BenchCommand.class},
    footer = {"", "barewire test builds everything and runs all tests, guests included.",
        "barewire COMMAND --help tells of a command."})
public final class Main implements Runnable, IVersionProvider {
    @Spec
    private CommandSpec spec;

    @Option(names = "--stacktrace", scope = ScopeType.INHERIT, description = "show where in the program an error arose")
    private boolean stackTrace = Boolean.getBoolean("barewire.stacktrace");

    /** Made for the command line's parser. */
    public Main() {
    }

    /**
     * Runs a subcommand and ends this JVM.
     *
     * @param arguments the command line
     */
    public static void main(final String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /**
     * The command line. It exits with 2 where arguments or set-up are wrong, with one message on standard error.
     *
     * @return a new one
     */
    public static CommandLine commandLine() {
        final Main main = new Main();
        return new CommandLine(main).setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler((problem, command, parsed) -> main.report(problem, command));
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Override
    public String[] getVersion() {
        final String version = Optional.ofNullable(Main.class.getPackage().getImplementationVersion()).orElse("(not packaged)");
        return new String[] {"barewire " + version, "JDK " + Runtime.version()};
    }

    /** One message for what a person can mend; anything else is a defect, whose place must be known to be mended. */
    private int report(final Exception problem, final CommandLine command) {
        final boolean expected = switch (problem) {
            case SetupException _, ProfileException _, GuestException _, IllegalArgumentException _, UncheckedIOException _ ->
                true;
            default -> false;
        };
        command.getErr().println("barewire: " + (expected ? problem.getMessage() : problem));
        if (stackTrace || !expected) {
            problem.printStackTrace(command.getErr());
        }
        return expected ? ExitCode.USAGE : ExitCode.SOFTWARE;
    }
}
