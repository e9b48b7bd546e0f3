package dev.barewire.tools.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("guest")
@Timeout(300)
class GuestBootIT {
    private static final Card CARD = new Card("e1000", 5, "52:54:00:12:34:56", "user,restrict=on", "vfio-pci");

    @TempDir
    private Path work;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @AfterEach
    void nothingIsLeftRunning() {
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    @Test
    void shouldBindTheCardBehindTheIommuWhenBooted() throws IOException {
        GuestResult result = Guest.run(shell("""
                ls /dev/vfio
                basename "$(readlink /sys/bus/pci/devices/%s/iommu_group)"
                grep HugePages_Free /proc/meminfo
                echo written >%s/file
                echo "complaint" >&2
                exit 42
                """.formatted(CARD.function(), work)).card(CARD).hugePages(16).work(work));

        assertThat(err).hasToString("complaint\n");
        String[] lines = out.toString(StandardCharsets.UTF_8).split("\\s+");
        assertThat(lines).containsExactly(lines[2], "vfio", lines[2], "HugePages_Free:", "16");
        assertThat(result.exitCode()).isEqualTo(42);
        assertThat(result.dmesg()).contains("DMAR: Intel(R) Virtualization Technology for Directed I/O", "VFIO");
        assertThat(work.resolve("file")).hasContent("written");
    }

    @Test
    void shouldReachTheHostsLoopbackWhenAJavaProgramUsesTheManagementCard() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> greet(server));
            String port = Integer.toString(server.getLocalPort());
            GuestConfig config = GuestConfig.java(List.of(), Caller.class, Guest.HOST_ADDRESS, port);

            GuestResult result = Guest.run(config.management().stdout(out));

            assertThat(out).hasToString("greetings");
            assertThat(result.exitCode()).isZero();
        }
    }

    /** Runs in the guest. */
    static final class Caller {
        private Caller() {
        }

        public static void main(String[] arguments) throws IOException {
            try (Socket socket = new Socket(arguments[0], Integer.parseInt(arguments[1]))) {
                socket.getInputStream().transferTo(System.out);
                System.out.flush();
            }
        }
    }

    private static void greet(ServerSocket server) {
        try (Socket socket = server.accept()) {
            socket.getOutputStream().write("greetings".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldStreamOutputAndDeliverSignalsWhenTheCommandStillRuns() throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        OutputStream watched = new OutputStream() {
            @Override
            public void write(int b) {
                out.write(b);
                if (b == '\n') {
                    ready.countDown();
                }
            }
        };
        GuestConfig config = shell("trap 'echo caught; exit 5' TERM; echo ready; while :; do sleep 0.1; done");
        try (Guest guest = Guest.start(config.stdout(watched))) {
            assertThat(ready.await(60, TimeUnit.SECONDS)).isTrue();

            guest.signal("TERM");

            assertThat(guest.await().exitCode()).isEqualTo(5);
        }
        assertThat(out).hasToString("ready\ncaught\n");
    }

    @Test
    void shouldKillTheGuestAndNameItsLogWhenTheTimeLimitPasses() {
        GuestConfig config = shell("sleep 600").timeLimit(Duration.ofSeconds(1));

        assertThatThrownBy(() -> Guest.run(config)).isInstanceOf(GuestException.class).hasMessageContaining("in time")
                .satisfies(e -> assertThat(Path.of(e.getMessage().replaceFirst(".* ", ""))).exists()
                        .satisfies(Files::delete));
    }

    @Test
    void shouldRepeatWhatQemuSaysWhenItRefusesItsArguments() {
        StringBuilder notices = new StringBuilder();
        GuestConfig config = shell("true").qemu("-device", "no-such-card").notices(notices::append);

        assertThatThrownBy(() -> Guest.run(config)).isInstanceOf(GuestException.class)
                .hasMessageContaining("no-such-card");
        assertThat(notices.toString()).contains("trying once more");
    }

    private GuestConfig shell(String script) {
        return GuestConfig.command("sh", "-c", script).stdout(out).stderr(err);
    }
}
