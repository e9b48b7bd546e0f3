package dev.barewire.driver.uio;

import dev.barewire.SetupException;
import dev.barewire.driver.pci.Binding;
import dev.barewire.driver.pci.PciAddress;
import dev.barewire.driver.pci.PciBus;
import dev.barewire.driver.pci.PciDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Whether a card can be opened through UIO, judged by the kernel's files alone: nothing is opened and nothing changed.
 * What is missing is told in the order in which a machine is set up.
 */
public final class UioReadiness {
    /** The driver that hands a card out. */
    public static final String DRIVER = "uio_pci_generic";
    /** What has to be known of every card that is reached this way. */
    public static final String WARNING = "no IOMMU guards memory from this card: it, and whoever makes it or its driver err,"
        + " can read and write all memory of the machine";

    private static final String FREE_PAGES = "sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages";
    /** What a card with default settings takes: 8 MiB of receive buffers, and a page for each smaller pool and the rings. */
    private static final int PAGES = 16;
    /** Whoever lacks it reads zeros from the page map (capabilities(7): CAP_SYS_ADMIN is number 21). */
    private static final long CAP_SYS_ADMIN = 1L << 21;

    private final PciBus bus;
    private final Predicate<Path> mayOpen;

    /**
     * Judges by a bus.
     *
     * @param bus whose files to read
     */
    public UioReadiness(final PciBus bus) {
        this(bus, file -> Files.isReadable(file) && Files.isWritable(file));
    }

    /**
     * Judges by a bus and another notion of rights, as a test needs that runs as root.
     *
     * @param bus     whose files to read
     * @param mayOpen whether this process may read and write a file
     */
    public UioReadiness(final PciBus bus, final Predicate<Path> mayOpen) {
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
        return translation(device).or(this::module).or(() -> driver(device)).or(() -> rights(device)).or(this::hugePages);
    }

    /**
     * Whether physical addresses are what the card's bus wants.
     *
     * @param device the card
     * @return what is wrong, or nothing
     */
    public Optional<SetupException> translation(final PciDevice device) {
        // A group without translation passes addresses on as they are; kernels before 5.11 have no such file.
        return device.iommuGroup() == PciDevice.NO_GROUP
            || text("sys/kernel/iommu_groups/" + device.iommuGroup() + "/type").equals("identity") ? Optional.empty() : problem(
            device + " is behind an IOMMU that translates what it asks for (group " + device.iommuGroup()
                + "), so the physical addresses that UIO gives a card would fault",
            "open it as vfio:" + device.address() + ", which the IOMMU makes safe; when it is bound to vfio-pci: "
                + Binding.command(device, "vfio-pci"));
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
        if (!device.driver().equals(DRIVER)) {
            return problem(Binding.describe(device) + ", not to " + DRIVER + ", which hands it to this process",
                Binding.command(device, DRIVER));
        }
        return number(device).isPresent() ? Optional.empty() : problem(
            device + " has no UIO device, though it is bound", "see what the kernel says of it: sudo dmesg | grep -e uio -e "
                + device.address());
    }

    /** The number of a card's {@code /dev/uioN}. */
    Optional<Integer> number(final PciDevice device) {
        try (Stream<Path> names = Files.list(bus.file(folder(device) + "/uio"))) {
            return names.map(name -> name.getFileName().toString()).filter(name -> name.matches("uio\\d{1,6}"))
                .map(name -> Integer.parseInt(name.substring("uio".length()))).findFirst();
        } catch (final IOException none) {
            return Optional.empty();
        }
    }

    static String folder(final PciDevice device) {
        return "sys/bus/pci/devices/" + device.address();
    }

    /**
     * Whether this process may open the card and learn physical addresses, which root alone may.
     *
     * @param device the card, bound to uio_pci_generic
     * @return what is wrong, or nothing
     */
    public Optional<SetupException> rights(final PciDevice device) {
        final List<String> files = List.of("dev/uio" + number(device).orElse(0), folder(device) + "/config");
        for (final String file : files) {
            if (!mayOpen.test(bus.file(file))) {
                return problem("user " + System.getProperty("user.name") + " may not read and write /" + file
                    + ", by which UIO reaches a card", "run as root; or use VFIO, which gives an ordinary user a card safely");
            }
        }
        final long rights = text("proc/self/status").lines().filter(line -> line.startsWith("CapEff:"))
            .map(line -> HexFormat.fromHexDigitsToLong(line.substring("CapEff:".length()).strip())).findFirst().orElse(0L);
        return (rights & CAP_SYS_ADMIN) != 0 ? Optional.empty() : problem(
            "the kernel hides physical addresses in /proc/self/pagemap from this process, and UIO gives a card nothing else",
            "run as root, in a container with --cap-add SYS_ADMIN; or use VFIO");
    }

    /**
     * Whether there is memory for a card.
     *
     * @return what is wrong, or nothing
     */
    public Optional<SetupException> hugePages() {
        return text(FREE_PAGES).matches("[1-9]\\d*") ? Optional.empty() : problem(
            "no huge page of 2 MiB is free, and a card without an IOMMU needs memory that the kernel does not move",
            reserve(PAGES));
    }

    /** The command that sets huge pages aside. */
    static String reserve(final int pages) {
        return "sudo sysctl vm.nr_hugepages=$(($(cat /proc/sys/vm/nr_hugepages) + " + pages + ")); where memory is in pieces"
            + " by now, boot with hugepages=" + pages + " on the kernel's command line";
    }

    private String text(final String file) {
        try {
            return Files.readString(bus.file(file)).strip();
        } catch (final IOException none) {
            return "";
        }
    }

    private static Optional<SetupException> problem(final String found, final String mend) {
        return Optional.of(new SetupException(found, mend));
    }
}
