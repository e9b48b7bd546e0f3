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

/** The commands on a kernel's own files, and on a card that they open. */
@Tag("guest")
@Timeout(400)
class CliIT {
    private static final Card CARD = new Card("e1000", 5, "52:54:00:12:34:56", "user,restrict=on", "vfio-pci");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void shouldDiagnoseListAndOpenTheCardWhenItIsBoundToVfio() {
        final String barewire = System.getProperty("java.home") + "/bin/java --enable-native-access=ALL-UNNAMED"
            + " --add-exports=java.base/jdk.internal.misc=ALL-UNNAMED -XX:TieredStopAtLevel=1 -cp "
            + System.getProperty("java.class.path") + " " + Main.class.getName() + " ";

        Guest.run(GuestConfig.command("sh", "-c", """
            barewire() { %s "$@"; echo "exit code $?"; }
            barewire doctor --json
            barewire list --json
            barewire info vfio:%2$s
            barewire info vfio:0000:00:1f.7
            """.formatted(barewire, CARD.function())).card(CARD).hugePages(16).stdout(out).stderr(err));

        assertThat(out.toString(StandardCharsets.UTF_8).split("exit code ")).satisfiesExactly(
            doctor -> assertThat(doctor).startsWith("{\"ready\": true, \"devices\": [\"vfio:0000:00:05.0\"]")
                .doesNotContain("MISSING").contains("dmar0"),
            list -> assertThat(list).startsWith("0\n").contains("{\"address\": \"0000:00:05.0\", \"id\": \"8086:100e\","
                + " \"profile\": \"82540EM\", \"driver\": \"vfio-pci\", \"iommu_group\": "),
            info -> assertThat(info).startsWith("0\n").containsPattern("MAC address +52:54:00:12:34:56")
                .containsPattern("link +1000 Mb/s full duplex").containsPattern("iommu-group +\\d+")
                .containsPattern("tx-udp-checksum +HARDWARE").containsPattern("\nSTATUS +0x[0-9a-f]{8}\n"),
            wrongAddress -> assertThat(wrongAddress).startsWith("0\n").hasLineCount(1),
            end -> assertThat(end).isEqualTo("2\n"));
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("barewire: there is no PCI device at 0000:00:1f.7",
            "To mend it: ", "0000:00:05.0").doesNotContain("\tat ");
    }
}
