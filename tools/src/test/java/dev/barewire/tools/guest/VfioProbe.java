package dev.barewire.tools.guest;

import dev.barewire.dma.DmaAccess;
import dev.barewire.dma.DmaDomain;
import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.Region;
import dev.barewire.dma.posix.Libc;
import dev.barewire.dma.posix.Posix;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.Devices;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.access.Registers;
import dev.barewire.driver.pci.PciConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What {@link VfioIT} runs in the guest: each act prints what it saw, a line each, for the test to judge. */
final class VfioProbe {
    // Registers of the 8254x (PCI/PCI-X Family of Gigabit Ethernet Controllers SDM, section 13.4).
    private static final int STATUS = 0x08;
    private static final int ICR = 0xC0;
    private static final int ICS = 0xC8;
    private static final int IMS = 0xD0;
    private static final int IMC = 0xD8;
    private static final int LINK_STATUS_CHANGE = 1 << 2;
    private static final int ROUNDS = 100;
    private static final int WARM = 200_000;
    // Of the 82574 (datasheet section 10.2.4): RxQ0, RxQ1, TxQ0 and TxQ1 are bits 20 to 23, other causes bit 24.
    private static final int IVAR = 0xE4;
    private static final int FIRST_QUEUE_CAUSE = 1 << 20;
    /** Five fields of 4 bits, each valid (8) with the number of its vector. */
    private static final int IVAR_APART = 0xCBA98;

    private VfioProbe() {
    }

