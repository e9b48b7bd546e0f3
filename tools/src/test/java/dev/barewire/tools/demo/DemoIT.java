package dev.barewire.tools.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs the demo as a person does, out of the jar file, and judges the JSON. */
@Timeout(600)
class DemoIT {
    private static final int PCAP_HEADER = 24;

    @TempDir
    private Path folder;

    /**
     * A class that the compiler reaches late makes its string constants on the data path's thread, once, of which a second
     * run is free; what a frame allocates would show in both.
     */
    @Test
    @Tag("guest")
    void shouldAllocateNothingAndCopyNothingWithAFileOf16MiB() throws Exception {
        String nothing = "\"bytes_allocated_per_frame\": 0,";
        String json = demo();
        if (!json.contains(nothing)) {
            json = demo();
        }
        assertThat(json).contains("\"card\": \"82540EM\"", "\"file_bytes\": 16777216", "\"ping_replies\": 5", nothing,
                "\"tx-udp-checksum\": {\"state\": \"HARDWARE\"");
    }

    @Test
    @Tag("guest")
    void shouldGiveTheSameFileAndSayWhyWhenSoftwareDoesTheWork() throws Exception {
        Path pcap = folder.resolve("demo.pcap");
        assertThat(demo("--size", "2m", "--offload", "tx-checksum=software", "--offload", "header-split=off", "--pcap",
                pcap.toString())).contains("\"file_bytes\": 2097152",
                "\"tx-udp-checksum\": {\"state\": \"SOFTWARE\", \"reason\": \"",
                "\"header-split\": {\"state\": \"ABSENT\", \"reason\": \"");
        assertThat(Files.size(pcap)).isGreaterThan(2L * 2097152 + PCAP_HEADER);
    }

    @Test
    @Tag("guest")
    void shouldCarryJumboFramesToTheRawPeer() throws Exception {
        assertThat(demo("--size", "2m", "--mtu", "9000")).contains("\"peer\": \"raw Ethernet peer\"", "\"ping_replies\": 5");
    }

    /** The card puts the headers apart, or the driver does: the file is the same. */
    @ParameterizedTest
    @Tag("guest")
    @CsvSource({"e1000e, 82574L", "igb, 82576", "virtio-net, virtio-net"})
    void shouldDriveOtherCardsInTheGuest(String card, String name) throws Exception {
        assertThat(demo("--size", "2m", "--card", card)).contains("\"card\": \"" + name + "\"", "\"ping_replies\": 5");
    }

    /** Without a guest there is nothing that a machine lacks: no KVM, no IOMMU, no rights. */
    @ParameterizedTest
    @CsvSource({"qemu:e1000, 82540EM, QEMU user network (libslirp)", "qemu:e1000e, 82574L, QEMU user network (libslirp)",
        "qemu:igb, 82576, QEMU user network (libslirp)", "qemu:virtio-net, virtio-net, QEMU user network (libslirp)",
        "model:82540EM, 82540EM, raw Ethernet peer"})
    void shouldDoTheSameWithoutAGuest(String device, String card, String peer) throws Exception {
        String nothing = "\"bytes_allocated_per_frame\": 0,";
        String json = demo("--device", device);
        if (!json.contains(nothing)) {
            json = demo("--device", device);
        }
        assertThat(json).contains("\"card\": \"" + card + "\"", "\"device\": \"" + device + "\"", "\"peer\": \"" + peer + "\"",
                "\"file_bytes\": 16777216", "\"ping_replies\": 5", nothing);
    }

    /** QEMU captures outside of the card's program; where there is no QEMU the program does, and its ledger says so. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"qemu:e1000|\"copies\": [],", "model:82540EM|\"copies\": [{\"site\": \"pcap.record\","})
    void shouldTakeEveryOptionWithoutAGuest(String device, String copies) throws Exception {
        Path pcap = folder.resolve("a:b.pcap");
        assertThat(run("--device", device, "--size", "2m", "--mtu", "9000", "--offload", "tx-checksum=software", "--pcap",
                pcap.toString())).contains("\"peer\": \"raw Ethernet peer\"", "\"ping_replies\": 5", copies,
                "\"tx-udp-checksum\": {\"state\": \"SOFTWARE\", \"reason\": \"");
        assertThat(Files.size(pcap)).isGreaterThan(2L * 2097152 + PCAP_HEADER);
    }

    /** Runs the demo with further options; gives its JSON, in which all is well and nothing was copied. */
    private String demo(String... options) throws IOException, InterruptedException {
        String json = run(options);
        assertThat(json).contains("\"payload_bytes_copied\": 0,", "\"copies\": [],");
        return json;
    }

    /** Runs the demo with further options; gives its JSON, in which all is well whatever the options are. */
    private String run(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED", "-jar",
                Path.of("target", "barewire.jar").toString(), "demo", "--json"));
        command.addAll(List.of(options));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try {
            assertThat(process.waitFor(280, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroy();
        }
        String json = Files.readString(out);
        assertThat(process.exitValue()).as("%s%n%s", json, Files.readString(err)).isZero();
        assertThat(json.lines()).hasSize(1);
        assertThat(json).startsWith("{").contains("\"sha256_match\": true", "\"buffers_outstanding\": 0,", "\"peer_ping_replies\": 5,", "\"failures\": []");
        return json;
    }
}
