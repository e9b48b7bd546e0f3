package dev.barewire.tools.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether the machine has an IOMMU and the kernel uses it, and what switches it on here. */
final class IommuCheck {
    private static final String SUBJECT = "IOMMU";
    private static final String COMMAND_LINE =
        " the kernel's command line (GRUB_CMDLINE_LINUX in /etc/default/grub; then: sudo update-grub && sudo reboot)";

    private final Machine machine;
    private final List<String> parameters;

    IommuCheck(final Machine machine) {
        this.machine = machine;
        this.parameters = Stream.of(machine.text("proc/cmdline").orElse("").split("\\s+"))
            .filter(word -> word.contains("iommu")).toList();
    }

    /** Whose IOMMU it is. */
    private enum Kind {
        INTEL("VT-d", "DMAR", "intel_iommu=on"),
        AMD("AMD-Vi (IOMMU)", "IVRS", ""),
        ARM("the IOMMU (SMMU)", "IORT", "");

        /** What the firmware's menu calls it. */
        private final String firmware;
        /** The ACPI table that tells of it. */
        private final String table;
        /** What the kernel must be told to use it; empty where it does so unasked. */
        private final String parameter;

        Kind(final String firmware, final String table, final String parameter) {
            this.firmware = firmware;
            this.table = table;
            this.parameter = parameter;
        }
    }

    /** By its table, since a virtual machine may have one maker's CPU and another's IOMMU; without one, by the CPU. */
    private Kind kind() {
        return Stream.of(Kind.values()).filter(this::offered).findFirst().orElseGet(
            () -> switch (machine.field("proc/cpuinfo", "vendor_id").orElse(machine.architecture())) {
                case "GenuineIntel" -> Kind.INTEL;
                case "AuthenticAMD", "HygonGenuine" -> Kind.AMD;
                default -> Kind.ARM;
            });
    }

    private boolean offered(final Kind kind) {
        return machine.has("sys/firmware/acpi/tables/" + kind.table);
    }

    Finding check() {
        final int groups = machine.names("sys/kernel/iommu_groups").size();
        final String said = parameters.isEmpty() ? "" : "; kernel's command line: " + String.join(" ", parameters);
        if (groups > 0) {
            return Finding.ok(SUBJECT, Stream.concat(machine.names("sys/class/iommu").stream(),
                Stream.of(groups == 1 ? "1 group" : groups + " groups")).collect(Collectors.joining(", ")) + said);
        }
        final Kind kind = kind();
        return Finding.missing(SUBJECT, (offered(kind)
            ? "there is one (ACPI table " + kind.table + "), but the kernel does not use it"
            : "the firmware tells of none (no ACPI table " + kind.table + ")")
            + ", so nothing would keep a card to the memory that it is given" + said, mend(kind));
    }

    private String mend(final Kind kind) {
        final List<String> steps = new ArrayList<>();
        if (!offered(kind)) {
            steps.add(machine.field("proc/cpuinfo", "flags").orElse("").contains("hypervisor")
                ? "give this virtual machine an IOMMU (QEMU: -machine q35,kernel-irqchip=split"
                    + " -device intel-iommu,intremap=on,caching-mode=on; its kernel: intel_iommu=on)"
                : "switch " + kind.firmware + " on in the firmware");
        }
        final List<String> off = parameters.stream().filter(word -> word.endsWith("iommu=off")).toList();
        if (!off.isEmpty()) {
            steps.add("take " + String.join(" ", off) + " off" + COMMAND_LINE);
        }
        if (!kind.parameter.isEmpty() && !parameters.contains(kind.parameter)) {
            steps.add("add " + kind.parameter + " to" + COMMAND_LINE);
        }
        return steps.isEmpty() ? "see what the kernel says: sudo dmesg | grep -i -e iommu -e " + kind.table
            : String.join("; ", steps);
    }
}
