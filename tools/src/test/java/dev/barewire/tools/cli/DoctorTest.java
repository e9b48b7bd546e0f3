package dev.barewire.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.tools.cli.Finding.State;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorTest {
    private static final String CARD = "0000:00:05.0";
    private static final String OTHER = "0000:00:06.0";

    @TempDir
    private Path root;

    private MachineTree machine;
    private String architecture = "amd64";
    private String closedFile = "none";

    @BeforeEach
    void setUp() {
        machine = new MachineTree(root);
    }

    @Test
    void shouldFindNothingToMendWhenACardCanBeDriven() {
        machine.card(CARD, "vfio-pci", 3);

        final Doctor doctor = examine();

        assertThat(doctor.ready()).isTrue();
        assertThat(doctor.devices()).containsExactly("vfio:" + CARD);
        assertThat(doctor.findings()).filteredOn(finding -> !finding.is(State.OK))
            .containsExactly(Finding.unknown(CARD + " link", "no driver of the kernel looks at it now",
                "barewire info vfio:" + CARD));
        assertThat(found("IOMMU")).isEqualTo(
            Finding.ok("IOMMU", "dmar0, 2 groups; kernel's command line: intel_iommu=on iommu=pt"));
        assertThat(found(CARD + " group")).isEqualTo(Finding.ok(CARD + " group", "3, alone in it"));
    }

    @Test
    void shouldWarnOfTheMissingGuardWhenACardCanBeDrivenWithoutAnIommu() {
        noGroups().write("sys/bus/pci/drivers/uio_pci_generic/new_id", "").write("proc/self/status", "CapEff:\t000001ffffffffff")
            .device(OTHER, "0x8086", "0x100e", "uio_pci_generic")
            .write("sys/bus/pci/devices/" + OTHER + "/uio/uio0/name", "uio_pci_generic");

        assertThat(examine().devices()).containsExactly("uio:" + OTHER);
        assertThat(found(OTHER + " uio").state()).isEqualTo(State.OK);
        assertThat(found(OTHER + " isolation")).satisfies(finding -> {
            assertThat(finding.state()).isEqualTo(State.WARN);
            assertThat(finding.found()).contains("all memory of the machine");
            assertThat(finding.mend()).contains("barewire bind " + OTHER);
        });
    }

    @Test
    void shouldNameTheKernelParameterWhenTheIommuIsThereButOff() {
        noGroups().write("proc/cmdline", "quiet");

        assertMissing("IOMMU", "ACPI table DMAR", "add intel_iommu=on to the kernel's command line");
        assertThat(found("IOMMU").mend()).doesNotContain("firmware");
        assertMissing(CARD + " group", "in no IOMMU group", "intel_iommu=on");
    }

    @Test
    void shouldPointToTheFirmwareWhenThatTellsOfNoIommu() {
        noGroups().remove("sys/firmware/acpi/tables/DMAR");

        assertMissing("IOMMU", "no ACPI table DMAR", "switch VT-d on in the firmware");
    }

    @Test
    void shouldAskForAVirtualIommuWhenTheMachineIsVirtual() {
        noGroups().remove("sys/firmware/acpi/tables/DMAR").write("proc/cpuinfo", """
            vendor_id\t: GenuineIntel
            flags\t\t: fpu hypervisor""");

        assertMissing("IOMMU", "no ACPI table DMAR", "-device intel-iommu");
    }

    @Test
    void shouldTakeTheParameterOffWhenItSwitchesAnAmdIommuOff() {
        noGroups().write("proc/cpuinfo", "vendor_id\t: AuthenticAMD").write("proc/cmdline", "amd_iommu=off")
            .remove("sys/firmware/acpi/tables/DMAR").write("sys/firmware/acpi/tables/IVRS", "");

        assertMissing("IOMMU", "ACPI table IVRS", "take amd_iommu=off off the kernel's command line");
        assertThat(found("IOMMU").mend()).doesNotContain("add ");
    }

    @Test
    void shouldGoByTheTableWhenTheCpuIsOfAnotherMaker() {
        noGroups().write("proc/cpuinfo", "vendor_id\t: AuthenticAMD").write("proc/cmdline", "quiet");

        assertMissing("IOMMU", "ACPI table DMAR", "add intel_iommu=on");
    }

    @Test
    void shouldGiveTheModprobeWhenModulesAreNotLoaded() {
        machine.card(CARD, "e1000", 3).remove("sys/bus/pci/drivers/vfio-pci").remove("sys/module/vfio_iommu_type1")
            .remove("dev/vfio/vfio");

        assertMissing("vfio modules", "not loaded", "sudo modprobe -a vfio-pci vfio_iommu_type1");
        assertMissing("/dev/vfio/vfio", "does not exist", "sudo modprobe vfio_iommu_type1");
    }

    @ParameterizedTest
    @CsvSource({"dev/vfio/vfio, /dev/vfio/vfio", "dev/vfio/3, 0000:00:05.0 rights"})
    void shouldGiveTheChownWhenThisUserMayNotOpenAFile(final String file, final String subject) {
        machine.card(CARD, "vfio-pci", 3);
        closedFile = file;

        assertMissing(subject, "may not read and write /" + file,
            "sudo chown " + System.getProperty("user.name") + " /" + file);
    }

    @Test
    void shouldNameTheOptionsWhenTheKernelWasBuiltWithoutThem() {
        machine.zip("proc/config.gz", "CONFIG_IOMMU_SUPPORT=y\n# CONFIG_VFIO is not set\nCONFIG_VFIO_PCI=m\n");

        assertMissing("kernel config", "without CONFIG_VFIO, CONFIG_VFIO_IOMMU_TYPE1", "linux-image-amd64");
    }

    @Test
    void shouldNotGuessWhenTheKernelsConfigCannotBeRead() {
        machine.card(CARD, "vfio-pci", 3).remove("boot/config-6.1.0");

        assertThat(found("kernel config").state()).isEqualTo(State.UNKNOWN);
        assertThat(examine().ready()).isTrue();
    }

    @Test
    void shouldOnlyWarnWhenThereAreNoHugePages() {
        machine.card(CARD, "vfio-pci", 3).hugePages(4, 1);

        assertThat(found("huge pages")).isEqualTo(Finding.warn("huge pages", "1 of 4 pages of 2 MB are free; pages of 4 KB"
            + " serve instead, at more cost to the IOMMU", "sudo sysctl vm.nr_hugepages=11"));
        assertThat(examine().ready()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"8388608, 0, MISSING", "1073741824, 0, WARN", "unlimited, 0, OK", "8388608, 4000, OK"})
    void shouldJudgeTheLimitOfLockedMemoryByWhatACardTakes(final String limit, final String rights, final State state) {
        machine.card(CARD, "vfio-pci", 3).memlock(limit).write("proc/self/status", "CapEff:\t" + rights);

        assertThat(found("memlock limit").state()).isEqualTo(state);
        assertThat(examine().ready()).isEqualTo(state != State.MISSING);
    }

    @Test
    void shouldGiveTheCommandsThatBindTheCardWhenAKernelDriverHasIt() {
        machine.card(CARD, "e1000", 3).netInterface(CARD, "eth1", "up", 1000);

        assertMissing(CARD + " driver", "bound to e1000 as eth1",
            "echo vfio-pci > /sys/bus/pci/devices/" + CARD + "/driver_override");
        assertThat(found(CARD + " link")).isEqualTo(Finding.ok(CARD + " link", "eth1 up 1000 Mb/s"));
    }

    @Test
    void shouldAdviseToLeaveTheCardWhenTheDefaultRouteLeavesByIt() {
        machine.card(CARD, "e1000", 3).netInterface(CARD, "eth0", "down", 0).defaultRoute("eth0");

        assertThat(found(CARD + " driver")).isEqualTo(Finding.warn(CARD + " driver",
            "e1000, and the default route of this machine leaves by it (eth0 down default-route)",
            "do not take it away; choose another card"));
        assertThat(found(CARD + " link").state()).isEqualTo(State.WARN);
        assertThat(examine().ready()).isFalse();
    }

    @Test
    void shouldNameTheOthersWhenTheGroupIsShared() {
        machine.card(CARD, "vfio-pci", 3).card(OTHER, "vfio-pci", 3);

        assertThat(found(CARD + " group").found()).isEqualTo("3, with " + OTHER + " (8086:100e, driver vfio-pci)");
        assertThat(examine().devices()).containsExactly("vfio:" + CARD, "vfio:" + OTHER);
    }

    @Test
    void shouldGiveTheCommandsThatFreeTheGroupWhenTheKernelDrivesAnother() {
        machine.card(CARD, "vfio-pci", 3).card(OTHER, "e1000", 3);

        assertMissing(CARD + " group", "not viable", "/sys/bus/pci/devices/" + OTHER + "/driver_override");
    }

    @Test
    void shouldAdviseAnotherGroupWhenThisOneHoldsTheDefaultRoute() {
        machine.card(CARD, "vfio-pci", 3).card(OTHER, "e1000", 3).netInterface(OTHER, "eth0", "up", 1000)
            .defaultRoute("eth0");

        assertThat(found(CARD + " group").state()).isEqualTo(State.WARN);
        assertThat(found(CARD + " group").mend()).contains("another group");
        assertThat(examine().ready()).isFalse();
    }

    @Test
    void shouldSayNoMoreOfACardWhenItHasNoProfile() {
        machine.device(CARD, "0x10ec", "0x8139", "8139too");

        assertThat(found(CARD + " card").found()).contains("no profile for 10ec:8139");
        assertThat(examine().findings()).filteredOn(finding -> finding.subject().startsWith(CARD)).hasSize(1);
        assertThat(examine().ready()).isFalse();
    }

    @Test
    void shouldSaySoWhenThereIsNoCard() {
        assertMissing("network cards", "none on the PCI bus", "barewire demo");
    }

    @ParameterizedTest
    @CsvSource({"x86_64, OK", "aarch64, WARN", "riscv64, MISSING"})
    void shouldTellWhatIsSupported(final String name, final State state) {
        machine.card(CARD, "vfio-pci", 3);
        architecture = name;

        assertThat(found("architecture").state()).isEqualTo(state);
        assertThat(examine().ready()).isEqualTo(state != State.MISSING);
    }

    @Test
    void shouldOnlyWarnWhenTheLabLacksSomething() {
        final Doctor doctor = Doctor.examine(machine(), List.of("busybox-static"));

        assertThat(doctor.findings()).contains(
            Finding.warn("guest lab", "the demo would fetch: busybox-static", "barewire setup"));
    }

    private MachineTree noGroups() {
        return machine.device(CARD, "0x8086", "0x100e", "e1000").remove("sys/kernel/iommu_groups/0");
    }

    private Machine machine() {
        return new Machine(root, file -> !file.equals(root.resolve(closedFile)), architecture);
    }

    private Doctor examine() {
        return Doctor.examine(machine(), List.of());
    }

    private Finding found(final String subject) {
        return examine().findings().stream().filter(finding -> finding.subject().equals(subject)).findFirst().orElseThrow();
    }

    private void assertMissing(final String subject, final String found, final String mend) {
        final Finding finding = found(subject);
        assertThat(finding.state()).isEqualTo(State.MISSING);
        assertThat(finding.found()).contains(found);
        assertThat(finding.mend()).contains(mend);
        assertThat(examine().ready()).isFalse();
    }
}
