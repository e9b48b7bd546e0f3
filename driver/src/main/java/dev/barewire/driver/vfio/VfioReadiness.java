package dev.barewire.driver.vfio;

import dev.barewire.SetupException;
import dev.barewire.driver.pci.PciAddress;
import dev.barewire.driver.pci.PciBus;
import dev.barewire.driver.pci.PciDevice;
import dev.barewire.driver.pci.PciDevice.NetInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Whether a card can be opened through VFIO, judged by the kernel's files alone: nothing is opened and nothing changed.
 * The first thing that is missing is told, in the order in which a machine is set up.
 */
public final class VfioReadiness {
    private static final String DRIVER = "vfio-pci";
    /** Drivers that leave a group viable (vfio.txt of the kernel's documentation): they do no DMA of their own. */
    private static final Set<String> HARMLESS = Set.of("", DRIVER, "pci-stub", "pcieport");

    private final PciBus bus;
    private final Predicate<Path> mayOpen;

    /**
     * Judges by a bus.
     *
     * @param bus whose files to read
     */
    public VfioReadiness(final PciBus bus) {
        this(bus, file -> Files.isReadable(file) && Files.isWritable(file));
    }

    VfioReadiness(final PciBus bus, final Predicate<Path> mayOpen) {
        this.bus = bus;
        this.mayOpen = mayOpen;
    }

    /**
     * Checks a card.
     *
     * @param address where it is
     * @return what is known of it
     * @throws SetupException with what is missing, why it matters and the command that mends it
     */
    public PciDevice check(final PciAddress address) {
        final PciDevice device = bus.find(address).orElseThrow(() -> absent(address));
        checkIommu(device);
        checkModule();
        checkDriver(device);
        checkGroup(device);
        checkRights(device);
        return device;
    }

    private SetupException absent(final PciAddress address) {
        final List<PciDevice> cards = bus.devices().stream().filter(PciDevice::isNetworkCard).toList();
        return new SetupException("there is no PCI device at " + address, cards.isEmpty()
            ? "this machine shows no network card at all; see: lspci -D"
            : "name one of the network cards of this machine: " + cards.stream().map(PciDevice::toString)
                .collect(Collectors.joining(", ")));
    }

    private void checkIommu(final PciDevice device) {
        if (device.iommuGroup() == PciDevice.NO_GROUP) {
            throw new SetupException(device + " is in no IOMMU group, so nothing would keep it to the memory that it is"
                + " given: the machine has no IOMMU, or its firmware or its kernel has it switched off",
                "switch VT-d (Intel) or AMD-Vi (AMD) on in the firmware, and on Intel add intel_iommu=on to the kernel's"
                    + " command line (GRUB_CMDLINE_LINUX in /etc/default/grub, then: sudo update-grub && sudo reboot)");
        }
    }

    private void checkModule() {
        if (!Files.isDirectory(bus.file("sys/bus/pci/drivers/" + DRIVER))) {
            throw new SetupException("the kernel's " + DRIVER + " driver is not loaded, which hands cards to processes",
                "sudo modprobe " + DRIVER);
        }
    }

    private void checkDriver(final PciDevice device) {
        if (!device.driver().equals(DRIVER)) {
            throw new SetupException(describe(device) + ", not to " + DRIVER + ", which alone hands it to this process",
                bindCommand(device));
        }
    }

    private static String describe(final PciDevice device) {
        final String bound = device.driver().isEmpty() ? " is bound to no driver" : " is bound to " + device.driver();
        final String names = device.interfaces().stream()
            .map(net -> " as " + net.name() + (net.up() ? ", which is up" : ", which is down"))
            .collect(Collectors.joining());
        final String route = device.carriesDefaultRoute()
            ? " and carries the default route of this machine, whose network would be gone" : "";
        return device.address() + bound + names + route;
    }

    /** The commands that bind it: its interface taken down, its driver taken off, the new driver named and probed. */
    private static String bindCommand(final PciDevice device) {
        final StringBuilder script = new StringBuilder("sudo sh -c '");
        device.interfaces().stream().filter(NetInterface::up)
            .forEach(net -> script.append("ip link set ").append(net.name()).append(" down; "));
        final String folder = "/sys/bus/pci/devices/" + device.address();
        script.append("echo " + DRIVER + " > ").append(folder).append("/driver_override; ");
        if (!device.driver().isEmpty()) {
            script.append("echo ").append(device.address()).append(" > ").append(folder).append("/driver/unbind; ");
        }
        return script.append("echo ").append(device.address()).append(" > /sys/bus/pci/drivers_probe'").toString();
    }

    private void checkGroup(final PciDevice device) {
        final List<PciDevice> harmful = bus.group(device.iommuGroup()).stream()
            .filter(member -> !HARMLESS.contains(member.driver())).toList();
        if (!harmful.isEmpty()) {
            throw new SetupException("IOMMU group " + device.iommuGroup() + " of " + device.address()
                + " is not viable: the IOMMU cannot tell its members apart, and the kernel still drives some: "
                + harmful.stream().map(VfioReadiness::describe).collect(Collectors.joining("; ")),
                harmful.stream().map(VfioReadiness::bindCommand).collect(Collectors.joining(" && ")));
        }
    }

    private void checkRights(final PciDevice device) {
        final String group = "dev/vfio/" + device.iommuGroup();
        if (!Files.exists(bus.file("dev/vfio/vfio"))) {
            throw new SetupException("/dev/vfio/vfio does not exist, by which an IOMMU is programmed",
                "sudo modprobe vfio_iommu_type1");
        }
        if (!Files.exists(bus.file(group))) {
            throw new SetupException("/" + group + " does not exist, though " + device.address() + " is bound to " + DRIVER
                + ": in a container, the device was not passed in", "run on the host, or pass in /dev/vfio (docker run"
                    + " --device /dev/vfio/vfio --device /" + group + ")");
        }
        for (final String file : List.of("dev/vfio/vfio", group)) {
            if (!mayOpen.test(bus.file(file))) {
                final String user = System.getProperty("user.name");
                throw new SetupException("user " + user + " may not read and write /" + file, "sudo chown " + user + " /"
                    + file);
            }
        }
    }
}
