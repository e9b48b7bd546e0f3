package dev.barewire.tools.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
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
    /** A card that has no profile. */
    private static final Card UNKNOWN = new Card("rtl8139", 6, "52:54:00:12:34:57", "user,restrict=on", "vfio-pci");
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
        tests.add(dynamicTest("tshark finds every checksum and sequence number right", () -> dissect(pcap)));
        results.forEach(one -> tests.add(dynamicTest(one.name(), () -> judge(one))));
        return tests.stream();
    }

    /** The card reports success for what it read from nowhere; the kernel's log knows better. */
    private void faults(String dmesg) {
        List<String> iovas = out.toString(StandardCharsets.UTF_8).lines().filter(line -> line.startsWith(UNMAPPED))
                .map(line -> line.substring(UNMAPPED.length()).strip()).toList();
        List<String> faults = dmesg.lines().filter(line -> line.contains("fault addr")).toList();
        assumeFalse(isPart() && iovas.isEmpty(), "the test that provokes it did not run");
        assertThat(faults).isNotEmpty().allMatch(line -> line.contains("[00:05.0]")
                && line.contains("fault addr " + iovas.getFirst() + " "));
    }

    private static void judge(SuiteResult result) {
        switch (result.status()) {
            case PASSED -> { }
            case SKIPPED -> abort(result.message());
            case FAILED -> throw new AssertionError(result.name() + ": " + result.message());
        }
    }

    /** What the card sent, by a judge of its own: checksums, and the sequence of the largest segmented frames. */
    private static void dissect(Path pcap) throws IOException, InterruptedException {
        assumeFalse(isPart(), "only a part of the suite ran");
        List<String[]> frames = new Dissection(pcap).fields("eth.src == 52:54:00:12:34:56",
                "ip.checksum.status", "tcp.checksum.status", "udp.checksum.status", "tcp.srcport", "tcp.seq_raw", "tcp.len");
        for (int column = 0; column < 3; column++) {
            int sum = column;
            assertThat(frames.stream().map(frame -> frame[sum]).filter(status -> !status.isEmpty()))
                    .hasSizeGreaterThan(20).containsOnly(Dissection.GOOD);
        }
        long whole = 0;
        long next = FrameBuilder.SEQUENCE;
        for (String[] frame : frames) {
            if (frame[3].equals(Integer.toString(TransmitScenarios.LARGEST_PORT))) {
                assertThat(Long.parseLong(frame[4])).as("sequence number").isEqualTo(next);
                next += Long.parseLong(frame[5]);
                if (next == FrameBuilder.SEQUENCE + TransmitScenarios.LARGEST) {
                    whole++;
                    next = FrameBuilder.SEQUENCE;
                }
            }
        }
        assertThat(whole).as("frames of 64 KB, by hardware and by software").isEqualTo(2);
        assertThat(next).isEqualTo(FrameBuilder.SEQUENCE);
    }

    private static boolean isPart() {
        return System.getProperty("barewire.suite") != null;
    }

    private GuestResult run(Path pcap) throws IOException {
        GuestCard card = GuestCard.e1000();
        int machine = GuestCard.freePort();
        List<String> command = card.java(SuiteMain.class,
                "-Dbarewire.wire=tcp:" + Guest.HOST_ADDRESS + ":" + card.port(),
                "-D" + LinkSuite.MACHINE + "=" + Guest.HOST_ADDRESS + ":" + machine + ":" + card.card().netdevId(),
                "-D" + RefusalSuite.UNKNOWN + "=vfio:" + UNKNOWN.function());
        Optional.ofNullable(System.getProperty("barewire.suite")).ifPresent(command::add);
        return Guest.run(card.guest(command).card(UNKNOWN).management().stdout(out).timeLimit(LIMIT).qemu(
                "-object", "filter-dump,id=dump,netdev=" + card.card().netdevId() + ",file=" + pcap,
                "-qmp", "tcp:127.0.0.1:" + machine + ",server=on,wait=off"));
    }
}
