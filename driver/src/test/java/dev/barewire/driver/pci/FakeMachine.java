package dev.barewire.driver.pci;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A tree of files as a kernel shows its PCI functions by, to be grown step by step. */
public final class FakeMachine {
    private final Path root;

    public FakeMachine(final Path root) {
        this.root = root;
        folder("sys/bus/pci/devices");
        folder("sys/bus/pci/drivers");
        folder("sys/kernel/iommu_groups");
    }

    public PciBus bus() {
        return new PciBus(root);
    }

    /** An 82540EM as QEMU shows it. */
    public FakeMachine card(final String address) {
        return device(address, "0x8086", "0x100e", "0x020000");
    }

    public FakeMachine device(final String address, final String vendor, final String device, final String classCode) {
        final String folder = "sys/bus/pci/devices/" + address;
        write(folder + "/vendor", vendor);
        write(folder + "/device", device);
        write(folder + "/class", classCode);
        return write(folder + "/resource", """
            0x00000000feb80000 0x00000000feb9ffff 0x0000000000040200
            0x000000000000c000 0x000000000000c03f 0x0000000000040101
            0x0000000000000000 0x0000000000000000 0x0000000000000000
            0x0000000000000000 0x0000000000000000 0x0000000000000000
            0x0000000000000000 0x0000000000000000 0x0000000000000000
            0x0000000000000000 0x0000000000000000 0x0000000000000000
            0x00000000feb40000 0x00000000feb7ffff 0x0000000000046200""");
    }

    public FakeMachine driver(final String address, final String driver) {
        folder("sys/bus/pci/drivers/" + driver);
        return link("sys/bus/pci/devices/" + address + "/driver", "../../../bus/pci/drivers/" + driver);
    }

    public FakeMachine group(final String address, final int number) {
        folder("sys/kernel/iommu_groups/" + number + "/devices/" + address);
        return link("sys/bus/pci/devices/" + address + "/iommu_group", "../../../kernel/iommu_groups/" + number);
    }

    public FakeMachine netInterface(final String address, final String name, final String flags) {
        return write("sys/bus/pci/devices/" + address + "/net/" + name + "/flags", flags);
    }

    public FakeMachine defaultRoute(final String name) {
        return write("proc/net/route", """
            Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask
            %s	00000000	0202000A	0003	0	0	0	00000000
            %s	0002000A	00000000	0001	0	0	0	00FFFFFF""".formatted(name, name));
    }

    public FakeMachine folder(final String path) {
        try {
            Files.createDirectories(root.resolve(path));
            return this;
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    public FakeMachine write(final String path, final String text) {
        try {
            folder(root.relativize(root.resolve(path).getParent()).toString());
            Files.writeString(root.resolve(path), text + "\n");
            return this;
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    private FakeMachine link(final String path, final String target) {
        try {
            Files.createSymbolicLink(root.resolve(path), Path.of(target));
            return this;
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }
}
