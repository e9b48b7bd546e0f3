package dev.barewire.driver.vfio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.SetupException;
import dev.barewire.driver.pci.FakeMachine;
import dev.barewire.driver.pci.PciAddress;
import dev.barewire.driver.pci.PciDevice;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VfioReadinessTest {
    private static final String CARD = "0000:00:03.0";
    private static final String OTHER = "0000:00:03.1";

    @TempDir
    private Path root;

    private FakeMachine machine;
    private String closedFile = "none";

    @BeforeEach
    void setUp() {
        machine = new FakeMachine(root);
    }

    @Test
    void shouldPassWhenEverythingIsSetUp() {
        ready();

        assertThat(check().iommuGroup()).isEqualTo(7);
    }

    @Test
    void shouldListTheCardsThatAreThereWhenTheAddressIsWrong() {
        machine.card("0000:01:00.0").driver("0000:01:00.0", "e1000").device("0000:00:1f.0", "0x8086", "0x2918", "0x060100");

        refused().hasMessageContaining("no PCI device at " + CARD).hasMessageContaining("0000:01:00.0 (8086:100e, driver e1000)")
            .hasMessageNotContaining("0000:00:1f.0");
    }

    @Test
    void shouldSayThatThereIsNoCardWhenTheMachineShowsNone() {
        refused().hasMessageContaining("no network card at all");
    }

    @Test
    void shouldAskForTheIommuWhenTheCardIsInNoGroup() {
        machine.card(CARD).driver(CARD, "e1000");

        refused().hasMessageContaining("no IOMMU group").hasMessageContaining("intel_iommu=on");
    }

    @Test
    void shouldAskForTheModuleWhenItsDriverIsNotLoaded() {
        machine.card(CARD).driver(CARD, "e1000").group(CARD, 7);

        refused().hasMessageContaining("not loaded").hasMessageContaining("sudo modprobe vfio-pci");
    }

    @Test
    void shouldGiveTheCommandsThatBindItWhenAKernelDriverHasIt() {
        machine.card(CARD).driver(CARD, "e1000").group(CARD, 7).folder("sys/bus/pci/drivers/vfio-pci")
            .netInterface(CARD, "eth0", "0x1003").defaultRoute("eth0");

        refused().hasMessageContaining("bound to e1000 as eth0, which is up and carries the default route")
            .hasMessageContaining("sudo sh -c 'ip link set eth0 down; "
                + "echo vfio-pci > /sys/bus/pci/devices/0000:00:03.0/driver_override; "
                + "echo 0000:00:03.0 > /sys/bus/pci/devices/0000:00:03.0/driver/unbind; "
                + "echo 0000:00:03.0 > /sys/bus/pci/drivers_probe'");
    }

    @Test
    void shouldNotTakeAnythingDownWhenNothingIsUp() {
        machine.card(CARD).group(CARD, 7).folder("sys/bus/pci/drivers/vfio-pci");

        refused().hasMessageContaining("bound to no driver").hasMessageNotContaining("ip link")
            .hasMessageNotContaining("unbind");
    }

    @Test
    void shouldNameTheOtherMembersWhenTheGroupIsNotViable() {
        ready();
        machine.card(OTHER).driver(OTHER, "e1000e").group(OTHER, 7).netInterface(OTHER, "eth1", "0x1002");

        refused().hasMessageContaining("group 7").hasMessageContaining("not viable")
            .hasMessageContaining("0000:00:03.1 is bound to e1000e as eth1, which is down")
            .hasMessageContaining("/sys/bus/pci/devices/0000:00:03.1/driver_override");
    }

    @Test
    void shouldAcceptTheGroupWhenItsOtherMembersDoNoDmaOfTheirOwn() {
        ready();
        machine.device(OTHER, "0x8086", "0x3420", "0x060400").driver(OTHER, "pcieport").group(OTHER, 7);

        assertThat(check().iommuGroup()).isEqualTo(7);
    }

    @Test
    void shouldAskForTheModuleWhenTheContainersFileIsMissing() {
        bound();

        refused().hasMessageContaining("/dev/vfio/vfio does not exist").hasMessageContaining("modprobe vfio_iommu_type1");
    }

    @Test
    void shouldPointToTheHostWhenOnlyTheGroupsFileIsMissing() {
        bound();
        machine.write("dev/vfio/vfio", "");

        refused().hasMessageContaining("/dev/vfio/7 does not exist").hasMessageContaining("--device /dev/vfio/7");
    }

    @Test
    void shouldGiveTheCommandThatOpensAFileWhenThisUserMayNot() {
        ready();
        closedFile = "dev/vfio/7";

        refused().hasMessageContaining("may not read and write /dev/vfio/7")
            .hasMessageContaining("sudo chown " + System.getProperty("user.name") + " /dev/vfio/7");
    }

    @Test
    void shouldGiveTheCommandThatOpensTheContainerWhenThisUserMayNot() {
        ready();
        closedFile = "dev/vfio/vfio";

        refused().hasMessageContaining("may not read and write /dev/vfio/vfio");
    }

    private void bound() {
        machine.card(CARD).driver(CARD, "vfio-pci").group(CARD, 7);
    }

    private void ready() {
        bound();
        machine.write("dev/vfio/vfio", "").write("dev/vfio/7", "");
    }

    private PciDevice check() {
        return new VfioReadiness(machine.bus(), file -> !file.equals(root.resolve(closedFile)))
            .check(PciAddress.parse(CARD));
    }

    private AbstractThrowableAssert<?, ?> refused() {
        return assertThatThrownBy(this::check).isInstanceOf(SetupException.class).hasMessageContaining("To mend it: ");
    }
}
