package dev.barewire.tools.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.Force;
import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.OffloadPlan.State;
import dev.barewire.SetupException;
import dev.barewire.profiles.Offload;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each offload forced each way: the same traffic gives the same bytes on the wire and in the application, whoever does the
 * work. A line for each, which {@link MatrixTable} puts together for all cards.
 */
@CardSuite
@Timeout(300)
class MatrixSuite {
    /** What the driver decides by itself for what a cell asks for, so that a refusal can be told from a failure. */
    private static final Map<Offload, State> CHOSEN = new EnumMap<>(Offload.class);

    private static final int STANDARD = 1500;
    private static final int JUMBO = 9000;
    /** What a CPU behind the card cannot do. */
    private static final Set<Offload> NO_SOFTWARE =
        EnumSet.of(Offload.VLAN_FILTER, Offload.RSS_HASH, Offload.MULTI_QUEUE, Offload.JUMBO);

    static List<Arguments> cells() {
        List<Arguments> all = new ArrayList<>();
        for (Offload offload : Offload.values()) {
            for (Force force : List.of(Force.AUTO, Force.HARDWARE, Force.SOFTWARE, Force.OFF)) {
                all.add(Arguments.of(offload, force));
            }
        }
        return all;
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cells")
    void shouldMoveTheSameBytesWhenAnOffloadIsForced(Offload offload, Force force) {
        NicConfig config = wants(offload).offload(offload, force);
        if (isRefused(offload, force)) {
            assertThatThrownBy(() -> CardUnderTest.open(config).close()).isInstanceOf(SetupException.class)
                .hasMessageContaining(offload.label());
            MatrixTable.print(offload, force, "refused");
            return;
        }
        State expected = expected(offload, force);
        try (Bench bench = Bench.open(config)) {
            State state = bench.nic.offloads().state(offload);
            assertThat(state).isEqualTo(expected);
            MatrixTraffic traffic = new MatrixTraffic(bench, offload == Offload.JUMBO ? JUMBO : STANDARD);
            traffic.receive();
            traffic.send();
            MatrixTable.print(offload, force, state.name().toLowerCase(Locale.ROOT));
        }
    }

    /** A configuration in which the offload has something to do. */
    private static NicConfig wants(Offload offload) {
        NicConfig config = NicConfig.defaults();
        return switch (offload) {
            case JUMBO -> config.mtu(JUMBO);
            case VLAN_STRIP, VLAN_INSERT -> config.vlanStrip(true);
            // To one of them, since the traffic has one receiver.
            case MULTI_QUEUE -> config.queues(Math.min(2, CardUnderTest.queues())).rssTable(0);
            default -> config;
        };
    }

    private static State chosen(Offload offload) {
        return CHOSEN.computeIfAbsent(offload, asked -> {
            try (Nic nic = CardUnderTest.open(wants(asked))) {
                return nic.offloads().state(asked);
            }
        });
    }

    private static boolean isRefused(Offload offload, Force force) {
        return switch (force) {
            case AUTO -> false;
            case HARDWARE -> chosen(offload) != State.HARDWARE && !isAvoided(offload);
            case SOFTWARE -> NO_SOFTWARE.contains(offload);
            // Frames of the MTU that is asked for could not be carried; the queues that are asked for would not be there.
            case OFF -> offload == Offload.JUMBO || offload == Offload.MULTI_QUEUE && chosen(offload) == State.HARDWARE;
        };
    }

    /** Whether the card can do it but is not left to do it unless it is asked. */
    private static boolean isAvoided(Offload offload) {
        return CardUnderTest.hasQuirk(quirk -> quirk.avoids().contains(offload));
    }

    private static State expected(Offload offload, Force force) {
        return switch (force) {
            case AUTO -> chosen(offload);
            case HARDWARE -> State.HARDWARE;
            case SOFTWARE -> State.SOFTWARE;
            case OFF -> State.ABSENT;
        };
    }

    /** What the table of features says of the card is what its driver does when it is left the choice. */
    @ParameterizedTest
    @EnumSource(Offload.class)
    void shouldDoByDefaultWhatTheProfileSays(Offload offload) {
        boolean byCard = CardUnderTest.profile().offloads().get(offload).supported()
            && !CardUnderTest.hasQuirk(quirk -> quirk.disables().contains(offload) || quirk.avoids().contains(offload));
        try (Nic nic = CardUnderTest.open(wants(offload))) {
            assertThat(nic.offloads().state(offload)).as(nic.offloads().reason(offload))
                .isEqualTo(byCard ? State.HARDWARE : NO_SOFTWARE.contains(offload) ? State.ABSENT : State.SOFTWARE);
            assertThat(nic.offloads().reason(offload)).isNotBlank();
        }
    }
}
