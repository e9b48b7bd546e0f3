package dev.barewire.tools.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** A machine's files in a folder. A new one is an Intel machine in order, with no card in it. */
final class MachineTree {
    private static final String PCI = "sys/bus/pci/devices/";

    private final Path root;

    MachineTree(final Path root) {
        this.root = root;
        write("proc/cpuinfo", "vendor_id\t: GenuineIntel\nflags\t\t: fpu vmx");
        write("proc/cmdline", "quiet intel_iommu=on iommu=pt");
        write("proc/self/status", "CapInh:\t0000000000000000\nCapEff:\t0000000000000000");
        memlock("unlimited");
        write("proc/sys/kernel/osrelease", "6.1.0");
        write("boot/config-6.1.0", "CONFIG_IOMMU_SUPPORT=y\nCONFIG_VFIO=m\nCONFIG_VFIO_PCI=m\nCONFIG_VFIO_IOMMU_TYPE1=m");
        write("sys/firmware/acpi/tables/DMAR", "");
        write("sys/class/iommu/dmar0/name", "");
        folder("sys/kernel/iommu_groups/0");
        folder("sys/bus/pci/drivers/vfio-pci");
        folder("sys/module/vfio_iommu_type1");
        write("dev/vfio/vfio", "");
        hugePages(64, 60);
    }

    Path root() {
        return root;
    }

    MachineTree hugePages(final int total, final int free) {
        write("sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", Integer.toString(total));
        return write("sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages", Integer.toString(free));
    }

    MachineTree memlock(final String limit) {
        return write("proc/self/limits", "Max locked memory         " + limit + "              unlimited            bytes");
    }

    /** Adds an 82540EM in an IOMMU group; a card bound to vfio-pci has its group's file. */
    MachineTree card(final String address, final String driver, final int group) {
        device(address, "0x8086", "0x100e", driver);
        link(PCI + address + "/iommu_group", "../../../../kernel/iommu_groups/" + group);
        folder("sys/kernel/iommu_groups/" + group + "/devices/" + address);
        return driver.equals("vfio-pci") ? write("dev/vfio/" + group, "") : this;
    }

    MachineTree device(final String address, final String vendor, final String device, final String driver) {
        write(PCI + address + "/vendor", vendor);
        write(PCI + address + "/device", device);
        write(PCI + address + "/class", "0x020000");
        return link(PCI + address + "/driver", "../../../../bus/pci/drivers/" + driver);
    }

    MachineTree netInterface(final String address, final String name, final String state, final int mbps) {
        write(PCI + address + "/net/" + name + "/flags", "0x1003");
        write("sys/class/net/" + name + "/speed", Integer.toString(mbps));
        return write("sys/class/net/" + name + "/operstate", state);
    }

    MachineTree defaultRoute(final String name) {
        return write("proc/net/route", "Iface\tDestination\tGateway\n" + name + "\t00000000\t0202000A\t0003");
    }

    MachineTree write(final String path, final String text) {
        return change(path, file -> Files.writeString(file, text + "\n"));
    }

    MachineTree zip(final String path, final String text) {
        return change(path, file -> {
            try (GZIPOutputStream stream = new GZIPOutputStream(Files.newOutputStream(file))) {
                stream.write(text.getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    /** Removes a file or an empty folder. */
    MachineTree remove(final String path) {
        return change(path, Files::delete);
    }

    private MachineTree folder(final String path) {
        return change(path, Files::createDirectories);
    }

    private MachineTree link(final String path, final String target) {
        return change(path, file -> Files.createSymbolicLink(file, Path.of(target)));
    }

    private interface Change {
        void on(Path file) throws IOException;
    }

    private MachineTree change(final String path, final Change change) {
        try {
            Files.createDirectories(root.resolve(path).getParent());
            change.on(root.resolve(path));
            return this;
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }
}
