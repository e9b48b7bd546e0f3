package dev.barewire.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.tools.Main;
import dev.barewire.tools.guest.Card;
import dev.barewire.tools.guest.Guest;
import dev.barewire.tools.guest.GuestConfig;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Taking a card from the kernel's driver and giving it back, on the kernel's own files. */
@Tag("guest")
@Timeout(400)
class BindIT {
    private static final Card CARD = new Card("e1000", 5, "52:54:00:12:34:56", "user,restrict=on", "e1000");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void shouldBindACardOpenItAndRestoreTheKernelsDriver() {
        final String barewire = System.getProperty("java.home") + "/bin/java --enable-native-access=ALL-UNNAMED"
            + " --add-exports=java.base/jdk.internal.misc=ALL-UNNAMED -XX:TieredStopAtLevel=1 -cp "
            + System.getProperty("java.class.path") + " " + Main.class.getName();

        Guest.run(GuestConfig.command("sh", "-c", """
            device=/sys/bus/pci/devices/%2$s
            driver() { basename "$(readlink $device/driver)"; ls $device/net 2>/dev/null | wc -l; }
            ip link set "$(ls $device/net)" up
            ip route add default dev "$(ls $device/net)"
            %1$s bind %2$s
            driver
            %1$s bind --force %2$s
            driver
            %1$s info vfio:%2$s | grep "MAC address"
            %1$s unbind %2$s
            driver
            """.formatted(barewire, CARD.function())).card(CARD).modules("vfio-pci", "vfio_iommu_type1").hugePages(16)
            .stdout(out).stderr(err));

        assertThat(out.toString(StandardCharsets.UTF_8)).matches("""
            e1000
            1
            0000:00:05.0 is bound to vfio-pci now; it was e1000's
            IOMMU group \\d+: alone in it
            For an ordinary user: sudo chown USER /dev/vfio/\\d+, and in that user's shell: ulimit -l unlimited
            Open it: vfio:0000:00:05.0
            vfio-pci
            0
            MAC address +52:54:00:12:34:56
            0000:00:05.0 is bound to e1000 now
            e1000
            1
            """);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("carries the default route", "--force");
    }
}
