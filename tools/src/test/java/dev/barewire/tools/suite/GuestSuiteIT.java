package dev.barewire.tools.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.barewire.tools.guest.Card;
import dev.barewire.tools.guest.Guest;
import dev.barewire.tools.guest.GuestResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The card suite in a guest: the 82540EM through vfio-pci behind the virtual IOMMU. */
@Tag("guest")
class GuestSuiteIT {
    /** Stands before an IOVA that the suite had the card read although nothing is mapped there. */
    static final String UNMAPPED = "unmapped iova:";
    private static final Duration LIMIT = Duration.ofMinutes(20);

    @TempDir
    private Path work;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @TestFactory
    Stream<DynamicTest> shouldDriveTheCardInTheGuest() throws IOException {
        Path pcap = work.resolve("card.pcap");
        GuestResult result = run(pcap);
        String output = out.toString(StandardCharsets.UTF_8);
        return Stream.concat(new SuiteRun(output, result.exitCode()).tests(), Stream.of(
            dynamicTest("the IOMMU caught the one access to unmapped memory", () -> faults(output, result.dmesg())),
            SuiteRun.dissection(pcap)));
    }

    /** The card reports success for what it read from nowhere; the kernel's log knows better. */
    private void faults(String output, String dmesg) {
        assumeTrue(driver().equals("vfio-pci"), "there is no IOMMU to catch one");
        List<String> iovas = output.lines().filter(line -> line.startsWith(UNMAPPED))
                .map(line -> line.substring(UNMAPPED.length()).strip()).toList();
        List<String> faults = dmesg.lines().filter(line -> line.contains("fault addr")).toList();
        assumeFalse(SuiteJvm.runsPart() && iovas.isEmpty(), "the test that provokes it did not run");
        assertThat(faults).isNotEmpty().allMatch(line -> line.contains("[00:05.0]")
                && line.contains("fault addr " + iovas.getFirst() + " "));
    }

    /** {@return the card, by QEMU's name for it} */
    String model() {
        return "e1000";
    }

    /** {@return the driver that hands the card out} */
    String driver() {
        return "vfio-pci";
    }

    /** {@return options of the suite's JVM beyond those that it always has} */
    List<String> options() {
        return List.of();
    }

    /**
     * How the suite is started in the guest.
     *
     * @param suite program and arguments
     * @return the same, or what runs it
     */
    List<String> started(List<String> suite) {
        return suite;
    }

    private GuestResult run(Path pcap) throws IOException {
        GuestCard card = GuestCard.of(model(), driver());
        Card unknown = new Card("rtl8139", 6, "52:54:00:12:34:57", "user,restrict=on", driver());
        int machine = GuestCard.freePort();
        List<String> options = new ArrayList<>(options());
        options.addAll(List.of(
                "-D" + FarEnd.WIRE + "=tcp:" + Guest.HOST_ADDRESS + ":" + card.port(),
                "-D" + MachineSwitch.MACHINE + "=" + Guest.HOST_ADDRESS + ":" + machine + ":" + card.card().netdevId(),
                "-D" + RefusalSuite.UNKNOWN + "=" + card.device().replace(card.card().function(), unknown.function())));
        List<String> command = SuiteJvm.suite(card.device(), options);
        return Guest.run(card.guest(started(command)).card(unknown).management().stdout(out).timeLimit(LIMIT).qemu(
                "-object", "filter-dump,id=dump,netdev=" + card.card().netdevId() + ",file=" + pcap,
                "-qmp", "tcp:127.0.0.1:" + machine + ",server=on,wait=off"));
    }
}
