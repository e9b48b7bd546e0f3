package dev.barewire.tools.cli;

import dev.barewire.driver.pci.PciAddress;
import dev.barewire.driver.pci.PciDevice;
import dev.barewire.driver.uio.UioReadiness;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Binds a card to a driver that hands it to a process. */
@Command(name = "bind", mixinStandardHelpOptions = true,
    description = {"Take a card from the kernel for this driver; barewire unbind gives it back.",
        "A card that carries the default route of this machine is refused."})
public final class BindCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "ADDRESS", description = "where the card is: 0000:03:00.0")
    private String address;

    @Option(names = "--driver", paramLabel = "NAME", defaultValue = "vfio-pci",
        description = "vfio-pci (the default) or uio_pci_generic, which needs root and guards nothing")
    private String driver;

    @Option(names = "--force", description = "also if the machine's default route leaves by it, or its group is shared")
    private boolean force;

    @Option(names = "--root", paramLabel = "FOLDER", defaultValue = "/", description = "where sys, proc, dev and run are")
    private Path root;

    /** Made by the command line's parser. */
    public BindCommand() {
    }

    @Override
    public void run() {
        final Machine machine = Machine.below(root);
        final PciDevice before = new Binder(machine).bind(PciAddress.parse(address), driver, force);
        final PrintWriter out = spec.commandLine().getOut();
        out.println(before.driver().equals(driver) ? before.address() + " is bound to " + driver + " already"
            : before.address() + " is bound to " + driver + " now"
                + (before.driver().isEmpty() ? "" : "; it was " + before.driver() + "'s"));
        advice(machine, before).forEach(out::println);
    }

    private List<String> advice(final Machine machine, final PciDevice device) {
        if (driver.equals(UioReadiness.DRIVER)) {
            return List.of("Mind: " + UioReadiness.WARNING + ".", "Open it as root: uio:" + device.address());
        } else if (!driver.equals("vfio-pci")) {
            return List.of();
        }
        final String user = Optional.ofNullable(System.getenv("SUDO_USER")).orElse("USER");
        final String others = machine.bus().group(device.iommuGroup()).stream()
            .filter(member -> !member.address().equals(device.address())).map(PciDevice::toString)
            .collect(Collectors.joining(", "));
        return List.of("IOMMU group " + device.iommuGroup() + ": " + (others.isEmpty() ? "alone in it" : "with " + others),
            "For an ordinary user: sudo chown " + user + " /dev/vfio/" + device.iommuGroup()
                + ", and in that user's shell: ulimit -l unlimited", "Open it: vfio:" + device.address());
    }
}
