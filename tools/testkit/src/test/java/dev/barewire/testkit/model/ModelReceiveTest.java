package dev.barewire.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.Force;
import dev.barewire.MacAddress;
import dev.barewire.NicConfig;
import dev.barewire.OffloadPlan;
import dev.barewire.Verdict;
import dev.barewire.dma.MemoryKind;
import dev.barewire.profiles.Offload;
import dev.barewire.testkit.wire.Cable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the driver receives from a model. */
@Timeout(60)
class ModelReceiveTest {
    /** For a station that nobody is. */
    private static final byte[] LONG_FOR_NOBODY = TestFrames.udp(MacAddress.parse("02:00:00:00:00:77"), 1400);
    private static final NicConfig SMALL = ModelNicTest.SMALL;
    private static final MacAddress OTHER = MacAddress.parse("02:00:00:00:00:99");
    private static final MacAddress GROUP = MacAddress.parse("01:00:5e:00:00:fb");
    private static final MacAddress BROADCAST = MacAddress.parse("ff:ff:ff:ff:ff:ff");
    private static final String CARD = "82540EM";

    @ParameterizedTest
    @CsvSource({"256, 1500", "512, 4000", "2048, 9000", "4096, 16092"})
    void shouldSpreadLongFramesOverSeveralBuffers(final int buffer, final int mtu) {
        final NicConfig config = SMALL.mtu(mtu).rxBuffers(MemoryKind.ANONYMOUS, buffer, 128);
        try (ModelStation station = new ModelStation(CARD, config)) {
            for (int length = mtu + 14; length > mtu - 600; length -= 37) {
                final byte[] frame = TestFrames.udp(station.mac(), length - 42);
                station.inject(frame);
                assertThat(station.receive()).isEqualTo(frame);
                assertThat(station.last.segments().count()).isEqualTo((length + buffer - 1) / buffer);
            }
        }
    }

    @Test
    void shouldRefuseLongFramesUnlessToldOfThem() {
        try (ModelStation station = new ModelStation(CARD, SMALL)) {
            station.inject(TestFrames.udp(station.mac(), 1515 - 42));
            assertNextIs(station, TestFrames.udp(station.mac(), 1514 - 42));
            assertThat(station.nic.statistics()).containsEntry("oversize-received", 1L);
        }
    }

    @Test
    void shouldPadShortFramesAsTheirSenderWould() {
        try (ModelStation station = new ModelStation(CARD, SMALL)) {
            final byte[] frame = TestFrames.udp(station.mac(), 1);
            station.inject(frame);
            assertThat(station.receive()).isEqualTo(Arrays.copyOf(frame, 60));
        }
    }

    @Test
    void shouldFindTheSameOfChecksumsAsSoftware() {
        final NicConfig software = SMALL.offload(Offload.RX_IP_CHECKSUM, Force.SOFTWARE)
            .offload(Offload.RX_TCP_CHECKSUM, Force.SOFTWARE).offload(Offload.RX_UDP_CHECKSUM, Force.SOFTWARE);
        final MacAddress mac = MacAddress.parse("02:00:00:00:00:07");
        try (ModelStation hard = new ModelStation(CARD + "?mac=" + mac, SMALL);
                ModelStation soft = new ModelStation(CARD + "?mac=" + mac, software)) {
            assertThat(hard.nic.offloads().state(Offload.RX_TCP_CHECKSUM)).isEqualTo(OffloadPlan.State.HARDWARE);
            final Random random = new Random(1);
            int bad = 0;
            for (int i = 0; i < 3000; i++) {
                final byte[] frame = any(mac, random);
                if (i % 3 == 0) {
                    frame[12 + random.nextInt(frame.length - 12)] ^= (byte) (1 << random.nextInt(8));
                }
                hard.inject(frame);
                soft.inject(frame);
                assertThat(hard.receive()).isEqualTo(soft.receive());
                assertThat(hard.last.ipChecksum()).as("frame %d", i).isEqualTo(soft.last.ipChecksum());
                assertThat(hard.last.l4Checksum()).as("frame %d", i).isEqualTo(soft.last.l4Checksum());
                bad += hard.last.l4Checksum() == Verdict.BAD ? 1 : 0;
            }
            assertThat(bad).isPositive();
        }
    }

