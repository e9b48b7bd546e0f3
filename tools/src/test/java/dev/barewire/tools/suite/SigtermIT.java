package dev.barewire.tools.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.tools.guest.Guest;
import dev.barewire.tools.guest.GuestConfig;
import dev.barewire.tools.guest.GuestResult;
import dev.barewire.testkit.wire.StreamWire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A program that is told to stop while frames come and go. */
@Tag("guest")
@Timeout(300)
class SigtermIT {
    private static final int ECHOES = 300;
    /** The command register's low byte stands at 4 of the configuration space; its bit 2 lets the card master the bus. */
    private static final String SCRIPT = """
        "$@" & program=$!
        trap 'kill -TERM $program' TERM
        wait $program
        wait $program
        echo exit $?
        echo command $(($(od -An -tu1 -j4 -N1 /sys/bus/pci/devices/%s/config) & 4))
        """;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void shouldLeaveTheCardQuietAndNoBufferOutWhenTerminatedInMidTraffic() throws Exception {
        GuestCard card = GuestCard.e1000();
        GuestConfig config = card.guest(shell(card)).stdout(out).timeLimit(Duration.ofMinutes(3));
        try (Guest guest = Guest.start(config);
                StreamWire wire = StreamWire.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), card.port()))) {
            Thread sender = Thread.ofPlatform().daemon().start(() -> sendForEver(wire));
            ByteBuffer echo = ByteBuffer.allocateDirect(StreamWire.MAX_FRAME);
            for (int i = 0; i < ECHOES; i++) {
                assertThat(wire.receive(echo)).isTrue();
            }
            // The echoes go on being taken, or the card would have nowhere to send them.
            Thread.ofPlatform().daemon().start(() -> receiveForEver(wire, echo));

            guest.signal("TERM");

            GuestResult result = guest.await();
            assertThat(result.exitCode()).isZero();
            assertThat(result.dmesg()).doesNotContain("fault addr");
            sender.interrupt();
        }
        assertThat(out.toString(StandardCharsets.UTF_8))
            .containsPattern("echoing\nsent \\d{3,}\noutstanding 0\nexit 143\ncommand 0\n");
    }

    private static List<String> shell(GuestCard card) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", SCRIPT.formatted(card.card().function()), "sh"));
        command.addAll(SuiteJvm.command(card.device(), EchoUntilStopped.class, List.of()));
        return command;
    }

    static void sendForEver(StreamWire wire) {
        ByteBuffer frame = ByteBuffer.wrap(new FrameBuilder().ipv4(FrameBuilder.UDP).udp().payload(200, 1).build());
        try {
            while (!Thread.interrupted()) {
                wire.send(frame.rewind());
            }
        } catch (IOException cut) {
            return; // the guest is gone
        }
    }

    static void receiveForEver(StreamWire wire, ByteBuffer into) {
        try {
            while (wire.receive(into)) {
                Thread.onSpinWait();
            }
        } catch (IOException cut) {
            return; // the guest is gone
        }
    }
}
