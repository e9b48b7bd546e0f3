package dev.barewire.tools.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.tools.guest.Accelerator;
import dev.barewire.tools.json.Json;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoResultTest {
    private static final byte[] FILE = {1, 2, 3};

    private final Report report = new Report(null);

    @Test
    void shouldHaveEveryKeyThatIsPromised() {
        assertThat(result(0).json()).containsKeys("card", "device", "peer", "iommu", "accelerator", "link_mbps", "offloads",
                "ping_replies", "file_bytes", "sha256_match", "frames_received", "frames_sent", "drops", "copies",
                "payload_bytes_copied", "bytes_allocated_per_frame", "buffers_outstanding", "seconds");
    }

    @Test
    void shouldTellOffloadsWithTheirReasons() {
        report.take("report offload.jumbo ABSENT the MTU is \"1500\"");
        assertThat(Json.of(result(0).json())).contains(
                "\"offloads\": {\"jumbo\": {\"state\": \"ABSENT\", \"reason\": \"the MTU is \\\"1500\\\"\"}}");
    }

    @Test
    void shouldCountCopiesOfPayloadApartFromThoseOfHeaders() {
        report.take("report copy.0 42 rx.header-split\tthe card does not split headers");
        report.take("report copy.1 1000 tx.linearise\ttoo many segments");
        report.take("report copy.2 0 rx.payload-placement\tthe card cannot");
        DemoResult result = result(0);
        assertThat(result.payloadBytesCopied()).isEqualTo(1000);
        assertThat(result.copies()).extracting(DemoResult.Copy::site).containsExactly("rx.header-split", "tx.linearise");
        assertThat(Json.of(result.json()))
                .contains("{\"site\": \"tx.linearise\", \"reason\": \"too many segments\", \"bytes\": 1000}");
    }

    @Test
    void shouldTellAllocationUnrounded() {
        report.take("report allocated-receiving 1");
        report.take("report measured-receiving 2");
        report.take("report allocated-sending 0");
        report.take("report measured-sending 1");
        assertThat(result(0).bytesAllocatedPerFrame()).isEqualTo(1 / 3.0);
        report.take("report allocated-receiving 0");
        assertThat(Json.of(result(0).json())).contains("\"bytes_allocated_per_frame\": 0,");
    }

    @Test
    void shouldNotCallAllocationZeroWhenNothingWasMeasured() {
        assertThat(Json.of(result(0).json()))
                .contains("\"bytes_allocated_per_frame\": null", "\"buffers_outstanding\": null");
    }

    @Test
    void shouldNameWhatWentWrong() {
        report.take("report link-mbps 1000");
        report.take("report failure.data-path it broke");
        report.take("report outstanding 3");
        assertThat(result(7).failures()).contains("it broke", "the card's program ended with 7", "the file did not come back",
                "3 buffers were not given back", "the gateway answered no ping");
    }

    @Test
    void shouldNameOnlyTheCauseWhenTheCardNeverCameUp() {
        report.take("report failure.guest no such card");
        assertThat(result(1).failures()).containsExactly("no such card");
    }

    private DemoResult result(int exitCode) {
        DemoSettings settings = new DemoSettings(DemoDevice.parse(DemoDevice.GUEST, null), 1500, FILE.length, Map.of(), null);
        Outside neverRun = new Outside(settings, new Console(true), null, ByteBuffer.wrap(FILE));
        return new DemoResult(settings, report, exitCode, Accelerator.TCG, neverRun, FILE, FILE, 1.5);
    }

    @Test
    void shouldDrawEachTenthOnceWhereThereIsNoTerminal() {
        java.io.ByteArrayOutputStream drawn = new java.io.ByteArrayOutputStream();
        Progress progress = new Progress(new java.io.PrintStream(drawn), false, "file", 1000, 1);
        for (int done = 0; done <= 1000; done++) {
            progress.show(done);
        }
        List<String> lines = drawn.toString().lines().toList();
        assertThat(lines).hasSize(10).first().asString().contains("file", " 10 %");
        assertThat(lines).last().asString().contains("100 %");
    }
}