    private static byte[] any(final MacAddress to, final Random random) {
        final int protocol = random.nextBoolean() ? TestFrames.UDP : TestFrames.TCP;
        final int payload = 20 + random.nextInt(1400);
        return random.nextBoolean() ? TestFrames.ipv4(to, protocol, payload) : TestFrames.ipv6(to, protocol, payload);
    }

    @Test
    void shouldReportChecksumsInTheDescriptorsOnSilicon() {
        try (ModelStation silicon = new ModelStation(CARD, SMALL); ModelStation qemu = new ModelStation(CARD + "?as=qemu", SMALL)) {
            assertThat(silicon.nic.offloads().state(Offload.RX_UDP_CHECKSUM)).isEqualTo(OffloadPlan.State.HARDWARE);
            assertThat(qemu.nic.offloads().state(Offload.RX_UDP_CHECKSUM)).isEqualTo(OffloadPlan.State.SOFTWARE);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldTakeTagsOff(final boolean byCard) {
        final NicConfig config = SMALL.vlanStrip(true).offload(Offload.VLAN_STRIP, byCard ? Force.AUTO : Force.SOFTWARE);
        try (ModelStation station = new ModelStation(CARD, config)) {
            assertThat(station.nic.offloads().state(Offload.VLAN_STRIP) == OffloadPlan.State.HARDWARE).isEqualTo(byCard);
            for (int payload = 18; payload < 1472; payload += 101) {
                final byte[] frame = TestFrames.udp(station.mac(), payload);
                station.inject(tagged(frame, 0xa000 | payload));
                assertThat(station.receive()).isEqualTo(frame);
                assertThat(station.last.vlan()).isEqualTo(0xa000 | payload);
                assertThat(station.last.l4Checksum()).isEqualTo(Verdict.GOOD);
            }
        }
    }

    static byte[] tagged(final byte[] frame, final int tag) {
        final byte[] tagged = new byte[frame.length + 4];
        System.arraycopy(frame, 0, tagged, 0, 12);
        tagged[12] = (byte) 0x81;
        tagged[14] = (byte) (tag >>> 8);
        tagged[15] = (byte) tag;
        System.arraycopy(frame, 12, tagged, 16, frame.length - 12);
        return tagged;
    }

    @Test
    void shouldTakeInWhatIsAddressedToItAndNothingElse() {
        try (ModelStation station = new ModelStation(CARD, SMALL)) {
            final byte[] own = TestFrames.udp(station.mac(), 100);
            station.inject(TestFrames.udp(OTHER, 101));
            station.inject(TestFrames.udp(GROUP, 102));
            assertNextIs(station, own);
            assertNextIs(station, TestFrames.udp(BROADCAST, 103));

            station.nic.multicast(List.of(GROUP));
            assertNextIs(station, TestFrames.udp(GROUP, 104));
            station.nic.multicast(List.of());
            station.inject(TestFrames.udp(GROUP, 105));
            assertNextIs(station, own);

            station.nic.allMulticast(true);
            assertNextIs(station, TestFrames.udp(GROUP, 106));
            station.nic.allMulticast(false);

            station.nic.promiscuous(true);
            assertNextIs(station, TestFrames.udp(OTHER, 107));
            station.nic.promiscuous(false);
            station.inject(TestFrames.udp(OTHER, 108));
            assertNextIs(station, own);
        }
    }

    @Test
    void shouldTakeInOnlyTheVlansWanted() {
        try (ModelStation station = new ModelStation(CARD, SMALL)) {
            station.nic.vlans(List.of(5, 4095));
            final byte[] frame = TestFrames.udp(station.mac(), 100);
            station.inject(tagged(frame, 6));
            assertNextIs(station, tagged(frame, 5));
            assertNextIs(station, tagged(frame, 0xe000 | 4095));
            assertNextIs(station, frame);
            station.nic.vlans(null);
            assertNextIs(station, tagged(frame, 6));
        }
    }

    private static void assertNextIs(final ModelStation station, final byte[] frame) {
        station.inject(frame);
        assertThat(station.receive()).isEqualTo(frame);
    }

    @Test
    void shouldKeepFramesForWhichThereIsNoDescriptorAsLongAsItsBufferHolds() {
        try (ModelStation station = new ModelStation(CARD, SMALL)) {
            final int frames = 400;
            for (int i = 0; i < frames; i++) {
                station.inject(TestFrames.udp(station.mac(), 400 + i));
            }
            ModelStation.await(() -> statistic(station, "missed-packets") > 0);
            station.receive();
            int received = 1;
            while (received + statistic(station, "missed-packets") < frames) {
                station.receive();
                received++;
            }
            assertThat(received).as("63 descriptors, and 48 KiB behind them").isGreaterThan(63 + 40);
            assertThat(statistic(station, "receive-no-buffers")).isGreaterThanOrEqualTo(frames - 63);
            assertNextIs(station, TestFrames.udp(station.mac(), 18));
        }
    }

    private static long statistic(final ModelStation station, final String name) {
        return station.nic.statistics().get(name);
    }

    @Test
    void shouldCountWhatItReceives() {
        try (ModelStation station = new ModelStation(CARD, SMALL)) {
            assertNextIs(station, TestFrames.udp(station.mac(), 100));
            assertNextIs(station, TestFrames.udp(BROADCAST, 200));
            station.inject(TestFrames.udp(OTHER, 300));
            assertNextIs(station, TestFrames.udp(station.mac(), 18));
            final Map<String, Long> counted = station.nic.statistics();
            assertThat(counted).containsEntry("good-packets-received", 3L).containsEntry("broadcast-packets-received", 1L)
                .containsEntry("good-octets-received", 142L + 242 + 60 + 3 * 4)
                .containsEntry("total-packets-received", 4L)
                .containsEntry("total-octets-received", 142L + 242 + 342 + 60 + 4 * 4);
            assertThat(station.nic.statistics()).as("added up once").isEqualTo(counted);
        }
    }

    @Test
    void shouldWakeWhoWaitsForAFrame() throws InterruptedException {
        try (ModelStation station = new ModelStation(CARD, SMALL)) {
            final byte[] frame = TestFrames.udp(station.mac(), 100);
            for (int i = 0; i < 50; i++) {
                final Thread sender = Thread.ofPlatform().start(() -> {
                    LockSupport.parkNanos(2_000_000);
                    station.inject(frame);
                });
                assertThat(station.nic.rx(0).await(20_000)).isTrue();
                assertThat(station.receive()).isEqualTo(frame);
                sender.join();
            }
            // An interrupt may have come together with a frame that was seen without it.
            station.nic.rx(0).await(1);
            assertThat(station.nic.rx(0).await(1)).as("a wait for nothing").isFalse();
        }
    }

    @Test
    void shouldWakeWhoWaitsWhenTheLinkChanges() throws InterruptedException {
        try (ModelStation station = new ModelStation(CARD, SMALL)) {
            final Thread cutter = Thread.ofPlatform().start(() -> {
                LockSupport.parkNanos(2_000_000);
                station.device.link(false);
            });
            assertThat(station.nic.rx(0).await(20_000)).isTrue();
            cutter.join();
            assertThat(station.nic.link().up()).isFalse();
            station.inject(TestFrames.udp(station.mac(), 50));
            station.send(TestFrames.udp(OTHER, 51));
            // More than the cable holds: as all of them go in, the card has thrown the first away.
            for (int i = 0; i < 2 * Cable.DEFAULT_CAPACITY; i += LONG_FOR_NOBODY.length) {
                station.inject(LONG_FOR_NOBODY);
            }
            assertThat(station.nic.tx(0).pending()).isEqualTo(1);
            station.device.link(true);
            assertThat(station.nic.link().up()).isTrue();
            assertThat(station.sent()).isEqualTo(TestFrames.udp(OTHER, 51));
            assertNextIs(station, TestFrames.udp(station.mac(), 52));
        }
    }
}
