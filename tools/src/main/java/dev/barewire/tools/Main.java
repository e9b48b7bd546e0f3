package dev.barewire.tools;

import dev.barewire.tools.guest.GuestCommand;
import dev.barewire.tools.guest.SetupCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line's root. */
@Command(name = "barewire", mixinStandardHelpOptions = true, version = "barewire 0.1.0-SNAPSHOT",
        description = "A user-space NIC driver in Java.",
        subcommands = {GuestCommand.class, SetupCommand.class})
public final class Main {
    private Main() {
    }

    /**
     * Runs a subcommand. Set-up problems are shown as one message without a stack trace.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        CommandLine commandLine = new CommandLine(new Main());
        commandLine.setExecutionExceptionHandler((problem, command, parsed) -> {
            command.getErr().println("barewire: " + problem.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        });
        System.exit(commandLine.execute(arguments));
    }
}
