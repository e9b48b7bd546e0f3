package dev.barewire.driver.vfio;

import dev.barewire.SetupException;
import dev.barewire.driver.pci.Binding;
import dev.barewire.driver.pci.PciAddress;
import dev.barewire.driver.pci.PciBus;
import dev.barewire.driver.pci.PciDevice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Whether a card can be opened through VFIO, judged by the kernel's files alone: nothing is opened and nothing changed.
 * What is missing is told in the order in which a machine is set up.
 */
public final class VfioReadiness {
    private static final String DRIVER = "vfio-pci";
    private static final String CONTAINER = "dev/vfio/vfio";
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

    /**
     * Judges by a bus and another notion of rights, as a test needs that runs as root.
     *
     * @param bus     whose files to read
     * @param mayOpen whether this process may read and write a file
     */
    public VfioReadiness(final PciBus bus, final Predicate<Path> mayOpen) {
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
        final PciDevice device = bus.require(address);
        problem(device).ifPresent(problem -> {
            throw problem;
        });
        return device;
    }

    /**
     * What keeps a card from being opened.
     *
     * @param device the card
     * @return the first thing that is missing, or nothing
     */
    public Optional<SetupException> problem(final PciDevice device) {
        return iommu(device).or(this::module).or(() -> driver(device)).or(() -> group(device)).or(this::container)
            .or(() -> rights(device));
    }

    /**
     * Whether the kernel's IOMMU guards a card.
     *
     * @param device the card
     * @return what is wrong, or nothing
     */
    public Optional<SetupException> iommu(final PciDevice device) {
        return device.iommuGroup() != PciDevice.NO_GROUP ? Optional.empty() : problem(
            device + " is in no IOMMU group, so nothing would keep it to the memory that it is given: the machine has no"
                + " IOMMU, or its firmware or its kernel has it switched off",
            "switch VT-d (Intel) or AMD-Vi (AMD) on in the firmware, and on Intel add intel_iommu=on to the kernel's"
                + " command line (GRUB_CMDLINE_LINUX in /etc/default/grub, then: sudo update-grub && sudo reboot)");
    }

    /**
     * Whether the driver that hands cards out is there.
     *
     * @return what is wrong, or nothing
     */
    public Optional<SetupException> module() {
        return Files.isDirectory(bus.file("sys/bus/pci/drivers/" + DRIVER)) ? Optional.empty() : problem(
            "the kernel's " + DRIVER + " driver is not loaded, which hands cards to processes", "sudo modprobe " + DRIVER);
    }

    /**
     * Whether that driver has the card.
     *
     * @param device the card
     * @return what is wrong, or nothing
     */
    public Optional<SetupException> driver(final PciDevice device) {
        return device.driver().equals(DRIVER) ? Optional.empty() : problem(
            Binding.describe(device) + ", not to " + DRIVER + ", which alone hands it to this process",
            Binding.command(device, DRIVER));
    }

    /**
     * Whether the kernel drives none of the others in a card's group.
     *
     * @param device the card
     * @return what is wrong, or nothing
     */
    public Optional<SetupException> group(final PciDevice device) {
        final List<PciDevice> harmful = harmful(device);
        return harmful.isEmpty() ? Optional.empty() : problem(
            "IOMMU group " + device.iommuGroup() + " of " + device.address() + " is not viable: the IOMMU cannot tell its"
                + " members apart, and the kernel still drives some: "
                + harmful.stream().map(Binding::describe).collect(Collectors.joining("; ")),
            harmful.stream().map(member -> Binding.command(member, DRIVER)).collect(Collectors.joining(" && ")));
    }

    private List<PciDevice> harmful(final PciDevice device) {
        return bus.group(device.iommuGroup()).stream().filter(member -> !member.address().equals(device.address()))
            .filter(member -> !HARMLESS.contains(member.driver())).toList();
    }

    /**
     * Whether this process may program IOMMUs.
     *
     * @return what is wrong, or nothing
     */
    public Optional<SetupException> container() {
        return Files.exists(bus.file(CONTAINER)) ? mayOpen(CONTAINER) : problem(
            "/" + CONTAINER + " does not exist, by which an IOMMU is programmed", "sudo modprobe vfio_iommu_type1");
    }

    /**
     * Whether this process may open a card's group.
     *
     * @param device the card, bound to vfio-pci
     * @return what is wrong, or nothing
     */
    public Optional<SetupException> rights(final PciDevice device) {
        final String group = "dev/vfio/" + device.iommuGroup();
        return Files.exists(bus.file(group)) ? mayOpen(group) : problem(
            "/" + group + " does not exist, though " + device.address() + " is bound to " + DRIVER
                + ": in a container, the device was not passed in",
            "run on the host, or pass in /dev/vfio (docker run --device /" + CONTAINER + " --device /" + group + ")");
    }

    private Optional<SetupException> mayOpen(final String file) {
        final String user = System.getProperty("user.name");
        return mayOpen.test(bus.file(file)) ? Optional.empty()
            : problem("user " + user + " may not read and write /" + file, "sudo chown " + user + " /" + file);
    }

    private static Optional<SetupException> problem(final String found, final String mend) {
        return Optional.of(new SetupException(found, mend));
    }
}
