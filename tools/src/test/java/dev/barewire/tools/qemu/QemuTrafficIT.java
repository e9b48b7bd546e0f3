package dev.barewire.tools.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.NicConfig;
import dev.barewire.Packet;
import dev.barewire.dma.MemoryKind;
import dev.barewire.driver.access.InterruptSource;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The driver on QEMU's card. */
@Timeout(120)
class QemuTrafficIT {
    @ParameterizedTest
    @ValueSource(strings = {"qemu:e1000", "qemu:82540EM"})
    void shouldCarryFramesBothWaysWhenOpenedByEitherName(final String name) {
        try (QemuBench bench = new QemuBench(name + "?mac=52:54:00:01:02:03", NicConfig.defaults().promiscuous(true))) {
            assertThat(bench.nic.card()).isEqualTo("82540EM");
            assertThat(bench.nic.mac()).hasToString("52:54:00:01:02:03");
            for (int i = 0; i < 300; i++) {
                final byte[] frame = QemuBench.frame(60 + i * 4, i);
                bench.give(frame);
                assertThat(bench.received()).isEqualTo(frame);
                bench.send(frame);
                assertThat(bench.onWire()).isEqualTo(frame);
            }
        }
    }

    @Test
    void shouldCarryLongFramesWhenTheMtuIsLarge() {
        final NicConfig jumbo = NicConfig.defaults().mtu(9000).promiscuous(true).rxBuffers(MemoryKind.ANONYMOUS, 2048, 1024);
        try (QemuBench bench = new QemuBench("qemu:e1000", jumbo)) {
            for (final int length : new int[] {60, 2048, 4096, 9014}) {
                final byte[] frame = QemuBench.frame(length, length);
                bench.give(frame);
                assertThat(bench.received()).isEqualTo(frame);
                bench.send(frame);
                assertThat(bench.onWire()).isEqualTo(frame);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"e1000, INTX", "e1000e, MSIX", "e1000e?interrupts=intx, INTX"})
    void shouldWakeEachTimeWhenFramesComeToASleeper(final String card, final InterruptSource.Kind kind) {
        try (QemuBench bench = new QemuBench("qemu:" + card, NicConfig.defaults().promiscuous(true))) {
            assertThat(bench.device.interrupts().kind()).isEqualTo(kind);
            for (int i = 0; i < 200; i++) {
                final byte[] frame = QemuBench.frame(64, i);
                // The firing of a frame that was found without sleeping may still be there, and behind each message QEMU's
                // 82574L sends another when its throttle ends, cause or none.
                QemuBench.until("quiet before frame " + i, () -> !bench.nic.rx(0).await(0));
                bench.give(frame);
                final Packet[] one = new Packet[1];
                do {
                    assertThat(bench.nic.rx(0).await(20_000)).as("woken by frame " + i).isTrue();
                } while (bench.nic.rx(0).poll(one) == 0);
                assertThat(bench.bytes(one[0])).isEqualTo(frame);
                one[0].release();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qemu:e1000", "qemu:e1000e"})
    void shouldNotKeepOthersFromTheCardWhenOneThreadSleeps(final String name) throws InterruptedException {
        try (QemuBench bench = new QemuBench(name, NicConfig.defaults().promiscuous(true))) {
            final CountDownLatch asleep = new CountDownLatch(1);
            final AtomicInteger woken = new AtomicInteger();
            final Thread sleeper = Thread.ofPlatform().start(() -> {
                asleep.countDown();
                if (bench.nic.rx(0).await(-1)) {
                    woken.incrementAndGet();
                }
                bench.nic.rx(0).handOver();
            });
            asleep.await();
            for (int i = 0; i < 500; i++) {
                assertThat(bench.nic.link().up()).isTrue();
                bench.send(QemuBench.frame(60, i));
            }
            QemuBench.until("all frames", () -> bench.pollWire() == 500);
            assertThat(woken).hasValue(0);
            bench.nic.rx(0).wake();
            sleeper.join();
            assertThat(woken).hasValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qemu:e1000", "qemu:e1000e"})
    void shouldSleepOnWhenTheSleepersThreadWasInterrupted(final String name) {
        try (QemuBench bench = new QemuBench(name, NicConfig.defaults().promiscuous(true))) {
            Thread.currentThread().interrupt();
            assertThat(bench.nic.rx(0).await(50)).isFalse();
            assertThat(bench.nic.link().up()).isTrue();
            assertThat(Thread.interrupted()).as("still interrupted").isTrue();
            final byte[] frame = QemuBench.frame(64, 1);
            bench.give(frame);
            assertThat(bench.received()).isEqualTo(frame);
        }
    }

    @Test
    void shouldTellTheLinkAndCarryAgainWhenTheCableWasPulled() {
        try (QemuBench bench = QemuBench.open()) {
            final byte[] frame = QemuBench.frame(64, 1);
            bench.device.link(false);
            assertThat(bench.nic.link().up()).isFalse();
            bench.device.link(true);
            assertThat(bench.nic.awaitLink(Duration.ofSeconds(20))).isTrue();
            bench.give(frame);
            assertThat(bench.received()).isEqualTo(frame);
        }
    }

    @Test
    void shouldStartAnewWhenTheCardIsOpenedAgain() {
        for (int i = 0; i < 3; i++) {
            try (QemuBench bench = QemuBench.open()) {
                final byte[] frame = QemuBench.frame(1514, i);
                bench.give(frame);
                assertThat(bench.received()).isEqualTo(frame);
            }
        }
    }

    @Test
    void shouldKeepCardsApartWhenTwoAreOpenAtOnce() {
        try (QemuBench one = QemuBench.open(); QemuBench other = QemuBench.open()) {
            assertThat(one.nic.mac()).isNotEqualTo(other.nic.mac());
            for (int i = 0; i < 50; i++) {
                one.give(QemuBench.frame(60, i));
                other.give(QemuBench.frame(61, i));
                other.send(QemuBench.frame(63, i));
                assertThat(one.received()).isEqualTo(QemuBench.frame(60, i));
                assertThat(other.received()).isEqualTo(QemuBench.frame(61, i));
                assertThat(other.onWire()).isEqualTo(QemuBench.frame(63, i));
            }
            assertThat(one.pollWire()).as("frames on the other card's cable").isZero();
        }
    }

    @Test
    void shouldKeepOrderAndBytesWhenBurstsFillTheRing() {
        try (QemuBench bench = QemuBench.open()) {
            final int count = 5000;
            final int[] next = {0};
            for (int i = 0; i < count; i++) {
                bench.send(QemuBench.frame(60 + i % 1400, i));
                for (int left = bench.pollWire(); left > 0; left--) {
                    final byte[] frame = QemuBench.frame(60 + next[0] % 1400, next[0]);
                    assertThat(Arrays.mismatch(bench.onWire(), frame)).as("frame " + next[0]).isEqualTo(-1);
                    next[0]++;
                }
            }
            while (next[0] < count) {
                assertThat(bench.onWire()).isEqualTo(QemuBench.frame(60 + next[0] % 1400, next[0]));
                next[0]++;
            }
        }
    }
}
