package dev.barewire.tools.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.Force;
import dev.barewire.HeaderSplit;
import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.Verdict;
import dev.barewire.profiles.Offload;
import dev.barewire.tools.kernel.Forwarder.Seen;
import dev.barewire.tools.suite.Dissection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two stacks of the Linux kernel that only know each other through two cards of ours: pings, datagrams of all sizes and a
 * TCP stream each way, byte for byte; and the driver's verdict on every frame is tshark's.
 */
@Timeout(180)
class KernelTrafficIT {
    private static final String ONE = "10.77.0.1";
    private static final String OTHER = "10.77.0.2";
    private static final int HEADERS = 28;
    private static final int STREAM = 4 << 20;

    @TempDir
    private Path folder;

    @BeforeAll
    static void assume() {
        Namespace.assume();
    }

    @ParameterizedTest(name = "{0} and {1}, MTU {2}, receive checksums {3}")
    @CsvSource({
        "e1000, e1000e, 1500, AUTO",
        "e1000, e1000e, 9000, AUTO",
        "e1000e, e1000e, 1500, SOFTWARE",
        "virtio-net, e1000, 1500, AUTO",
        "virtio-net, virtio-net, 9000, AUTO",
    })
    void shouldCarryTheTrafficOfTwoKernels(String card, String otherCard, int mtu, Force force) throws Exception {
        Path capture = folder.resolve("one.pcap");
        Path otherCapture = folder.resolve("other.pcap");
        List<Seen> fromOne = new ArrayList<>();
        List<Seen> fromOther = new ArrayList<>();
        String mac;
        String otherMac;
        NicConfig config = NicConfig.defaults().mtu(mtu).promiscuous(true);
        for (Offload offload : List.of(Offload.RX_IP_CHECKSUM, Offload.RX_TCP_CHECKSUM, Offload.RX_UDP_CHECKSUM)) {
            config = config.offload(offload, force);
        }
        try (Namespace one = Namespace.create("a"); Namespace other = Namespace.create("b");
                Nic nic = Nic.open(device(card, one, capture), config);
                Nic otherNic = Nic.open(device(otherCard, other, otherCapture), config);
                Forwarder forwarder = Forwarder.between(nic, otherNic, fromOne, fromOther)) {
            one.moveIn(ONE + "/24", mtu);
            other.moveIn(OTHER + "/24", mtu);
            mac = one.mac();
            otherMac = other.mac();
            talk(one, other, mtu);
            forwarder.stop();
            assertThat(nic.counters().drops()).as("drops").allSatisfy((name, count) -> assertThat(count).as(name).isZero());
        }
        expectTheSameVerdicts(fromOne, otherCapture, mac);
        expectTheSameVerdicts(fromOther, capture, otherMac);
    }

    /** Frames of up to 64 KiB come from one kernel as it had them before they were cut, and are cut on the way to the other. */
    @ParameterizedTest(name = "virtio-net and {0}")
    @ValueSource(strings = {"virtio-net", "e1000"})
    void shouldCutAgainWhatOneKernelLeftWhole(String otherCard) throws Exception {
        List<Seen> fromOne = new ArrayList<>();
        NicConfig config = NicConfig.defaults().promiscuous(true).largeReceive(true).headerSplit(HeaderSplit.NONE);
        try (Namespace one = Namespace.create("a"); Namespace other = Namespace.create("b");
                Nic nic = Nic.open(device("virtio-net", one, folder.resolve("one.pcap")), config);
                Nic otherNic = Nic.open(device(otherCard, other, folder.resolve("other.pcap")), config);
                Forwarder forwarder = Forwarder.between(nic, otherNic, fromOne, new ArrayList<>())) {
            one.moveIn(ONE + "/24", 1500);
            other.moveIn(OTHER + "/24", 1500);
            talk(one, other, 1500);
            forwarder.stop();
            assertThat(nic.counters().drops()).as("drops").allSatisfy((name, count) -> assertThat(count).as(name).isZero());
        }
        assertThat(fromOne).as("frames that stand for several").anyMatch(frame -> frame.length() > 10_000);
        assertThat(fromOne).allMatch(frame -> frame.l4() != Verdict.BAD);
    }

    /**
     * Recorded where the driver sends a frame on by the other card: before, the kernel may have left its checksum to QEMU or,
     * with a virtio card, to the driver.
     */
    private static String device(String card, Namespace cable, Path capture) {
        return "pcap:out=" + capture + ":qemu:" + card + "?wire=tap:" + cable.tap();
    }

    private static void talk(Namespace one, Namespace other, int mtu) throws IOException, InterruptedException {
        Process echo = other.start(KernelPeer.class, "echo");
        try {
            assertThat(echo.inputReader().readLine()).isEqualTo("ready");
            Process talk = one.start(KernelPeer.class, "talk", OTHER, Integer.toString(mtu - HEADERS), Integer.toString(STREAM));
            String output = new String(talk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(talk.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(output).contains("all came back");
        } finally {
            echo.destroyForcibly().waitFor();
        }
    }

    /** Of all frames that the kernel sent, in their order. */
    private static void expectTheSameVerdicts(List<Seen> seen, Path capture, String mac) throws Exception {
        List<String[]> frames = new Dissection(capture).fields("eth.src == " + mac,
                "frame.len", "ip.checksum.status", "tcp.checksum.status", "udp.checksum.status");
        assertThat(seen).hasSizeGreaterThan(100).hasSameSizeAs(frames);
        for (int i = 0; i < seen.size(); i++) {
            String[] frame = frames.get(i);
            Seen found = new Seen(Integer.parseInt(frame[0]), verdict(frame[1]),
                    verdict(frame[2].isEmpty() ? frame[3] : frame[2]));
            assertThat(seen.get(i).padded()).as("frame %d", i).isEqualTo(found);
        }
    }

    /** What the driver calls what tshark found. */
    private static Verdict verdict(String status) {
        return switch (status) {
            case "" -> Verdict.NONE;
            case Dissection.GOOD -> Verdict.GOOD;
            case "0" -> Verdict.BAD;
            default -> throw new AssertionError("tshark's checksum status " + status);
        };
    }
}
