package dev.barewire.tools.guest;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Gets what the guest lab needs. */
@Command(name = "setup", mixinStandardHelpOptions = true,
        description = {"Get what the guest lab needs: QEMU, busybox, a kernel.",
            "QEMU is installed; a static busybox and a kernel are fetched into the cache."})
public final class SetupCommand implements Runnable {
    @Option(names = "--tests", description = "what the tests need, too: tshark")
    private boolean tests;

    /** Made by the command line's parser. */
    public SetupCommand() {
    }

    @Override
    public void run() {
        if (tests) {
            Prerequisites.ensureForTests(System.err::println);
        } else {
            Prerequisites.ensure(System.err::println);
        }
    }
}
