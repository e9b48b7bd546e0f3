package dev.barewire.tools.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class QemuCommandTest {
    private static final Prerequisites MACHINE = new Prerequisites(Path.of("/bin/qemu"), Path.of("/bin/busybox"),
            new Kernel("6.1", Path.of("/boot/vmlinuz"), Path.of("/lib/modules")));
    private static final Card CARD = new Card("e1000", 10, "52:54:00:12:34:56", "user,restrict=on", "vfio-pci");

    @Test
    void shouldPutTheCardInItsSlotWhenOneIsAdded() {
        List<String> command = command(GuestConfig.command("true").card(CARD));

        assertThat(command).containsSequence("-netdev", "user,restrict=on,id=card10", "-device",
                "e1000,id=nic10,netdev=card10,mac=52:54:00:12:34:56,bus=pcie.0,addr=a");
        assertThat(CARD.function()).isEqualTo("0000:00:0a.0");
    }

    @Test
    void shouldPutTheCardBehindARootPortWhenItIsToBeUnplugged() {
        Card card = CARD.behindRootPort(2);

        assertThat(command(GuestConfig.command("true").card(card))).containsSequence("-device",
                "pcie-root-port,id=port10,chassis=10,bus=pcie.0,addr=a", "-device",
                "e1000,id=nic10,netdev=card10,mac=52:54:00:12:34:56,bus=port10,addr=0");
        assertThat(card.function()).isEqualTo("0000:02:00.0");
    }

    @Test
    void shouldShareTheRootReadOnlyAndTheWorkFolderReadWriteWhenBothAreThere() {
        assertThat(command(GuestConfig.command("true").work(Path.of("/a,b")))).contains(
                "local,id=host,path=/,security_model=none,multidevs=remap,readonly=on",
                "local,id=work,path=/a,,b,security_model=none,multidevs=remap");
    }

    @Test
    void shouldTellTheKernelWhenTheIommuIsOffAndHugePagesAreWanted() {
        GuestConfig config = GuestConfig.command("true").iommu(false).hugePages(64).kernelArguments("debug");

        assertThat(command(config)).contains("console=ttyS0 panic=-1 no_timer_check intel_iommu=off hugepages=64 debug");
    }

    @Test
    void shouldLoadTheDriversWhenCardsNameThem() {
        assertThat(GuestConfig.command("true").card(CARD).management().modules("e1000e").allModules())
                .contains("vfio-pci", "vfio_iommu_type1", "virtio_net", "e1000e");
        assertThat(GuestConfig.command("true").allModules()).doesNotContain("vfio-pci", "virtio_net");
    }

    @Test
    void shouldRefuseASlotWhenTheBoardUsesIt() {
        assertThatThrownBy(() -> new Card("e1000", 31, "", "user", "")).hasMessageContaining("slot 31");
    }

    private static List<String> command(GuestConfig config) {
        return QemuCommand.of(MACHINE, config, Accelerator.TCG, Path.of("/tmp/x"), Path.of("/tmp/console"));
    }
}
