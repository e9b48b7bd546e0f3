package dev.barewire.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.Force;
import dev.barewire.MacAddress;
import dev.barewire.NicConfig;
import dev.barewire.OffloadPlan;
import dev.barewire.Packet;
import dev.barewire.profiles.Offload;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a model makes of what the driver posts: the same bytes as software makes. */
@Timeout(60)
class ModelTransmitTest {
    private static final NicConfig HARDWARE = ModelNicTest.SMALL.mtu(9000).txPackets(128, 40);
    private static final NicConfig SOFTWARE = HARDWARE.offload(Offload.TX_IP_CHECKSUM, Force.SOFTWARE)
        .offload(Offload.TX_TCP_CHECKSUM, Force.SOFTWARE).offload(Offload.TX_UDP_CHECKSUM, Force.SOFTWARE)
        .offload(Offload.TX_TCP_SEGMENTATION, Force.SOFTWARE).offload(Offload.VLAN_INSERT, Force.SOFTWARE);
    private static final MacAddress PEER = MacAddress.parse("02:00:00:00:00:99");
    private static final String CARD = "82540EM";

    @ParameterizedTest
    @ValueSource(strings = {"rules=strict", "rules=off"})
    void shouldGatherFramesFromPiecesOfAnyLength(final String option) {
        try (ModelStation station = new ModelStation(CARD + "?" + option, HARDWARE)) {
            final Random random = new Random(3);
            for (int i = 0; i < 500; i++) {
                final byte[] frame = TestFrames.udp(PEER, 18 + random.nextInt(8900));
                station.send(frame, random.ints(random.nextInt(20), 1, 300).toArray());
                assertThat(station.sent()).isEqualTo(frame);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"4, 17", "4, 6", "6, 17", "6, 6"})
    void shouldInsertTheChecksumsThatSoftwareInserts(final int version, final int protocol) {
        try (ModelStation hard = new ModelStation(CARD, HARDWARE); ModelStation soft = new ModelStation(CARD, SOFTWARE)) {
            assertThat(hard.nic.offloads().state(Offload.TX_UDP_CHECKSUM)).isEqualTo(OffloadPlan.State.HARDWARE);
            for (int payload = 20; payload < 3000; payload += 31) {
                final byte[] frame = version == 4 ? TestFrames.ipv4(PEER, protocol, payload)
                    : TestFrames.ipv6(PEER, protocol, payload);
                final byte[] bare = TestFrames.unsealed(frame);
                for (final ModelStation station : List.of(hard, soft)) {
                    station.post(station.packet(bare, 64, payload / 3).requestChecksums());
                    assertThat(station.sent()).isEqualTo(frame);
                }
            }
        }
    }

    @Test
    void shouldSayThatAUdpChecksumIsThereWhenItComesOutAsZero() {
        try (ModelStation hard = new ModelStation(CARD, HARDWARE); ModelStation soft = new ModelStation(CARD, SOFTWARE)) {
            final byte[] frame = TestFrames.udp(PEER, 20);
            // The payload's first word takes the rest of the sum.
            final int checksum = (frame[40] & 0xff) << 8 | frame[41] & 0xff;
            final int word = ((frame[42] & 0xff) << 8 | frame[43] & 0xff) + checksum;
            final int folded = (word & 0xffff) + (word >>> 16);
            frame[42] = (byte) (folded >>> 8);
            frame[43] = (byte) folded;
            for (final ModelStation station : List.of(hard, soft)) {
                station.post(station.packet(TestFrames.unsealed(frame)).requestChecksums());
                final byte[] sent = station.sent();
                assertThat((sent[40] & 0xff) << 8 | sent[41] & 0xff).isEqualTo(0xffff);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"4, 1460, 1460", "4, 1460, 14600", "4, 1000, 3000", "4, 1460, 60000", "4, 536, 5000", "6, 1440, 1441",
        "6, 1000, 9000", "6, 88, 4001", "4, 1460, 90"})
    void shouldCutTheSegmentsThatSoftwareCuts(final int version, final int mss, final int payload) {
        assertSameFrames(version, payload, packet -> packet.requestSegmentation(mss), (payload + mss - 1) / mss);
        assertSameFrames(version, payload, packet -> packet.requestSegmentation(mss).vlan(0x2123), (payload + mss - 1) / mss);
    }

    private static void assertSameFrames(
        final int version, final int payload, final Consumer<Packet> request, final int frames) {
        try (ModelStation hard = new ModelStation(CARD, HARDWARE.vlanStrip(true));
                ModelStation soft = new ModelStation(CARD, SOFTWARE.vlanStrip(true))) {
            final byte[] large = TestFrames.unsealed(version == 4 ? TestFrames.ipv4(PEER, TestFrames.TCP, payload)
                : TestFrames.ipv6(PEER, TestFrames.TCP, payload));
            final List<byte[]> byHardware = sent(hard, large, request, frames);
            final List<byte[]> bySoftware = sent(soft, large, request, frames);
            for (int i = 0; i < frames; i++) {
                assertThat(byHardware.get(i)).as("segment %d", i).isEqualTo(bySoftware.get(i));
            }
            assertThat(hard.nic.statistics()).containsEntry("segmentation-contexts-sent", frames > 1 ? 1L : 0L);
        }
    }

    /** Header and payload in buffers of their own, and one more frame behind, so that one too many shows. */
    private static List<byte[]> sent(
        final ModelStation station, final byte[] large, final Consumer<Packet> request, final int frames) {
        final Packet packet = station.packet(large, 100);
        request.accept(packet);
        station.post(packet);
        final byte[] behind = TestFrames.udp(PEER, 1000);
        station.send(behind);
        final List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < frames; i++) {
            sent.add(station.sent());
        }
        assertThat(station.sent()).as("the frame behind").isEqualTo(behind);
        return sent;
    }

    @Test
    void shouldInsertTags() {
        try (ModelStation station = new ModelStation(CARD, HARDWARE.vlanStrip(true))) {
            assertThat(station.nic.offloads().state(Offload.VLAN_INSERT)).isEqualTo(OffloadPlan.State.HARDWARE);
            for (int payload = 18; payload < 1400; payload += 111) {
                final byte[] frame = TestFrames.udp(PEER, payload);
                station.post(station.packet(frame, 50).vlan(0x3456));
                assertThat(station.sent()).isEqualTo(ModelReceiveTest.tagged(frame, 0x3456));
                station.post(station.packet(TestFrames.unsealed(frame)).requestChecksums().vlan(0x3456));
                assertThat(station.sent()).isEqualTo(ModelReceiveTest.tagged(frame, 0x3456));
            }
        }
    }

    @Test
    void shouldKeepTheContextsOfSegmentationAndChecksumsApart() {
        try (ModelStation station = new ModelStation(CARD, HARDWARE)) {
            final byte[] udp = TestFrames.udp(PEER, 300);
            final byte[] tcp = TestFrames.tcp(PEER, 2000);
            for (int i = 0; i < 20; i++) {
                station.post(station.packet(TestFrames.unsealed(udp)).requestChecksums());
                assertThat(station.sent()).isEqualTo(udp);
                station.post(station.packet(TestFrames.unsealed(tcp)).requestSegmentation(1460));
                assertThat(station.sent()).hasSize(54 + 1460);
                assertThat(station.sent()).hasSize(54 + 540);
            }
        }
    }

    @Test
    void shouldCountWhatItSends() {
        try (ModelStation station = new ModelStation(CARD, HARDWARE)) {
            station.send(TestFrames.udp(PEER, 100));
            station.send(TestFrames.udp(MacAddress.parse("ff:ff:ff:ff:ff:ff"), 200));
            station.send(TestFrames.udp(MacAddress.parse("01:00:5e:00:00:01"), 300));
            station.awaitCompletions();
            assertThat(station.nic.statistics()).containsEntry("good-packets-sent", 3L)
                .containsEntry("broadcast-packets-sent", 1L).containsEntry("multicast-packets-sent", 1L)
                .containsEntry("good-octets-sent", 142L + 242 + 342 + 3 * 4).containsEntry("total-packets-sent", 3L);
        }
    }

    @Test
    void shouldLoseFramesThatNobodyTakesRatherThanStandStill() {
        try (ModelStation station = new ModelStation(CARD + "?rules=off", HARDWARE)) {
            final byte[] frame = TestFrames.udp(PEER, 8900);
            for (int i = 0; i < 400; i++) {
                station.send(frame);
            }
            station.awaitCompletions();
            int seen = 0;
            while (station.wire.poll((buffer, offset, length) -> { }, 1) == 1) {
                seen++;
            }
            assertThat(seen).isBetween(100, 399);
        }
    }
}
