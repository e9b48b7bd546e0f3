package dev.barewire.tools.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.Packet;
import dev.barewire.SetupException;
import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.CopyLedger;
import dev.barewire.dma.CopySite;
import dev.barewire.dma.MemoryKind;
import dev.barewire.testkit.pcap.CaptureFile;
import dev.barewire.testkit.wire.SocketWire;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a card can be plugged in, and what can be kept of its traffic. */
@Timeout(60)
class QemuOptionsIT {
    private static final String MAC = "52:54:00:01:02:03";

    @TempDir
    private Path folder;
    private final CopySite scribe = new CopyLedger().site("test", "frames to and from arrays");

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "[::1]"})
    void shouldCarryFramesToWhoListensOnTcp(final String host) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            try {
                server.bind(new InetSocketAddress(InetAddress.getByName(host), 0));
            } catch (final IOException none) {
                assumeTrue(false, "this machine has no " + host);
            }
            final int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
            try (Nic nic = open("qemu:e1000?wire=tcp:" + host + ":" + port); SocketWire wire = SocketWire.accept(server)) {
                final byte[] frame = QemuBench.frame(777, 1);
                QemuBench.until("room on the cable", () -> wire.send(new UnsafeBuffer(frame), 0, frame.length));
                assertThat(received(nic)).isEqualTo(frame);
                send(nic, QemuBench.frame(888, 2));
                final List<byte[]> arrived = new ArrayList<>();
                QemuBench.until("a frame on the cable", () -> wire.poll((buffer, offset, length) -> {
                    final byte[] bytes = new byte[length];
                    buffer.getBytes(offset, bytes);
                    arrived.add(bytes);
                }, 1) == 1);
                assertThat(arrived.getFirst()).isEqualTo(QemuBench.frame(888, 2));
            }
        }
    }

    /** The kernel is at the other end: a datagram each way between a socket of its and the card. */
    @Test
    void shouldCarryFramesToTheKernelByATapInterface() throws IOException, InterruptedException {
        final String tap = "bw" + ProcessHandle.current().pid();
        assumeTrue(run("ip", "tuntap", "add", "dev", tap, "mode", "tap") == 0,
            "making a tap interface takes root, the ip program and /dev/net/tun");
        try {
            assertThat(run("ip", "address", "add", "198.18.77.1/24", "dev", tap)).isZero();
            assertThat(run("ip", "link", "set", tap, "address", "52:54:00:0a:0b:0c", "up")).isZero();
            assertThat(run("ip", "neighbour", "add", "198.18.77.2", "lladdr", MAC, "dev", tap)).isZero();
            try (Nic nic = open("qemu:e1000?mac=" + MAC + "&wire=tap:" + tap);
                DatagramSocket kernel = new DatagramSocket(4000, InetAddress.getByName("198.18.77.1"))) {
                final byte[] question = "is anybody there".getBytes(StandardCharsets.US_ASCII);
                kernel.send(new DatagramPacket(question, question.length, InetAddress.getByName("198.18.77.2"), 4001));
                byte[] frame;
                do {
                    frame = received(nic);
                } while (frame[12] != 8 || frame[13] != 0 || frame[23] != 17 || frame.length < 42 + question.length);
                assertThat(Arrays.copyOfRange(frame, 42, 42 + question.length)).isEqualTo(question);

                send(nic, answer(frame));
                final DatagramPacket heard = new DatagramPacket(new byte[100], 100);
                kernel.setSoTimeout((int) TimeUnit.SECONDS.toMillis(20));
                kernel.receive(heard);
                assertThat(Arrays.copyOf(heard.getData(), heard.getLength())).isEqualTo(question);
            }
        } finally {
            run("ip", "tuntap", "del", "dev", tap, "mode", "tap");
        }
    }

    /** The same datagram the other way, without a UDP checksum. The IP header's sum does not depend on the order of addresses. */
    private static byte[] answer(final byte[] question) {
        final byte[] answer = question.clone();
        swap(answer, 0, 6, 6);
        swap(answer, 26, 30, 4);
        swap(answer, 34, 36, 2);
        answer[40] = 0;
        answer[41] = 0;
        return answer;
    }

    private static void swap(final byte[] bytes, final int one, final int other, final int length) {
        for (int i = 0; i < length; i++) {
            final byte kept = bytes[one + i];
            bytes[one + i] = bytes[other + i];
            bytes[other + i] = kept;
        }
    }

    private static int run(final String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start().waitFor();
        } catch (final IOException missing) {
            return -1;
        }
    }

    @Test
    void shouldKeepWhatQemuSawAndTracedInFiles() {
        final Path pcap = folder.resolve("a,b.pcap");
        final Path trace = folder.resolve("a,b.trace");
        final String name = "qemu:e1000e?pcap=" + pcap + "&trace=" + trace;
        try (QemuBench bench = new QemuBench(name, NicConfig.defaults().promiscuous(true))) {
            bench.give(QemuBench.frame(100, 1));
            assertThat(bench.received()).isEqualTo(QemuBench.frame(100, 1));
            bench.send(QemuBench.frame(200, 2));
            assertThat(bench.onWire()).isEqualTo(QemuBench.frame(200, 2));
        }

        final CaptureFile capture = CaptureFile.read(pcap);
        assertThat(capture.frames()).extracting(frame ->
            Arrays.copyOfRange(capture.bytes(), frame.offset(), frame.offset() + frame.length()))
            .containsExactly(QemuBench.frame(100, 1), QemuBench.frame(200, 2));
        assertThat(trace).content(StandardCharsets.ISO_8859_1).contains("e1000e_rx_");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "pcap=/no/such/folder/x.pcap | /no/such/folder",
        "trace=/no/such/folder/x | /no/such/folder",
        "wire=netdev:nonsense | nonsense",
    })
    void shouldSayWhatIsWrongWhenAPlaceCannotBeUsed(final String option, final String what) {
        assertThatThrownBy(() -> open("qemu:e1000?" + option).close()).isInstanceOf(SetupException.class)
            .hasMessageContainingAll(what, "To mend it");
    }

    private static Nic open(final String name) {
        return Nic.open(name, NicConfig.defaults().promiscuous(true));
    }

    private byte[] received(final Nic nic) {
        final Packet[] one = new Packet[1];
        QemuBench.until("a frame from the card", () -> nic.rx(0).poll(one) == 1);
        final byte[] bytes = new byte[one[0].length()];
        scribe.copy(one[0].segments().buffer(0), one[0].segments().offset(0), bytes, 0, bytes.length);
        one[0].release();
        return bytes;
    }

    private void send(final Nic nic, final byte[] frame) {
        try (BufferPool pool = new BufferPool("test", nic.domain(), MemoryKind.ANONYMOUS, 2048, 1)) {
            final Buffer buffer = pool.take();
            scribe.copy(frame, 0, buffer, 0, frame.length);
            final Packet[] one = {nic.tx(0).packet().append(buffer, 0, frame.length)};
            QemuBench.until("room to send", () -> nic.tx(0).send(one, 1) == 1);
            QemuBench.until("its completion", () -> {
                nic.tx(0).reclaim();
                return nic.tx(0).pending() == 0;
            });
        }
    }
}
