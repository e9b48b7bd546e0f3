package dev.barewire.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.SetupException;
import dev.barewire.driver.pci.PciAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinderTest {
    private static final PciAddress CARD = PciAddress.parse("0000:00:05.0");
    private static final String OTHER = "0000:00:06.0";

    @TempDir
    private Path root;

    private MachineTree machine;
    private String unwilling = "none";

    @BeforeEach
    void setUp() {
        machine = new MachineTree(root).card(CARD.toString(), "e1000", 3).write("sys/bus/pci/drivers/e1000/module", "");
    }

    @Test
    void shouldBindAndRestoreWhateverTheCardHadBefore() {
        assertThat(binder().bind(CARD, "vfio-pci", false).driver()).isEqualTo("e1000");
        assertThat(driver()).isEqualTo("vfio-pci");

        assertThat(binder().unbind(CARD).driver()).isEqualTo("e1000");
        assertThat(root.resolve("sys/bus/pci/devices/" + CARD + "/driver_override")).hasContent("\n");
        assertThat(root.resolve("run/barewire/bound")).isEmptyDirectory();
    }

    @Test
    void shouldRestoreTheFirstDriverWhenBoundTwice() {
        machine.write("sys/bus/pci/drivers/pci-stub/module", "");
        binder().bind(CARD, "vfio-pci", false);
        binder().bind(CARD, "pci-stub", false);

        assertThat(binder().unbind(CARD).driver()).isEqualTo("e1000");
    }

    @Test
    void shouldLeaveItWithoutADriverWhenItHadNone() {
        machine.remove("sys/bus/pci/devices/" + CARD + "/driver");
        binder().bind(CARD, "vfio-pci", false);

        assertThat(binder().unbind(CARD).driver()).isEmpty();
    }

    @Test
    void shouldRefuseTheCardThatCarriesTheDefaultRouteUnlessForced() {
        machine.netInterface(CARD.toString(), "eth0", "up", 1000).defaultRoute("eth0");

        refused("vfio-pci").hasMessageContaining("carries the default route").hasMessageContaining("--force");
        assertThat(driver()).isEqualTo("e1000");

        binder().bind(CARD, "vfio-pci", true);
        assertThat(driver()).isEqualTo("vfio-pci");
    }

    @Test
    void shouldNameTheOthersOfTheGroupWhenItWouldNotBeViable() {
        machine.card(OTHER, "e1000", 3);

        refused("vfio-pci").hasMessageContaining("group 3").hasMessageContaining(OTHER + " is bound to e1000");
        assertThat(driver()).isEqualTo("e1000");
    }

    @Test
    void shouldAskForTheModuleWhenTheDriverIsNotLoaded() {
        refused("uio_pci_generic").hasMessageContaining("sudo modprobe uio_pci_generic");
    }

    @Test
    void shouldRefuseUioWhenAnIommuTranslates() {
        machine.write("sys/bus/pci/drivers/uio_pci_generic/module", "");

        refused("uio_pci_generic").hasMessageContaining("IOMMU that translates").hasMessageContaining("vfio:" + CARD);
    }

    @Test
    void shouldLeaveItAsItWasWhenTheDriverDoesNotTakeIt() {
        unwilling = "vfio-pci";

        refused("vfio-pci").hasMessageContaining("does not take").hasMessageContaining("bound as it was");
        assertThat(driver()).isEqualTo("e1000");
    }

    private AbstractThrowableAssert<?, ?> refused(final String driver) {
        return assertThatThrownBy(() -> binder().bind(CARD, driver, false)).isInstanceOf(SetupException.class);
    }

    private String driver() {
        return Machine.below(root).bus().require(CARD).driver();
    }

    private Binder binder() {
        return new Binder(Machine.below(root), this::obey);
    }

    /** Does what the kernel does when its files are written. */
    private void obey(final Path file, final String text) throws IOException {
        final Path link = root.resolve("sys/bus/pci/devices/" + CARD + "/driver");
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        if (file.endsWith("unbind")) {
            Files.delete(link);
        } else if (file.endsWith("drivers_probe") && !Files.exists(link)) {
            final String wanted = Files.readString(link.resolveSibling("driver_override")).strip();
            final String driver = wanted.isEmpty() ? "e1000" : wanted;
            if (!driver.equals(unwilling)) {
                Files.createSymbolicLink(link, Path.of("../../../../bus/pci/drivers/" + driver));
            }
        }
    }
}
