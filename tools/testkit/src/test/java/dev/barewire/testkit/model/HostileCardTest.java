package dev.barewire.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.Nic;
import dev.barewire.NicCounters.Name;
import dev.barewire.NicState;
import dev.barewire.SetupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The driver over a card that does what none may, 100,000 frames each way for each: nothing breaks, no buffer is lost, and
 * what the driver can see is counted under its name.
 */
@Timeout(60)
class HostileCardTest {
    private static final int FRAMES = 100_000;
    private static final int ROUNDS = 10;

    /** {@return the card, by its name} */
    String card() {
        return "82540EM";
    }

    private HostileTraffic run(final String hostile) {
        final HostileTraffic traffic = new HostileTraffic(card() + "?rules=off&seed=3&hostile=" + hostile);
        traffic.getsStuck = hostile.startsWith("done");
        traffic.run(FRAMES);
        return traffic;
    }

    /** What a driver can see of itself, it counts each time. */
    @ParameterizedTest
    @CsvSource({
        "LONG_LENGTHS, RX_DROP_DESCRIPTOR", "ZERO_LENGTHS, RX_DROP_SHORT",
    })
    void shouldDropAndCountEachFrameOfWhichTheCardLies(final Hostility hostility, final Name name) {
        final HostileTraffic traffic = run(hostility.label());
        traffic.shut();

        assertThat(traffic.struck.get(hostility)).isGreaterThan(FRAMES / 200);
        assertThat(traffic.count(name)).isEqualTo(traffic.struck.get(hostility));
        assertThat(traffic.count(Name.RX_FRAMES) + traffic.count(name)).isGreaterThan(FRAMES * 9 / 10);
        assertThat(traffic.reopened).isZero();
    }

    @Test
    void shouldTellAFrameWithoutAnEndFromOneThatGoesOn() {
        final HostileTraffic traffic = run("no-end");
        traffic.shut();

        // Two in a row are one.
        assertThat(traffic.count(Name.RX_DROP_DESCRIPTOR)).isBetween(
            traffic.struck.get(Hostility.NO_END) * 9 / 10, traffic.struck.get(Hostility.NO_END));
        assertThat(traffic.reopened).isZero();
    }

    @Test
    void shouldNotBeMisledByGarbageInStatusAndErrors() {
        final HostileTraffic traffic = run("garbage-status:50");
        traffic.shut();

        assertThat(traffic.count(Name.RX_DROP_ERROR)).isPositive().isLessThan(traffic.struck.get(Hostility.GARBAGE_STATUS));
        assertThat(traffic.count(Name.TX_FAULT_COLLISION)).isPositive();
        assertThat(traffic.reopened).isZero();
    }

    @Test
    void shouldNotCareWhatTheHeadRegistersSay() {
        final HostileTraffic traffic = new HostileTraffic(card() + "?rules=off&hostile=wild-heads:1");
        traffic.lossless = true;
        traffic.checking = true;
        for (int i = 0; i < ROUNDS; i++) {
            traffic.run(FRAMES / ROUNDS);
            traffic.nic.registers();
        }
        traffic.shut();

        assertThat(traffic.struck.get(Hostility.WILD_HEADS)).isGreaterThanOrEqualTo(2 * ROUNDS);
        assertThat(traffic.received).isEqualTo(FRAMES);
        assertThat(traffic.sent).isEqualTo(FRAMES);
    }

    /** What is out of order shows; where card and driver part company for good, the card must be opened again. */
    @ParameterizedTest
    @CsvSource({"DONE_TWICE, 200", "NEVER_DONE, 5000"})
    void shouldCountDescriptorsThatAreDoneOutOfOrder(final Hostility hostility, final int rarity) {
        final HostileTraffic traffic = new HostileTraffic(card() + "?rules=off&seed=3&hostile=" + hostility.label() + ":" + rarity);
        traffic.getsStuck = true;
        // What is done before its turn is seen by a driver that looks more often than frames come.
        traffic.idlePolls = 64;
        traffic.run(FRAMES);
        traffic.shut();

        assertThat(traffic.struck.get(hostility)).isGreaterThan(FRAMES / rarity / 2);
        assertThat(traffic.count(Name.RX_FAULT_ORDER)).isPositive();
        // A sent frame's descriptor is seldom looked at between being done twice and being done again.
        assertThat(traffic.count(Name.TX_FAULT_ORDER)).isGreaterThanOrEqualTo(hostility == Hostility.NEVER_DONE ? 1 : 0);
    }

