package dev.barewire.tools.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.testkit.pcap.CaptureFile;
import dev.barewire.testkit.wire.Cable;
import dev.barewire.testkit.wire.StreamWire;
import dev.barewire.testkit.wire.Wire;
import dev.barewire.tools.Main;
import dev.barewire.tools.frames.FrameWriter;
import dev.barewire.tools.frames.Octets;
import dev.barewire.tools.frames.Station;
import dev.barewire.tools.wire.EthernetPeer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands on models and on QEMU's card, with somebody else on the cable. */
@Timeout(120)
class TrafficIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int FRAMES = 100;
    /** A command's view of a second, after which traffic gets through. */
    private static final String VIEW = "\\d+ s %s .*link up";

    @TempDir
    private Path folder;

    @AfterEach
    void endWhatIsLeft() {
        StopSignals.stopAll();
    }

    @Test
    void shouldCaptureAllThatIsGeneratedInOrderWhenTwoModelsShareACable() throws Exception {
        final Path pcap = folder.resolve("dump.pcapng");
        final CommandInThread dump = new CommandInThread("dump", "model:82540EM?wire=cable:dump", "--pcap", pcap.toString(),
            "--count", "300", "--json").awaitOutput("\\{\"seconds\": .*\"link_up\": true.*");
        final CommandInThread gen = new CommandInThread("gen", "model:82540EM?wire=cable:dump", "--rate", "500", "--count", "300",
            "--size", "imix", "--flows", "5", "--json");

        assertThat(dump.output()).contains("\"captured\": 300", "\"site\": \"dump\"", "\"buffers_outstanding\": 0");
        assertThat(gen.output()).contains("\"buffers_outstanding\": 0", "\"failures\": []");
        final CaptureFile capture = CaptureFile.read(pcap);
        assertThat(capture.frames()).hasSize(300);
        for (int i = 0; i < capture.frames().size(); i++) {
            final CaptureFile.Frame frame = capture.frames().get(i);
            final ByteBuffer bytes = ByteBuffer.wrap(capture.bytes(), frame.offset(), frame.length()).slice();
            assertThat(bytes.getLong(FrameWriter.UDP_PAYLOAD)).isEqualTo(i);
            assertThat(bytes.getShort(FrameWriter.L4) & 0xffff).isEqualTo(1024 + i % 5);
        }
    }

    @Test
    void shouldSendEachQueuesShareWhenTwoQueuesGenerate() throws Exception {
        try (ServerSocketChannel server = listen("queues")) {
            final CommandInThread gen = new CommandInThread("gen", device("e1000e", "queues"), "--queues", "2", "--count", "201",
                "--json");
            final int[] seen = new int[101];
            try (StreamWire peer = StreamWire.accept(server)) {
                final ByteBuffer got = ByteBuffer.allocateDirect(StreamWire.MAX_FRAME);
                for (int i = 0; i < 201; i++) {
                    assertThat(peer.receive(got)).isTrue();
                    seen[(int) got.getLong(FrameWriter.UDP_PAYLOAD)]++;
                }
                assertThat(gen.output()).contains("\"buffers_outstanding\": 0", "\"failures\": []");
            }
            assertThat(seen).startsWith(2, 2).endsWith(2, 1).doesNotContain(0, 3);
        }
    }

    @Test
    void shouldTellEachFrameInALineWhenThereIsNoCapture() throws Exception {
        final CommandInThread dump = new CommandInThread("dump", "model:82540EM?wire=cable:lines", "--count", "20");
        final CommandInThread gen = new CommandInThread("gen", "model:82540EM?wire=cable:lines&mac=02:00:00:00:00:77", "--rate",
            "200", "--tcp", "--dst-mac", "02:00:00:00:00:78");

        assertThat(dump.output().lines()).hasSize(20).allSatisfy(line -> assertThat(line).matches(
            "\\d\\d:\\d\\d:\\d\\d\\.\\d{6} 70 bytes 02:00:00:00:00:77 > 02:00:00:00:00:78 IPv4 198\\.18\\.0\\.1:1024 > "
            + "198\\.18\\.0\\.2:9 TCP PA seq 0 payload 16, IP checksum good, TCP checksum good, split by view after 54"));
        assertThat(dump.errors()).contains("outstanding  0 buffers");
        assertThat(gen.stop()).contains("outstanding  0 buffers");
    }

    @Test
    void shouldAnswerArpPingAndDatagramsWhenItIsQemusCard() throws Exception {
        final Station peerSelf = new Station(0x0200_0000_0099L, Station.ip(10, 1, 0, 9), 4000);
        try (ServerSocketChannel server = listen("echo")) {
            final CommandInThread echo = new CommandInThread("echo", device("e1000", "echo"), "--ip", "10.1.0.1/24", "--idle", "interrupt");
            try (EthernetPeer peer = new EthernetPeer(StreamWire.accept(server), peerSelf)) {
                echo.awaitOutput(VIEW.formatted("qemu:.*"));
                final Station card = peer.resolve(Station.ip(10, 1, 0, 1), PATIENCE);
                assertThat(card).isNotNull();
                assertThat(peer.ping(card, 5, 333, PATIENCE)).isEqualTo(5);
                for (final String text : List.of("even", "odd", "")) {
                    peer.send(new Station(card.mac(), card.ip(), 7), ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
                    assertThat(StandardCharsets.US_ASCII.decode(peer.receive(PATIENCE.toNanos())).toString()).isEqualTo(text);
                }
                assertThat(peer.wrongSums()).isZero();
                assertThat(echo.stop()).containsPattern("pings +5\n").containsPattern("datagrams +3\n")
                    .contains("copied       nothing", "outstanding  0 buffers");
            }
        }
    }

    @Test
    void shouldForwardByteForByteBothWaysWhenAModelAndQemusCardAreTheTwo() throws Exception {
        try (Wire left = Cable.named("forward"); ServerSocketChannel server = listen("forward")) {
            final CommandInThread forward = new CommandInThread("forward", "model:82540EM?wire=cable:forward", device("e1000", "forward"));
            try (StreamWire right = StreamWire.accept(server)) {
                forward.awaitOutput(VIEW.formatted("model:.*")).awaitOutput(VIEW.formatted("qemu:.*"));
                final ByteBuffer got = ByteBuffer.allocateDirect(StreamWire.MAX_FRAME);
                final List<byte[]> frames = frames();
                for (final byte[] frame : frames) {
                    send(forward, left, frame);
                    assertThat(right.receive(got)).isTrue();
                    assertThat(bytes(got)).isEqualTo(frame);
                    right.send(ByteBuffer.wrap(frame));
                    assertThat(receive(forward, left)).isEqualTo(frame);
                }
                final String copied = frames.stream().mapToInt(frame -> frame.length).sum() + " bytes at tx.fetch: ";
                assertThat(forward.stop().split(copied, -1)).as("copied once each way").hasSize(3);
                assertThat(forward.output()).contains("outstanding  0 buffers");
            }
        }
    }

    @Test
    void shouldSendBackWithAddressesSwappedAndNothingCopiedWhenThereIsOneCard() throws Exception {
        try (Wire wire = Cable.named("swap")) {
            final CommandInThread forward = new CommandInThread("forward", "model:82540EM?wire=cable:swap")
                .awaitOutput(VIEW.formatted("model:.*"));
            for (final byte[] frame : frames()) {
                send(forward, wire, frame);
                final Octets there = new Octets.OfByteBuffer(ByteBuffer.wrap(frame));
                final long destination = there.getMac(0);
                there.putMac(0, there.getMac(6));
                there.putMac(6, destination);
                assertThat(receive(forward, wire)).isEqualTo(frame);
            }
            assertThat(forward.stop()).contains("copied       nothing", "outstanding  0 buffers");
        }
    }

    @Test
    void shouldEndWithTheSummaryAndExitCodeZeroWhenTerminated() throws Exception {
        final Path said = folder.resolve("gen.txt");
        final Process gen = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "--enable-native-access=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
            Main.class.getName(), "gen", "model:82540EM").redirectErrorStream(true).redirectOutput(said.toFile()).start();
        try {
            final long end = System.nanoTime() + PATIENCE.toNanos();
            while (!Files.readString(said).contains(" s model:82540EM") && gen.isAlive() && System.nanoTime() - end < 0) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            gen.toHandle().destroy();
            assertThat(gen.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            gen.destroyForcibly();
        }

        assertThat(gen.exitValue()).as(Files.readString(said)).isZero();
        assertThat(said).content().contains(" s model:82540EM", "\n  outstanding  0 buffers\n");
    }

    private ServerSocketChannel listen(final String name) throws Exception {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
            .bind(UnixDomainSocketAddress.of(folder.resolve(name)));
    }

    private String device(final String card, final String wire) {
        return "qemu:" + card + "?wire=unix:" + folder.resolve(wire);
    }

    private static List<byte[]> frames() {
        final Random random = new Random(7);
        final List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < FRAMES; i++) {
            final byte[] frame = new byte[60 + random.nextInt(1455)];
            random.nextBytes(frame);
            // From and to single stations.
            frame[0] = 2;
            frame[6] = 2;
            frames.add(frame);
        }
        return frames;
    }

    private static byte[] bytes(final ByteBuffer frame) {
        final byte[] bytes = new byte[frame.limit()];
        frame.get(0, bytes);
        return bytes;
    }

    private static void send(final CommandInThread to, final Wire wire, final byte[] frame) throws InterruptedException {
        final UnsafeBuffer buffer = new UnsafeBuffer(frame);
        to.until(() -> wire.send(buffer, 0, frame.length));
    }

    private static byte[] receive(final CommandInThread from, final Wire wire) throws InterruptedException {
        final byte[][] got = new byte[1][];
        from.until(() -> wire.poll((buffer, offset, length) -> {
            got[0] = new byte[length];
            buffer.getBytes(offset, got[0]);
        }, 1) == 1);
        return got[0];
    }
}
