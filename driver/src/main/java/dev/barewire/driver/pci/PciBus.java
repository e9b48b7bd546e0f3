package dev.barewire.driver.pci;

import dev.barewire.SetupException;
import dev.barewire.driver.pci.PciDevice.NetInterface;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the kernel's files tell of the machine's PCI functions. It only reads. */
public final class PciBus {
    private static final int BARS = 6;
    private static final int IFF_UP = 1;
    /** Names the link to an interface that stands on another: a bridge, a bond, a VLAN. */
    private static final String UPPER = "upper_";
    private static final String DEFAULT_DESTINATION = "00000000";

    private final Path root;

    /**
     * Reads below a root.
     *
     * @param root where {@code sys}, {@code proc} and {@code dev} are: {@code /}, or a tree that stands for it in a test
     */
    public PciBus(final Path root) {
        this.root = root;
    }

    /**
     * This machine's.
     *
     * @return the bus below {@code /}
     */
    public static PciBus host() {
        return new PciBus(Path.of("/"));
    }

    /**
     * A file below the root.
     *
     * @param path such as {@code dev/vfio/vfio}
     * @return where it is
     */
    public Path file(final String path) {
        return root.resolve(path);
    }

    /**
     * Every function.
     *
     * @return in the order of their addresses
     */
    public List<PciDevice> devices() {
        return names(file("sys/bus/pci/devices")).stream().map(this::read).toList();
    }

    /**
     * One function.
     *
     * @param address where it is
     * @return the function, or empty if there is none
     */
    public Optional<PciDevice> find(final PciAddress address) {
        return Files.isDirectory(folder(address.toString())) ? Optional.of(read(address.toString())) : Optional.empty();
    }

    /**
     * One function that must be there.
     *
     * @param address where it is
     * @return the function
     * @throws SetupException that names the network cards that there are, if it is none of the bus
     */
    public PciDevice require(final PciAddress address) {
        return find(address).orElseThrow(() -> {
            final List<PciDevice> cards = devices().stream().filter(PciDevice::isNetworkCard).toList();
            return new SetupException("there is no PCI device at " + address, cards.isEmpty()
                ? "this machine shows no network card at all; see: lspci -D"
                : "name one of the network cards of this machine: " + cards.stream().map(PciDevice::toString)
                    .collect(Collectors.joining(", ")));
        });
    }

    /**
     * The functions that the IOMMU cannot tell apart.
     *
     * @param number the group
     * @return its members on the PCI bus
     */
    public List<PciDevice> group(final int number) {
        return names(file("sys/kernel/iommu_groups/" + number + "/devices")).stream()
            .filter(name -> Files.isDirectory(folder(name))).map(this::read).toList();
    }

    private Path folder(final String address) {
        return file("sys/bus/pci/devices/" + address);
    }

    private PciDevice read(final String address) {
        final Path folder = folder(address);
        final String group = linkTarget(folder.resolve("iommu_group"));
        return new PciDevice(PciAddress.parse(address), number(folder, "vendor"), number(folder, "device"),
            number(folder, "class"), linkTarget(folder.resolve("driver")),
            group.isEmpty() ? PciDevice.NO_GROUP : Integer.parseInt(group), interfaces(folder), resources(folder));
    }

    private List<NetInterface> interfaces(final Path folder) {
        // A virtio card's interface hangs one level lower, below its virtio device.
        final List<Path> parents = new ArrayList<>(List.of(folder));
        names(folder).stream().filter(name -> name.startsWith("virtio")).map(folder::resolve).forEach(parents::add);
        final List<NetInterface> found = new ArrayList<>();
        for (final Path parent : parents) {
            for (final String name : names(parent.resolve("net"))) {
                final boolean up = (number(parent.resolve("net").resolve(name), "flags") & IFF_UP) != 0;
                found.add(new NetInterface(name, up, hasDefaultRoute(name)));
            }
        }
        return found;
    }

    private boolean hasDefaultRoute(final String name) {
        return hasIpv4DefaultRoute(name) || hasIpv6DefaultRoute(name)
            || names(file("sys/class/net/" + name)).stream().filter(entry -> entry.startsWith(UPPER))
                .anyMatch(entry -> hasDefaultRoute(entry.substring(UPPER.length())));
    }

    /** Looks into /proc/net/route: interface, destination, gateway, ... */
    private boolean hasIpv4DefaultRoute(final String name) {
        return lines(file("proc/net/route")).stream().map(line -> line.split("\\s+"))
            .anyMatch(parts -> parts.length > 1 && parts[0].equals(name) && parts[1].equals(DEFAULT_DESTINATION));
    }

    /** Looks into /proc/net/ipv6_route: destination, its prefix length, ..., interface. */
    private boolean hasIpv6DefaultRoute(final String name) {
        return lines(file("proc/net/ipv6_route")).stream().map(line -> line.strip().split("\\s+"))
            .anyMatch(parts -> parts[parts.length - 1].equals(name) && parts[0].matches("0+") && parts[1].equals("00"));
    }

    /** Looks into {@code resource}: a line of first address, last address and flags for each BAR. */
    private static List<Long> resources(final Path folder) {
        return lines(folder.resolve("resource")).stream().limit(BARS).map(line -> {
            final String[] parts = line.split("\\s+");
            final long first = Long.decode(parts[0]);
            final long last = Long.decode(parts[1]);
            return last == 0 ? 0 : last - first + 1;
        }).toList();
    }

    private static int number(final Path folder, final String name) {
        final List<String> lines = lines(folder.resolve(name));
        return lines.isEmpty() ? 0 : Integer.decode(lines.getFirst().strip());
    }

    private static String linkTarget(final Path link) {
        try {
            return Files.readSymbolicLink(link).getFileName().toString();
        } catch (final NoSuchFileException | NotLinkException none) {
            return "";
        } catch (final IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static List<String> lines(final Path file) {
        try {
            return Files.readAllLines(file);
        } catch (final NoSuchFileException none) {
            return List.of();
        } catch (final IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The names in a folder, in order; none if it does not exist. */
    private static List<String> names(final Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (final NoSuchFileException | NotDirectoryException none) {
            return List.of();
        } catch (final IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
