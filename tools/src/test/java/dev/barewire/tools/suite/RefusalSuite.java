package dev.barewire.tools.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.barewire.Force;
import dev.barewire.HeaderSplit;
import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.SetupException;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import dev.barewire.profiles.Offload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be is refused once, with the mend, and the card can be opened as before. */
@CardSuite
class RefusalSuite {
    /** A card that has no profile. */
    static final String UNKNOWN = "barewire.unknown";
    /** More of 2 MiB than a guest has set aside. */
    private static final int HUGE_PAGES = 40;

    static List<Arguments> refused() {
        NicConfig defaults = NicConfig.defaults();
        return List.of(
            arguments("MTU too small", defaults.mtu(67), "choose an MTU from 68 to "),
            arguments("MTU too large", defaults.mtu(16093), "choose an MTU from 68 to "),
            arguments("ring of an odd size", defaults.descriptors(1020, 1024), "choose a multiple of 8"),
            arguments("ring too large", defaults.descriptors(1024, 8192), "choose a multiple of 8"),
            arguments("receive buffers too small", defaults.rxBuffers(MemoryKind.ANONYMOUS, 128, 64), "choose a size of "),
            arguments("an offload that the card lacks", defaults.offload(Offload.HEADER_SPLIT, Force.HARDWARE)
                .headerSplit(HeaderSplit.fixed(60)), "ask for it in software"),
            arguments("an offload that software lacks", defaults.offload(Offload.RSS_HASH, Force.SOFTWARE),
                "switch the offload off"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void shouldNameTheMendWhenAConfigurationCannotBe(String name, NicConfig config, String mend) {
        assertThatThrownBy(() -> CardUnderTest.open(config).close())
            .isInstanceOfSatisfying(SetupException.class, refusal -> assertThat(refusal.mend()).contains(mend));

        CardUnderTest.open(NicConfig.defaults()).close();
    }

    @Test
    @EnabledIfSystemProperty(named = UNKNOWN, matches = ".+", disabledReason = "needs -Dbarewire.unknown=<card>")
    void shouldNameTheKnownCardsWhenACardHasNoProfile() {
        assertThatThrownBy(() -> Nic.open(System.getProperty(UNKNOWN), NicConfig.defaults()).close())
            .isInstanceOfSatisfying(SetupException.class, refusal -> assertThat(refusal.mend()).contains("82540EM"));
    }

    @Test
    void shouldNameTheWaysWhenTheDeviceNamesNone() {
        for (String device : List.of("vfoi:0000:00:05.0", "0000:00:05.0", "")) {
            assertThatThrownBy(() -> Nic.open(device)).isInstanceOf(SetupException.class).hasMessageContaining("vfio:");
        }
    }

    @Test
    void shouldFallBackAndSaySoWhenThereAreNotEnoughHugePages() throws IOException {
        assumeTrue(freeHugePages() < HUGE_PAGES, "more huge pages are free than the test takes");
        BufferPool[] pool = new BufferPool[1];
        NicConfig config = NicConfig.defaults().payloadPool(domain -> {
            pool[0] = new BufferPool("large", domain, MemoryKind.HUGE_PAGES, 2048, HUGE_PAGES << 10);
            return pool[0];
        });
        try (Bench bench = Bench.open(config)) {
            bench.expectNothing();
            assertThat(pool[0].region().kind()).isNotEqualTo(MemoryKind.HUGE_PAGES);
            assertThat(pool[0].region().note()).contains("huge");
        }
    }

    private static long freeHugePages() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
            return lines.filter(line -> line.startsWith("HugePages_Free:")).findFirst()
                .map(line -> Long.parseLong(line.replaceAll("\\D", ""))).orElse(0L);
        }
    }
}
