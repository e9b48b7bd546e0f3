package dev.barewire.tools.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * A run of the suite that has ended, wherever it was.
 *
 * @param output   what {@link SuiteMain} wrote
 * @param exitCode how its JVM ended
 */
record SuiteRun(String output, int exitCode) {
    /** {@return a test for each of the suite's, and one for the run as a whole} */
    Stream<DynamicTest> tests() {
        MatrixTable.read(output);
        List<SuiteResult> results = output.lines().map(SuiteResult::of).flatMap(Optional::stream).toList();
        DynamicTest whole = dynamicTest("the suite runs to its end", () -> {
            assertThat(exitCode).as(output).isZero();
            assertThat(results).isNotEmpty();
        });
        return Stream.concat(Stream.of(whole), results.stream().map(result -> dynamicTest(result.name(), () -> judge(result))));
    }

    private static void judge(SuiteResult result) {
        switch (result.status()) {
            case PASSED -> { }
            case SKIPPED -> abort(result.message());
            case FAILED -> throw new AssertionError(result.name() + ": " + result.message());
        }
    }

    /**
     * What the card sent, by a judge of its own: checksums, and the sequence of the largest segmented frames.
     *
     * @param pcap the traffic of the run
     * @return the test
     */
    static DynamicTest dissection(Path pcap) {
        return dynamicTest("tshark finds every checksum and sequence number right", () -> dissect(pcap));
    }

    private static void dissect(Path pcap) throws IOException, InterruptedException {
        assumeFalse(SuiteJvm.runsPart(), "only a part of the suite ran");
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
}