    /** A lie that comes in its turn looks like the truth: no driver can tell, but it must stay whole. */
    @Test
    void shouldSurviveDescriptorsThatAreDoneEarly() {
        final HostileTraffic traffic = run("done-early:2000");
        traffic.shut();

        assertThat(traffic.struck.get(Hostility.DONE_EARLY)).isPositive();
    }

    @Test
    void shouldTellOnceThatNothingIsSentAnyMore() throws IOException {
        try (Recording recording = new Recording()) {
            recording.enable("dev.barewire.Fault");
            recording.start();
            final HostileTraffic traffic = new HostileTraffic(card() + "?rules=off&hostile=never-done:1");
            while (traffic.nic.counters().get(Name.TX_FAULT_STALLED) == 0) {
                traffic.offer();
            }
            for (int i = 0; i < FRAMES; i++) {
                traffic.offer();
            }
            traffic.shut();

            assertThat(traffic.count(Name.TX_FAULT_STALLED)).isOne();
            assertThat(traffic.count(Name.TX_RING_FULL)).isGreaterThan(FRAMES / 2);
            assertThat(faults(recording)).singleElement().asString().contains("completed none of 63 frames");
        }
    }

    private static List<String> faults(final Recording recording) throws IOException {
        recording.stop();
        final Path file = Files.createTempFile("faults", ".jfr");
        try {
            recording.dump(file);
            return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals("dev.barewire.Fault")).map(event -> event.getString("fault")).toList();
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void shouldFollowALinkThatFlaps() {
        final HostileTraffic traffic = new HostileTraffic(card() + "?rules=off&hostile=link-flaps:500");
        traffic.looksAtLink = true;
        traffic.run(FRAMES);
        traffic.device.hostilities().end();
        traffic.shut();

        assertThat(traffic.count(Name.LINK_CHANGES)).isBetween(2L, 2 * traffic.struck.get(Hostility.LINK_FLAPS));
        assertThat(traffic.reopened).isZero();
    }

    @Test
    void shouldSleepThroughAStorm() {
        final HostileTraffic traffic = new HostileTraffic(card() + "?rules=off&hostile=interrupt-storm:1");
        traffic.lossless = true;
        for (int i = 0; i < ROUNDS; i++) {
            traffic.run(FRAMES / ROUNDS);
            for (int j = 0; j < 100; j++) {
                traffic.nic.rx(0).await(1);
            }
        }
        traffic.shut();

        assertThat(traffic.count(Name.INTERRUPT_STORMS)).isBetween(1L, 2L * ROUNDS);
        assertThat(traffic.received).isEqualTo(FRAMES);
    }

    /** By its line: a message is a cause in itself. */
    @Test
    void shouldCountInterruptsWithoutACause() {
        final HostileTraffic traffic = new HostileTraffic(card() + "?interrupts=intx&rules=off&hostile=spurious-interrupts:10");
        traffic.lossless = true;
        for (int i = 0; i < ROUNDS; i++) {
            traffic.run(FRAMES / ROUNDS);
            for (int j = 0; j < 10; j++) {
                traffic.nic.rx(0).await(1);
            }
        }
        traffic.shut();

        assertThat(traffic.count(Name.INTERRUPTS_SPURIOUS)).isPositive()
            .isLessThanOrEqualTo(traffic.struck.get(Hostility.SPURIOUS_INTERRUPTS));
        assertThat(traffic.received).isEqualTo(FRAMES);
    }

    @Test
    void shouldSayThatStatisticsLostCount() {
        final HostileTraffic traffic = new HostileTraffic(card() + "?rules=off&hostile=full-statistics:3,wrapped-statistics:3");
        for (int i = 0; i < ROUNDS; i++) {
            traffic.run(FRAMES / ROUNDS);
            assertThat(traffic.nic.statistics().values()).allMatch(total -> total >= 0);
        }
        traffic.shut();

        assertThat(traffic.count(Name.STATISTICS_SATURATED)).isPositive();
        assertThat(traffic.sent).isEqualTo(FRAMES);
    }

    @Test
    void shouldNoticeOnceThatTheCardIsGoneAndNameItWhenItIsClosed() throws IOException {
        final Recording recording = new Recording();
        recording.enable("dev.barewire.Fault");
        recording.start();
        final HostileTraffic traffic = new HostileTraffic(card() + "?rules=off&hostile=lost:50000");
        traffic.run(20_000);
        assertThat(traffic.nic.link().up()).isTrue();
        while (traffic.nic.counters().get(Name.DEVICE_LOST) == 0) {
            traffic.offer();
        }
        assertThat(traffic.nic.link().up()).isFalse();
        assertThat(traffic.nic.state()).isEqualTo(NicState.REMOVED);
        final long received = traffic.received;
        assertThat(traffic.device.fault()).contains("pulled out");
        for (int i = 0; i < FRAMES; i++) {
            traffic.offer();
        }
        assertThat(traffic.received).isEqualTo(received);
        assertThat(traffic.nic.rx(0).await(-1)).isFalse();
        assertThat(traffic.nic.statistics()).isNotEmpty();
        assertThat(traffic.nic.registers().values()).contains(-1);
        assertThat(faults(recording)).singleElement().asString().contains("is lost").contains("pulled out");
        recording.close();
        assertThat(traffic.shut()).hasMessageContaining("is lost").hasMessageContaining("pulled out");
        assertThat(traffic.count(Name.DEVICE_LOST)).isOne();
        assertThat(traffic.count(Name.LINK_CHANGES)).isOne();
    }

    @ParameterizedTest
    @CsvSource({"endless-reset:1, does not come out of its reset", "bad-eeprom:1, EEPROM is damaged",
        "dead-eeprom:1, EEPROM does not answer"})
    void shouldRefuseACardThatDoesNotComeUp(final String hostile, final String why) {
        assertThatThrownBy(() -> Nic.open("model:" + card() + "?rules=off&hostile=" + hostile))
            .isInstanceOf(SetupException.class).hasMessageContaining(why);
    }

    @Test
    void shouldCloseACardWhoseLastResetNeverEnds() {
        final HostileTraffic traffic = new HostileTraffic(card() + "?rules=off&hostile=endless-reset:2");
        traffic.run(FRAMES);
        assertThat(traffic.shut()).hasMessageContaining("does not come out of its reset");
    }

    @ParameterizedTest
    @ValueSource(strings = {"strict", "off"})
    void shouldSurviveEverythingAtOnceAndWorkWhenItIsOver(final String rules) {
        final HostileTraffic traffic = new HostileTraffic(card() + "?seed=11&rules=" + rules + "&hostile=" + String.join(",", List.of(
            "long-lengths", "zero-lengths", "no-end", "garbage-status", "wild-heads", "done-twice:3000", "never-done:5000",
            "done-early:3000", "link-flaps:10000", "interrupt-storm", "spurious-interrupts", "full-statistics",
            "wrapped-statistics")));
        traffic.getsStuck = true;
        traffic.run(FRAMES);
        traffic.fresh();
        traffic.device.hostilities().end();
        traffic.checking = true;
        traffic.getsStuck = false;
        assertThat(traffic.nic.awaitLink(Duration.ofSeconds(5))).isTrue();
        final long before = traffic.sent;
        final long came = traffic.received;
        traffic.run(10_000);
        assertThat(traffic.sent - before).isGreaterThan(9_990);
        assertThat(traffic.received - came).isGreaterThan(9_000);
        traffic.shut();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "lost:0", "lost:-1", "lost:x", "lost,", "LOST"})
    void shouldRefuseWhatNoModelDoesWrong(final String hostile) {
        assertThatThrownBy(() -> ModelDevice.open(card() + "?hostile=" + hostile)).isInstanceOf(SetupException.class)
            .hasMessageContaining("nothing that a model can do wrong").hasMessageContaining("endless-reset");
    }
}
