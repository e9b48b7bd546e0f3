package dev.barewire.tools.suite;

import static dev.barewire.tools.suite.FrameBuilder.TCP;
import static dev.barewire.tools.suite.FrameBuilder.UDP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.Force;
import dev.barewire.NicConfig;
import dev.barewire.Packet;
import dev.barewire.Verdict;
import dev.barewire.driver.access.Devices;
import dev.barewire.profiles.Offload;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hash that QEMU's 82574L tells of each frame's flow, held against the hash's definition. */
@Timeout(120)
class Qemu82574HashIT {
    private static final String DEVICE = "qemu:e1000e";
    private static final int IPV4 = 14 + 12;
    private static final int IPV6 = 14 + 8;

    /** Source and destination, and ports, as Microsoft's "Verifying the RSS Hash Calculation" has them. */
    @ParameterizedTest
    @CsvSource({
        "420995bba18e6450, 323e8fc2", "420995bba18e64500aea06e6, 51ccc178",
        "c75c6f0241458c53, d718262a", "c75c6f0241458c5337961283, c626b0ea",
        "3ffe25010200 1fff 0000000000000007 3ffe25010200 0003 0000000000000001, 2cc18cd5",
    })
    void shouldHaveADefinitionThatGivesThePublishedHashes(String input, String hash) {
        byte[] bytes = HexFormat.of().parseHex(input.replace(" ", ""));

        assertThat(Integer.toHexString(Toeplitz.hash(Toeplitz.KEY, bytes))).isEqualTo(hash);
    }

    private static void expect(Bench bench, byte[] key, FrameBuilder builder, int... fromLength) {
        byte[] frame = builder.build();
        Packet packet = bench.exchange(frame);
        assertThat(packet.hasHash()).isEqualTo(fromLength.length > 0);
        assertThat(Integer.toHexString(packet.hash())).isEqualTo(
            Integer.toHexString(Toeplitz.hash(key, Toeplitz.parts(frame, fromLength))));
        packet.release();
    }

    private static void expectHashes(NicConfig config, byte[] key) {
        try (Bench bench = Bench.over(Devices.open(DEVICE), config.promiscuous(true))) {
            expect(bench, key, new FrameBuilder().ipv4(UDP).udp().payload(100, 1), IPV4, 8);
            expect(bench, key, new FrameBuilder().ipv4(TCP).tcp().payload(100, 2), IPV4, 8, 34, 4);
            expect(bench, key, new FrameBuilder().ipv4(TCP).port(4711).tcp().payload(100, 3), IPV4, 8, 34, 4);
            expect(bench, key, new FrameBuilder().ipv6(UDP).udp().payload(100, 4), IPV6, 32);
            expect(bench, key, new FrameBuilder().ipv6(TCP).tcp().payload(100, 5), IPV6, 32, 54, 4);
            expect(bench, key, new FrameBuilder().type(0x88b5).payload(100, 6));
        }
    }

    @Test
    void shouldTellTheHashOfEachFlowByTheKeyThatEveryoneHas() {
        expectHashes(NicConfig.defaults(), Toeplitz.KEY);
    }

    @Test
    void shouldTellTheHashByAKeyOfTheApplicationsOwnAndWithoutSplitAsWell() {
        byte[] key = FrameBuilder.noise(40, 7);

        expectHashes(NicConfig.defaults().rssKey(key), key);
        expectHashes(NicConfig.defaults().rssKey(key).offload(Offload.HEADER_SPLIT, Force.SOFTWARE), key);
    }

    @Test
    void shouldTellNoHashWhenItIsSwitchedOff() {
        try (Bench bench = Bench.over(Devices.open(DEVICE),
            NicConfig.defaults().promiscuous(true).offload(Offload.RSS_HASH, Force.OFF))) {
            Packet packet = bench.exchange(new FrameBuilder().ipv4(TCP).tcp().payload(100, 1).build());
            assertThat(packet.hasHash()).isFalse();
            assertThat(packet.l4Checksum()).isEqualTo(Verdict.GOOD);
            packet.release();
        }
    }
}
