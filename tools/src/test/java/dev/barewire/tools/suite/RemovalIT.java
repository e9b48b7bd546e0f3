package dev.barewire.tools.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.testkit.wire.StreamWire;
import dev.barewire.tools.guest.Card;
import dev.barewire.tools.guest.Guest;
import dev.barewire.tools.guest.GuestConfig;
import dev.barewire.tools.guest.GuestResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cards that are unplugged from a guest while a program drives them: one in mid-traffic, one that nothing comes to. */
@Tag("guest")
@Timeout(200)
class RemovalIT {
    private static final int ECHOES = 300;
    private static final String MESSAGE_OF_VFIO = "Relaying device request to user";
    private static final String CLOSED = " CLOSED lost 1 sent %s outstanding 0\n";
    /** The guest's kernel gives a card up when the program has. */
    private static final String SCRIPT = """
        "$@"
        echo exit $?
        until [ -z "$(ls -d %s 2>/dev/null)" ]; do sleep 0.1; done
        echo gone
        """;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final AtomicLong echoes = new AtomicLong();

    /** What the guest's machine is told meanwhile. */
    private interface Unplugging {
        void with(MachineProtocol machine) throws IOException, InterruptedException;
    }

    /** The kernel asks for the card and waits: it still answers, and is given back quiet. */
    @Test
    void shouldGiveBackEachCardThatIsUnpluggedAndGoOnWithTheOther() throws Exception {
        GuestCard busy = behindRootPort(GuestCard.of("e1000e"));
        Card idle = new Card("igb", 6, "52:54:00:12:34:57", "hubport,hubid=0", "vfio-pci").behindRootPort(2);

        GuestResult result = run(busy, busy.guest(program(List.of(busy.card(), idle), "vfio:")).card(idle), machine -> {
            await(() -> text().contains("vfio:" + idle.function() + " echoes\n") && echoes.get() >= ECHOES);
            machine.unplug(idle.deviceId());
            machine.awaitUnplugged(idle.deviceId());
            long before = echoes.get();
            await(() -> echoes.get() >= before + ECHOES);
            assertThat(text()).doesNotContain(busy.device() + " REMOVED");

            machine.unplug(busy.card().deviceId());
            machine.awaitUnplugged(busy.card().deviceId());
        });

        assertThat(result.dmesg()).contains("vfio-pci " + busy.card().function() + ": " + MESSAGE_OF_VFIO)
            .contains("vfio-pci " + idle.function() + ": " + MESSAGE_OF_VFIO);
        assertThat(text()).containsPattern("vfio:" + idle.function() + " REMOVED\n"
            + "vfio:" + idle.function() + CLOSED.formatted("0")
            + busy.device() + " REMOVED\n"
            + busy.device() + CLOSED.formatted("\\d{3,}") + "exit 0\ngone\n");
    }

    private static GuestCard behindRootPort(GuestCard card) {
        return new GuestCard(card.card().behindRootPort(1), card.port());
    }

    private GuestResult run(GuestCard busy, GuestConfig config, Unplugging unplugging) throws Exception {
        int monitor = GuestCard.freePort();
        config.stdout(out).timeLimit(Duration.ofMinutes(3)).qemu("-qmp", "tcp:127.0.0.1:" + monitor + ",server=on,wait=off");
        try (Guest guest = Guest.start(config);
                MachineProtocol machine = new MachineProtocol("127.0.0.1", monitor);
                StreamWire wire = StreamWire.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), busy.port()))) {
            Thread.ofPlatform().daemon().start(() -> SigtermIT.sendForEver(wire));
            Thread.ofPlatform().daemon().start(() -> count(wire, echoes));

            unplugging.with(machine);

            GuestResult result = guest.await();
            assertThat(result.exitCode()).isZero();
            assertThat(result.dmesg()).doesNotContain("fault addr", "Call Trace", "WARNING", "BUG:", "Oops");
            return result;
        }
    }

    private static List<String> program(List<Card> cards, String scheme) {
        String folders = cards.stream().map(card -> "/sys/bus/pci/devices/" + card.function()).collect(Collectors.joining(" "));
        List<String> command = new ArrayList<>(List.of("sh", "-c", SCRIPT.formatted(folders), "sh"));
        command.addAll(SuiteJvm.command(scheme + cards.getFirst().function(), EchoUntilRemoved.class, List.of()));
        cards.forEach(card -> command.add(scheme + card.function()));
        return command;
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(20);
        }
    }

    private static void count(StreamWire wire, AtomicLong echoes) {
        ByteBuffer echo = ByteBuffer.allocateDirect(StreamWire.MAX_FRAME);
        try {
            while (wire.receive(echo)) {
                echoes.incrementAndGet();
            }
        } catch (IOException cut) {
            return; // the guest is gone
        }
    }
}
