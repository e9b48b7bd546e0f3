package dev.barewire.driver.pci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.driver.pci.PciDevice.NetInterface;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PciBusTest {
    private static final String CARD = "0000:00:03.0";
    private static final PciAddress ADDRESS = PciAddress.parse(CARD);

    @TempDir
    private Path root;

    private FakeMachine machine;

    @BeforeEach
    void setUp() {
        machine = new FakeMachine(root);
    }

    @Test
    void shouldReadWhatTheKernelTellsWhenACardIsThere() {
        machine.card(CARD).driver(CARD, "e1000").group(CARD, 7).netInterface(CARD, "eth0", "0x1003").defaultRoute("eth0");

        final PciDevice device = machine.bus().find(ADDRESS).orElseThrow();

        assertThat(device.vendor()).isEqualTo(0x8086);
        assertThat(device.device()).isEqualTo(0x100e);
        assertThat(device.isNetworkCard()).isTrue();
        assertThat(device.driver()).isEqualTo("e1000");
        assertThat(device.iommuGroup()).isEqualTo(7);
        assertThat(device.interfaces()).containsExactly(new NetInterface("eth0", true, true));
        assertThat(device.carriesDefaultRoute()).isTrue();
        assertThat(device.resourceSizes()).containsExactly(0x20000L, 0x40L, 0L, 0L, 0L, 0L);
        assertThat(device).hasToString("0000:00:03.0 (8086:100e, driver e1000)");
    }

    @Test
    void shouldLeaveOutWhatIsNotThereWhenTheMachineHasNoIommuAndNoDriver() {
        machine.card(CARD);

        final PciDevice device = machine.bus().find(ADDRESS).orElseThrow();

        assertThat(device.driver()).isEmpty();
        assertThat(device.iommuGroup()).isEqualTo(PciDevice.NO_GROUP);
        assertThat(device.interfaces()).isEmpty();
        assertThat(device.carriesDefaultRoute()).isFalse();
        assertThat(device).hasToString("0000:00:03.0 (8086:100e, no driver)");
    }

    @Test
    void shouldFindTheInterfaceWhenItHangsBelowAVirtioDevice() {
        machine.device(CARD, "0x1af4", "0x1000", "0x020000");
        machine.write("sys/bus/pci/devices/" + CARD + "/virtio0/net/ens3/flags", "0x1002");

        assertThat(machine.bus().find(ADDRESS).orElseThrow().interfaces())
            .containsExactly(new NetInterface("ens3", false, false));
    }

    @Test
    void shouldSeeTheDefaultRouteWhenItLeavesByAVlanOfABridgeOverTheCard() {
        machine.card(CARD).netInterface(CARD, "eth0", "0x1003").folder("sys/class/net/eth0/upper_br0")
            .folder("sys/class/net/br0/upper_br0.7").defaultRoute("br0.7");

        assertThat(machine.bus().find(ADDRESS).orElseThrow().carriesDefaultRoute()).isTrue();
    }

    @Test
    void shouldSeeTheDefaultRouteWhenItIsOfIpv6() {
        final String any = "0".repeat(32);
        machine.card(CARD).netInterface(CARD, "eth0", "0x1003").card("0000:00:04.0")
            .netInterface("0000:00:04.0", "eth1", "0x1003").write("proc/net/ipv6_route", """
                fe80%1$s 40 %2$s 00 %2$s 00000100 00000001 00000000 00000001     eth1
                %2$s 00 %2$s 00 %2$s 00000400 00000001 00000000 00000003     eth0""".formatted("0".repeat(28), any));

        assertThat(machine.bus().devices()).extracting(PciDevice::carriesDefaultRoute).containsExactly(true, false);
    }

    @Test
    void shouldListInOrderWhenSeveralAreThere() {
        machine.card("0000:01:00.0").card(CARD).device("0000:00:1f.0", "0x8086", "0x2918", "0x060100");

        assertThat(machine.bus().devices()).extracting(PciDevice::address).extracting(PciAddress::toString)
            .containsExactly(CARD, "0000:00:1f.0", "0000:01:00.0");
        assertThat(machine.bus().devices()).filteredOn(PciDevice::isNetworkCard).hasSize(2);
        assertThat(machine.bus().find(PciAddress.parse("02:00.0"))).isEmpty();
    }

    @Test
    void shouldPassOverOtherBusesWhenAGroupHasMembersThere() {
        machine.card(CARD).group(CARD, 7).folder("sys/kernel/iommu_groups/7/devices/INT33C2:00");

        assertThat(machine.bus().group(7)).extracting(PciDevice::address).containsExactly(ADDRESS);
        assertThat(machine.bus().group(8)).isEmpty();
    }
}
