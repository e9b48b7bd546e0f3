package dev.barewire.tools.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.testkit.wire.StreamWire;
import dev.barewire.tools.guest.Guest;
import dev.barewire.tools.guest.GuestConfig;
import dev.barewire.tools.guest.GuestResult;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that is killed in mid-traffic, which cannot tidy up: the kernel must leave the card quiet. */
@Tag("guest")
@Timeout(300)
class SigkillIT {
    private static final int ECHOES = 300;
    /** As many as the program needs, so that what it gave back is poisoned. */
    private static final int HUGE_PAGES = 20;
    /** Bit 2 of the command register's low byte, at 4 of configuration space, lets the card reach memory. */
    private static final String SCRIPT = """
        master() { echo "$1 master $(($(od -An -tu1 -j4 -N1 /sys/bus/pci/devices/%s/config) & 4))"; }
        "$@" & program=$!
        trap 'master before; kill -KILL $program' TERM
        wait $program
        wait $program
        echo exit $?
        master after
        %s
        master end
        """;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(strings = {"vfio-pci", "uio_pci_generic"})
    void shouldReachNoMemoryWhenItsProgramWasKilledInMidTraffic(String driver) throws Exception {
        GuestCard card = GuestCard.of("e1000e", driver);
        GuestConfig config = card.guest(shell(card)).hugePages(HUGE_PAGES).stdout(out).timeLimit(Duration.ofMinutes(3));
        try (Guest guest = Guest.start(config);
                StreamWire wire = StreamWire.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), card.port()))) {
            Thread sender = Thread.ofPlatform().daemon().start(() -> SigtermIT.sendForEver(wire));
            ByteBuffer echo = ByteBuffer.allocateDirect(StreamWire.MAX_FRAME);
            for (int i = 0; i < ECHOES; i++) {
                assertThat(wire.receive(echo)).isTrue();
            }
            Thread.ofPlatform().daemon().start(() -> SigtermIT.receiveForEver(wire, echo));

            guest.signal("TERM");

            GuestResult result = guest.await();
            assertThat(result.exitCode()).isZero();
            assertThat(result.dmesg()).doesNotContain("fault addr");
            sender.interrupt();
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).containsPattern(
            "echoing\nbefore master 4\nexit 137\nafter master 0\npoisoned [1-9]\\d*\nspoilt 0\nend master 0\n");
    }

    private static List<String> shell(GuestCard card) {
        String poison = String.join(" ", SuiteJvm.command(card.device(), PoisonedPages.class, List.of()));
        List<String> command = new ArrayList<>(
            List.of("sh", "-c", SCRIPT.formatted(card.card().function(), poison), "sh"));
        command.addAll(SuiteJvm.command(card.device(), EchoUntilStopped.class, List.of()));
        return command;
    }
}
