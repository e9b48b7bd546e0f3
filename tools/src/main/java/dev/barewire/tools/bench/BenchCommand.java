package dev.barewire.tools.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The benchmarks that need nothing but this program and what it sets up. */
@Command(name = "bench", mixinStandardHelpOptions = true, description = "Measure.",
    subcommands = TransportsCommand.class)
public final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    /** Made by the command line's parser. */
    public BenchCommand() {
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
