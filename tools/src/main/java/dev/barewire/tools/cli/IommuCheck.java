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

    /**
     * Whose IOMMU it is.
     *
     * @param firmware  what the firmware's menu calls it
     * @param table     the ACPI table that tells of it
     * @param parameter what the kernel must be told to use it; empty where it does so unasked
     */
    private record Kind(String firmware, String table, String parameter) {
    }

    private Kind kind() {
        return switch (machine.field("proc/cpuinfo", "vendor_id").orElse(machine.architecture())) {
            case "GenuineIntel" -> new Kind("VT-d", "DMAR", "intel_iommu=on");
            case "AuthenticAMD", "HygonGenuine" -> new Kind("AMD-Vi (IOMMU)", "IVRS", "");
            default -> new Kind("its IOMMU (SMMU)", "IORT", "");
        };
    }

    Finding check() {
        final int groups = machine.names("sys/kernel/iommu_groups").size();
        final String said = parameters.isEmpty() ? "" : "; kernel's command line: " + String.join(" ", parameters);
        if (groups > 0) {
            return Finding.ok(SUBJECT, Stream.concat(machine.names("sys/class/iommu").stream(),
                Stream.of(groups == 1 ? "1 group" : groups + " groups")).collect(Collectors.joining(", ")) + said);
        }
        final Kind kind = kind();
        final boolean offered = machine.has("sys/firmware/acpi/tables/" + kind.table());
        return Finding.missing(SUBJECT, (offered
            ? "there is one (ACPI table " + kind.table() + "), but the kernel does not use it"
            : "the firmware tells of none (no ACPI table " + kind.table() + ")")
            + ", so nothing would keep a card to the memory that it is given" + said, mend(kind, offered));
    }

    private String mend(final Kind kind, final boolean offered) {
        final List<String> steps = new ArrayList<>();
        if (!offered) {
            steps.add(machine.field("proc/cpuinfo", "flags").orElse("").contains("hypervisor")
                ? "give this virtual machine an IOMMU (QEMU: -machine q35,kernel-irqchip=split"
                    + " -device intel-iommu,intremap=on,caching-mode=on) or use another machine"
                : "switch " + kind.firmware() + " on in the firmware");
        }
        final List<String> off = parameters.stream().filter(word -> word.endsWith("iommu=off")).toList();
        if (!off.isEmpty()) {
            steps.add("take " + String.join(" ", off) + " off" + COMMAND_LINE);
        }
        if (!kind.parameter().isEmpty() && !parameters.contains(kind.parameter())) {
            steps.add("add " + kind.parameter() + " to" + COMMAND_LINE);
        }
        return steps.isEmpty() ? "see what the kernel says: sudo dmesg | grep -i -e iommu -e " + kind.table()
            : String.join("; ", steps);
    }
}
