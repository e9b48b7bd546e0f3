package dev.barewire.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.tools.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
    private static final String CARD = "0000:00:05.0";

    @TempDir
    private Path root;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private MachineTree machine;

    @BeforeEach
    void setUp() {
        machine = new MachineTree(root);
    }

    @Test
    void shouldListCardsWithAndWithoutAProfile() {
        machine.card("0000:00:06.0", "e1000", 4).netInterface("0000:00:06.0", "eth0", "up", 1000)
            .device("0000:00:07.0", "0x10ec", "0x8139", "8139too");

        assertThat(run("list")).isZero();

        assertThat(out.toString()).isEqualToNormalizingNewlines("""
            ADDRESS       ID         PROFILE     DRIVER     GROUP  INTERFACES
            0000:00:06.0  8086:100e  82540EM     e1000      4      eth0 up 1000 Mb/s
            0000:00:07.0  10ec:8139  no profile  8139too    -      -
            """);
    }

    @Test
    void shouldListCardsForProgramsWhenAskedForJson() {
        machine.card(CARD, "e1000", 4).netInterface(CARD, "eth0", "up", 1000).defaultRoute("eth0")
            .device("0000:00:07.0", "0x10ec", "0x8139", "8139too");

        assertThat(run("list", "--json")).isZero();

        assertThat(out.toString().strip()).isEqualTo("{\"cards\": [{\"address\": \"0000:00:05.0\", \"id\": \"8086:100e\","
            + " \"profile\": \"82540EM\", \"driver\": \"e1000\", \"iommu_group\": 4, \"interfaces\": [{\"name\": \"eth0\","
            + " \"state\": \"up\", \"mbps\": 1000, \"default_route\": true}]}, {\"address\": \"0000:00:07.0\","
            + " \"id\": \"10ec:8139\", \"profile\": null, \"driver\": \"8139too\", \"iommu_group\": null,"
            + " \"interfaces\": []}]}");
    }

    @Test
    void shouldSaySoWhenThereIsNoCardToList() {
        assertThat(run("list")).isZero();

        assertThat(out.toString()).startsWith("There is no network card");
    }

    @Test
    void shouldExitWithOneAndTheMendsWhenNoCardCanBeDriven() {
        machine.card(CARD, "e1000", 3);

        assertThat(run("doctor")).isEqualTo(1);

        assertThat(out.toString()).containsPattern("MISSING +" + CARD + " driver +" + CARD + " is bound to e1000")
            .contains("mend: sudo sh -c 'echo vfio-pci > ").contains("No card can be driven yet.");
    }

    @Test
    void shouldExitWithZeroAndTheDevicesWhenACardCanBeDriven() {
        machine.card(CARD, "vfio-pci", 3);

        assertThat(run("doctor", "--json")).isZero();

        assertThat(out.toString()).startsWith("{\"ready\": true, \"devices\": [\"vfio:" + CARD + "\"], \"findings\": [")
            .contains("{\"subject\": \"architecture\", \"state\": \"OK\", \"found\": ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"e1000", "82540EM"})
    void shouldPrintTheProfileWhenGivenItsName(final String name) {
        assertThat(run("info", name)).isZero();

        assertThat(out.toString()).contains("82540EM, Intel, family 8254x", "8086:100e", "68 to 16092")
            .containsPattern("header-split +no +no packet split").contains("tso-exact-multiple (QEMU): ");
    }

    @Test
    void shouldPrintWhatTheKernelKnowsWhenGivenAnAddress() {
        machine.card(CARD, "e1000", 3).card("0000:00:06.0", "vfio-pci", 3);

        assertThat(run("info", "00:05.0")).isZero();

        assertThat(out.toString()).containsPattern("driver +e1000").contains("0000:00:06.0 (8086:100e, driver vfio-pci)")
            .containsPattern("can be opened +no: .*bound to e1000").contains("82540EM, Intel");
    }

    @Test
    void shouldRefuseWhenNoCardIsAtTheAddress() {
        assertThat(run("info", "00:1f.7")).isEqualTo(2);

        assertThat(err.toString()).contains("no PCI device at 0000:00:1f.7").doesNotContain("\tat ");
    }

    private int run(final String command, final String... arguments) {
        final String[] all = new String[arguments.length + 3];
        all[0] = command;
        all[1] = "--root";
        all[2] = machine.root().toString();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(all);
    }
}
