package dev.barewire.tools.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.barewire.tools.guest.Card;
import dev.barewire.tools.guest.Guest;
import dev.barewire.tools.guest.GuestConfig;
import dev.barewire.tools.guest.GuestResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
        List<SuiteResult> results = out.toString(StandardCharsets.UTF_8).lines().map(SuiteResult::of)
                .flatMap(Optional::stream).toList();
        List<DynamicTest> tests = new ArrayList<>();
        tests.add(dynamicTest("the suite runs to its end", () -> {
            assertThat(result.exitCode()).as(out.toString(StandardCharsets.UTF_8)).isZero();
            assertThat(results).isNotEmpty();
        }));
        tests.add(dynamicTest("the IOMMU caught the one access to unmapped memory", () -> faults(result.dmesg())));
        results.forEach(one -> tests.add(dynamicTest(one.name(), () -> judge(one))));
        return tests.stream();
    }

    /** The card reports success for what it read from nowhere; the kernel's log knows better. */
    private void faults(String dmesg) {
        List<String> iovas = out.toString(StandardCharsets.UTF_8).lines().filter(line -> line.startsWith(UNMAPPED))
                .map(line -> line.substring(UNMAPPED.length()).strip()).toList();
        List<String> faults = dmesg.lines().filter(line -> line.contains("fault addr")).toList();
        assumeFalse(iovas.isEmpty(), "the test that provokes it did not run");
        assertThat(faults).isNotEmpty().allMatch(line -> line.contains("[00:05.0]")
                && line.contains("fault addr " + iovas.getFirst() + " "));
    }

    private static void judge(SuiteResult result) {
        switch (result.status()) {
            case PASSED -> { }
            case SKIPPED -> abort(result.message());
            case FAILED -> throw new AssertionError(result.message());
        }
    }

    private GuestResult run(Path pcap) throws IOException {
        int port = freePort();
        int machine = freePort();
        Card card = new Card("e1000", 5, "52:54:00:12:34:56",
                "stream,server=on,addr.type=inet,addr.host=127.0.0.1,addr.port=" + port, "vfio-pci");
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                "--add-modules=jdk.incubator.vector", "-Xmx512m", "-D" + Bench.DEVICE + "=vfio:" + card.function(),
                "-Dbarewire.wire=tcp:" + Guest.HOST_ADDRESS + ":" + port,
                "-D" + LinkSuite.MACHINE + "=" + Guest.HOST_ADDRESS + ":" + machine + ":" + card.netdevId(),
                "-cp", System.getProperty("java.class.path"), SuiteMain.class.getName()));
        Optional.ofNullable(System.getProperty("barewire.suite")).ifPresent(command::add);
        return Guest.run(GuestConfig.command(command).card(card).management().hugePages(32).stdout(out)
                .qemu("-object", "filter-dump,id=dump,netdev=" + card.netdevId() + ",file=" + pcap,
                    "-qmp", "tcp:127.0.0.1:" + machine + ",server=on,wait=off").timeLimit(LIMIT));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
