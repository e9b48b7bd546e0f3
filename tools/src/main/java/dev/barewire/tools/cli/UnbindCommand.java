package dev.barewire.tools.cli;

import dev.barewire.driver.pci.PciAddress;
import dev.barewire.driver.pci.PciDevice;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Gives a card back to the driver that it had. */
@Command(name = "unbind", mixinStandardHelpOptions = true,
    description = {"Give a card back to the driver that it had before barewire bind,", "or to the one that the kernel chooses."})
public final class UnbindCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "ADDRESS", description = "where the card is: 0000:03:00.0")
    private String address;

    @Option(names = "--root", paramLabel = "FOLDER", defaultValue = "/", description = "where sys, proc, dev and run are")
    private Path root;

    /** Made by the command line's parser. */
    public UnbindCommand() {
    }

    @Override
    public void run() {
        final PciDevice now = new Binder(Machine.below(root)).unbind(PciAddress.parse(address));
        spec.commandLine().getOut().println(now.address() + (now.driver().isEmpty() ? " is bound to no driver now"
            : " is bound to " + now.driver() + " now"));
    }
}
