package dev.barewire.driver.uio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.SetupException;
import dev.barewire.driver.pci.FakeMachine;
import dev.barewire.driver.pci.PciAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UioReadinessTest {
    private static final String CARD = "0000:00:03.0";
    private static final String FREE_PAGES = "sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages";

    @TempDir
    private Path root;

    private FakeMachine machine;
    private String closedFile = "none";

    /** A card that is ready. */
    @BeforeEach
    void setUp() {
        machine = new FakeMachine(root).card(CARD).folder("sys/bus/pci/drivers/uio_pci_generic")
            .folder("sys/bus/pci/devices/" + CARD + "/uio/uio4").write("proc/self/status", "CapEff:\t000001ffffffffff")
            .write(FREE_PAGES, "20");
    }

    @Test
    void shouldPassWhenEverythingIsSetUp() {
        bound();

        assertThat(readiness().check(PciAddress.parse(CARD)).driver()).isEqualTo("uio_pci_generic");
        assertThat(readiness().number(machine.bus().require(PciAddress.parse(CARD)))).contains(4);
    }

    @Test
    void shouldNameTheCardsThatThereAreWhenTheAddressIsWrong() {
        assertThatThrownBy(() -> readiness().check(PciAddress.parse("0000:00:04.0"))).isInstanceOf(SetupException.class)
            .hasMessageContaining("no PCI device at 0000:00:04.0").hasMessageContaining(CARD);
    }

    @Test
    void shouldPointToVfioWhenAnIommuTranslatesWhatTheCardAsksFor() {
        bound().group(CARD, 7).write("sys/kernel/iommu_groups/7/type", "DMA-FQ");

        refused().hasMessageContaining("IOMMU that translates").hasMessageContaining("open it as vfio:" + CARD)
            .hasMessageContaining("echo vfio-pci > ");
    }

    @Test
    void shouldPassWhenTheIommuPassesAddressesOnAsTheyAre() {
        bound().group(CARD, 7).write("sys/kernel/iommu_groups/7/type", "identity");

        assertThat(readiness().check(PciAddress.parse(CARD)).iommuGroup()).isEqualTo(7);
    }

    @Test
    void shouldAskForTheModuleWhenItIsNotLoaded() throws IOException {
        Files.delete(root.resolve("sys/bus/pci/drivers/uio_pci_generic"));

        refused().hasMessageContaining("not loaded").hasMessageContaining("sudo modprobe uio_pci_generic");
    }

    @Test
    void shouldGiveTheCommandsWhenTheCardIsBoundElsewhere() {
        machine.driver(CARD, "e1000").netInterface(CARD, "eth1", "0x1003");

        refused().hasMessageContaining(CARD + " is bound to e1000 as eth1, which is up, not to uio_pci_generic")
            .hasMessageContaining("echo uio_pci_generic > /sys/bus/pci/devices/" + CARD + "/driver_override");
    }

    @Test
    void shouldNameTheFileWhenThisUserMayNotOpenIt() {
        bound();
        closedFile = "dev/uio4";

        refused().hasMessageContaining("may not read and write /dev/uio4").hasMessageContaining("run as root");
    }

    @Test
    void shouldSayWhoHidesPhysicalAddressesWhenTheRightToSeeThemIsMissing() {
        bound().write("proc/self/status", "CapEff:\t00000000a80425fb");

        refused().hasMessageContaining("/proc/self/pagemap").hasMessageContaining("--cap-add SYS_ADMIN");
    }

    @Test
    void shouldAskForHugePagesWhenNoneIsFree() {
        bound().write(FREE_PAGES, "0");

        refused().hasMessageContaining("no huge page of 2 MiB is free").hasMessageContaining("sudo sysctl vm.nr_hugepages=");
    }

    private FakeMachine bound() {
        return machine.driver(CARD, "uio_pci_generic");
    }

    private UioReadiness readiness() {
        return new UioReadiness(machine.bus(), file -> !file.equals(root.resolve(closedFile)));
    }

    private AbstractThrowableAssert<?, ?> refused() {
        return assertThatThrownBy(() -> readiness().check(PciAddress.parse(CARD))).isInstanceOf(SetupException.class)
            .hasMessageContaining("To mend it: ");
    }
}
