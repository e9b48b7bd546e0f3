package dev.barewire.tools.cli;

import dev.barewire.driver.access.JvmFlags;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a machine needs before any card can be driven, in the order in which one sets it up. */
final class MachineChecks {
    private static final List<String> KERNEL_OPTIONS =
        List.of("CONFIG_IOMMU_SUPPORT", "CONFIG_VFIO", "CONFIG_VFIO_PCI", "CONFIG_VFIO_IOMMU_TYPE1");
    private static final String ARCHITECTURE = "architecture";
    private static final String JVM = "JVM";
    /** What every way to a card needs; the rest is VFIO's. */
    static final Set<String> EVERY_WAY = Set.of(ARCHITECTURE, JVM);
    private static final String HUGE_PAGES = "sys/kernel/mm/hugepages/hugepages-2048kB/";
    private static final String MEMLOCK = "memlock limit";
    /** Exempts from the limit (capabilities(7): CAP_IPC_LOCK is number 14). */
    private static final long CAP_IPC_LOCK = 1L << 14;
    /** Bytes that the buffers and rings of one card with the default settings stay below. */
    private static final long DEFAULTS_OF_A_CARD = 16 << 20;
    private static final int PAGES_OF_A_CARD = (int) (DEFAULTS_OF_A_CARD >> 21);

    private final Machine machine;

    MachineChecks(final Machine machine) {
        this.machine = machine;
    }

    List<Finding> findings() {
        return List.of(architecture(), jvm(), new IommuCheck(machine).check(), kernel(), modules(), container(), memlock(),
            hugePages());
    }

    private Finding architecture() {
        return switch (machine.architecture()) {
            case "amd64", "x86_64" -> Finding.ok(ARCHITECTURE, "x86-64");
            case "aarch64" -> Finding.warn(ARCHITECTURE, "aarch64 is experimental: Java's fences may be too weak for device"
                + " memory on some machines", "use x86-64 where it matters");
            default -> Finding.missing(ARCHITECTURE, machine.architecture() + " is not supported",
                "use x86-64; aarch64 is experimental");
        };
    }

    private static Finding jvm() {
        final String version = "JDK " + Runtime.version();
        final List<String> missing = JvmFlags.missing();
        if (!missing.isEmpty()) {
            return Finding.missing(JVM, version + ", started without " + String.join(" ", missing),
                "start it by ./barewire, or: java " + String.join(" ", missing) + " ...");
        }
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent() ? Finding.ok(JVM, version + ", all flags")
            : Finding.warn(JVM, version + ", started without the vector module, by which checksums are faster",
                "java --add-modules jdk.incubator.vector ...");
    }

    private Finding kernel() {
        final Optional<String> config = machine.unzipped("proc/config.gz")
            .or(() -> machine.text("proc/sys/kernel/osrelease").flatMap(release -> machine.text("boot/config-" + release)));
        if (config.isEmpty()) {
            return Finding.unknown("kernel config", "neither /proc/config.gz nor /boot/config-* can be read", "");
        }
        final List<String> missing = KERNEL_OPTIONS.stream()
            .filter(option -> config.get().lines().noneMatch(line -> line.matches(option + "=[ym]"))).toList();
        return missing.isEmpty() ? Finding.ok("kernel config", "VFIO is built in or a module")
            : Finding.missing("kernel config", "this kernel was built without " + String.join(", ", missing),
                "boot a kernel that has them, such as Debian's: sudo apt-get install linux-image-amd64");
    }

    private Finding modules() {
        final String missing = Stream.of(
                machine.readiness().module().isPresent() ? "vfio-pci" : "",
                machine.has("sys/module/vfio_iommu_type1") ? "" : "vfio_iommu_type1")
            .filter(name -> !name.isEmpty()).collect(Collectors.joining(" "));
        return missing.isEmpty() ? Finding.ok("vfio modules", "vfio-pci and vfio_iommu_type1 are loaded")
            : Finding.missing("vfio modules", "not loaded: " + missing, "sudo modprobe -a " + missing);
    }

    private Finding container() {
        return Finding.of("/dev/vfio/vfio", machine.readiness().container(), "this user may open it");
    }

    private Finding memlock() {
        final long rights = machine.field("proc/self/status", "CapEff").map(HexFormat::fromHexDigitsToLong).orElse(0L);
        if ((rights & CAP_IPC_LOCK) != 0) {
            return Finding.ok(MEMLOCK, "none for this user (CAP_IPC_LOCK)");
        }
        final String limit = machine.text("proc/self/limits").stream().flatMap(String::lines)
            .filter(line -> line.startsWith("Max locked memory")).map(line -> line.split("\\s+")[3]).findFirst().orElse("");
        if (limit.equals("unlimited")) {
            return Finding.ok(MEMLOCK, "unlimited");
        } else if (!limit.matches("\\d{1,18}")) {
            return Finding.unknown(MEMLOCK, "/proc/self/limits tells none", "");
        }
        final String found = limit + " bytes; all memory that cards reach counts against it";
        final String mend = "ulimit -l unlimited in the shell that starts Java, or in /etc/security/limits.conf: "
            + System.getProperty("user.name") + " - memlock unlimited";
        return Long.parseLong(limit) < DEFAULTS_OF_A_CARD
            ? Finding.missing(MEMLOCK, found + ", and a card with default settings takes up to " + DEFAULTS_OF_A_CARD, mend)
            : Finding.warn(MEMLOCK, found, mend);
    }

    private Finding hugePages() {
        final long total = machine.number(HUGE_PAGES + "nr_hugepages");
        final long free = machine.number(HUGE_PAGES + "free_hugepages");
        final String found = free + " of " + total + " pages of 2 MB are free";
        return free >= PAGES_OF_A_CARD ? Finding.ok("huge pages", found)
            : Finding.warn("huge pages", found + "; pages of 4 KB serve instead, at more cost to the IOMMU",
                "sudo sysctl vm.nr_hugepages=" + (total - free + PAGES_OF_A_CARD));
    }
}