    public static void main(final String[] args) throws IOException {
        switch (args[0]) {
            case "registers" -> registers(args[1]);
            case "interrupts" -> interrupts(args[1]);
            case "fault" -> fault(args[1]);
            case "messages" -> messages(args[1]);
            case "memory" -> memory(args[1], args[2]);
            case "allocate" -> attempt(() -> {
                try (DeviceAccess card = Devices.open(args[1])) {
                    card.domain().allocate(MemoryKind.ANONYMOUS, Long.parseLong(args[2]));
                }
            });
            case "open" -> attempt(() -> Devices.open(args[1]).close());
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void attempt(final Runnable act) throws IOException {
        final long before = openFiles();
        try {
            act.run();
            System.out.println("done");
        } catch (final RuntimeException refused) {
            System.out.println(refused.getClass().getSimpleName() + ": " + refused.getMessage());
        }
        System.out.println("files left open: " + (openFiles() - before));
    }

    private static void registers(final String name) throws IOException {
        for (int round = 0; round < 2; round++) {
            final DeviceAccess card = Devices.open(name);
            card.facts().forEach((fact, value) -> System.out.println(fact + ": " + value));
            start(card);
            System.out.printf("command: 0x%x%n", card.config().read(PciConfig.COMMAND, 2) & 0x6);
            System.out.printf("ids: %04x:%04x%n", card.config().read(PciConfig.VENDOR_ID, 2),
                card.config().read(PciConfig.DEVICE_ID, 2));
            final Registers bar = card.bar(0);
            System.out.printf("bar 0: %d bytes, status & 1: %d%n", bar.size(), bar.read(STATUS) & 1);
            // The window of I/O ports cannot be mapped, so this goes by pread; QEMU keeps no register behind it.
            System.out.println("bar 1: " + card.bar(1).size() + " bytes, reads " + card.bar(1).read(0));
            attempt(() -> Devices.open(name).close());
            System.out.println("reset: " + card.reset());
            card.close();
            card.close();
            attempt(() -> bar.read(STATUS));
            final byte[] config = Files.readAllBytes(
                Path.of("/sys/bus/pci/devices", name.substring(name.indexOf(':') + 1), "config"));
            System.out.println("bus master after close: " + (config[PciConfig.COMMAND] & PciConfig.COMMAND_BUS_MASTER));
        }
        System.out.println("vfio files open: " + openFiles());
    }

    private static void interrupts(final String name) {
        try (DeviceAccess card = Devices.open(name)) {
            start(card);
            final Registers bar = card.bar(0);
            final InterruptSource interrupts = card.interrupts();
            System.out.println(interrupts.kind() + " vectors: " + interrupts.vectors());
            bar.write(IMC, -1);
            bar.read(ICR);
            interrupts.rearm(0);
            System.out.println("quiet: " + !interrupts.await(0, 50));
            bar.write(IMS, LINK_STATUS_CHANGE);
            int fired = 0;
            int quiet = 0;
            for (int round = 0; round < ROUNDS; round++) {
                bar.write(ICS, LINK_STATUS_CHANGE);
                fired += interrupts.await(0, 2000) ? 1 : 0;
                bar.read(ICR);
                interrupts.rearm(0);
                quiet += interrupts.await(0, 0) ? 0 : 1;
            }
            System.out.println("fired: " + fired + ", quiet behind it: " + quiet);
            // One that comes while nobody waits, and again while the line is masked.
            bar.write(ICS, LINK_STATUS_CHANGE);
            System.out.println("kept: " + interrupts.await(0, 2000));
            System.out.println("masked: " + !interrupts.await(0, 50));
            interrupts.rearm(0);
            System.out.println("still raised: " + interrupts.await(0, 2000));
            interrupts.wake(0);
            System.out.println("woken: " + interrupts.await(0, 2000));
            bar.write(IMC, -1);
        }
    }

    /** Fires each cause of an 82574 at a vector of its own, where it has several. */
    private static void messages(final String name) {
        for (final String option : new String[] {"", "?interrupts=msi", "?interrupts=intx", "?interrupts=none"}) {
            try (DeviceAccess card = Devices.open(name + option)) {
                start(card);
                final Registers bar = card.bar(0);
                final InterruptSource interrupts = card.interrupts();
                bar.write(IMC, -1);
                bar.write(ICR, -1);
                bar.write(IVAR, IVAR_APART);
                final StringBuilder fired = new StringBuilder();
                for (int vector = 0; vector < interrupts.vectors(); vector++) {
                    final int cause = FIRST_QUEUE_CAUSE << vector;
                    bar.write(IMS, cause);
                    bar.write(ICS, cause);
                    fired.append(' ').append(interrupts.await(vector, 2000));
                    bar.write(IMC, -1);
                    bar.write(ICR, -1);
                    interrupts.rearm(vector);
                }
                System.out.println(interrupts.kind() + ":" + fired);
            }
        }
    }

    /** Reads registers of a card that does not answer: the kernel sends SIGBUS, first to slow, then to compiled code. */
    private static void fault(final String name) {
        try (DeviceAccess card = Devices.open(name)) {
            start(card);
            final Registers bar = card.bar(0);
            for (int round = 0; round < 2; round++) {
                final int command = card.config().read(PciConfig.COMMAND, 2);
                card.config().write(PciConfig.COMMAND, 2, command & ~PciConfig.COMMAND_MEMORY);
                System.out.println("read 0x" + Integer.toHexString(status(bar)));
                card.config().write(PciConfig.COMMAND, 2, command);
                int links = 0;
                for (int i = 0; i < WARM; i++) {
                    links += status(bar) & 1;
                }
                System.out.println("answers: " + links);
            }
        }
    }

    private static int status(final Registers bar) {
        return bar.read(STATUS);
    }

    private static void memory(final String first, final String second) throws IOException {
        final DeviceAccess two = Devices.open(second);
        try (DeviceAccess one = Devices.open(first)) {
            final DmaDomain domain = one.domain();
            System.out.println("shared domain: " + (domain == two.domain()));
            long lowest = Long.MAX_VALUE;
            for (final MemoryKind kind : MemoryKind.values()) {
                final Region region = domain.allocate(kind, 4 << 20);
                region.memory().putLong(0, 1);
                lowest = Math.min(lowest, region.iova(0, 1));
                System.out.println(kind + " -> " + region.kind() + ", " + region.size() + " bytes" + region.note());
            }
            System.out.printf("lowest: 0x%x%n", lowest);
            two.close();
            System.out.println("after one left: " + domain.allocate(MemoryKind.ANONYMOUS, 4096).isOpen());
            // A file of the host's file system, which the kernel pins for reading only.
            final Path file = Path.of(System.getProperty("java.home"), "lib/modules");
            final int fd = Posix.open(file.toString(), Posix.O_RDONLY);
            try (MappedMemory pages = MappedMemory.map("file", 4096, Libc.PROT_READ, Libc.MAP_SHARED, fd, 0)) {
                attempt(() -> domain.map(pages, MemoryKind.MEMFD, DmaAccess.READ).close());
                attempt(() -> domain.map(pages, MemoryKind.MEMFD, DmaAccess.READ_WRITE));
            } finally {
                Posix.close(fd);
            }
        }
        System.out.println("vfio files open: " + openFiles());
    }

    private static void start(final DeviceAccess card) {
        card.config().write(PciConfig.COMMAND, 2, card.config().read(PciConfig.COMMAND, 2)
            | PciConfig.COMMAND_MEMORY | PciConfig.COMMAND_BUS_MASTER);
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.filter(VfioProbe::isOfVfio).count();
        }
    }

    private static boolean isOfVfio(final Path link) {
        try {
            final String target = Files.readSymbolicLink(link).toString();
            return target.contains("vfio") || target.contains("eventfd") || target.contains("eventpoll");
        } catch (final IOException closed) {
            return false;
        }
    }
}
