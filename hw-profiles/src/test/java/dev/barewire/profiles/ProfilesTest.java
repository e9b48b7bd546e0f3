package dev.barewire.profiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProfilesTest {
    @TempDir
    private Path folder;

    @Test
    void shouldKnowThe82540EmByIdAndByBothNames() {
        final Profiles profiles = Profiles.builtIn();
        final CardProfile card = profiles.byId(new PciId(0x8086, 0x100e)).orElseThrow();

        assertThat(card.name()).isEqualTo("82540EM");
        assertThat(profiles.byName("82540em")).contains(card);
        assertThat(profiles.byName("e1000")).contains(card);
        assertThat(profiles.byId(new PciId(0x8086, 0x1))).isEmpty();
        assertThat(card.rings().rxBufferSizes()).containsExactly(256, 512, 1024, 2048, 4096, 8192, 16384);
        assertThat(card.rings().maxDescriptors()).isEqualTo(4096);
        assertThat(card.frames().maxMtu()).isGreaterThanOrEqualTo(9000);
        assertThat(card.offloads().get(Offload.HEADER_SPLIT).supported()).isFalse();
        assertThat(card.offloads().get(Offload.TX_TCP_SEGMENTATION).supported()).isTrue();
    }

    @Test
    void shouldKnowThe82574LAndTheBuffersThatItSplitsInto() {
        final CardProfile card = Profiles.builtIn().byId(new PciId(0x8086, 0x10d3)).orElseThrow();

        assertThat(card.name()).isEqualTo("82574L");
        assertThat(Profiles.builtIn().byName("e1000e")).contains(card);
        assertThat(card.offloads().get(Offload.HEADER_SPLIT).supported()).isTrue();
        final CardProfile.Split split = card.split().orElseThrow();
        assertThat(split.headerSizes()).allMatch(size -> size % 128 == 0 && size <= 1024);
        assertThat(split.payloadSizes()).allMatch(size -> size % 1024 == 0 && size <= 63 * 1024);
        assertThat(split.payloadBuffers()).isEqualTo(3);
        assertThat(Profiles.builtIn().byName("82540EM").orElseThrow().split()).isEmpty();
    }

    @Test
    void shouldTellQemusCardByItsSubsystem() {
        final CardProfile old = Profiles.builtIn().byName("82540EM").orElseThrow();
        final CardProfile card = Profiles.builtIn().byName("82574L").orElseThrow();

        assertThat(old.isQemu(new PciId(0x1af4, 0x1100))).isTrue();
        assertThat(old.isQemu(new PciId(0x8086, 0x001e))).isFalse();
        assertThat(card.isQemu(new PciId(0x8086, 0))).isTrue();
        assertThat(card.isQemu(new PciId(0x8086, 0xa01f))).isFalse();
    }

    @Test
    void shouldApplyAQuirkOnlyWhereItIsFound() {
        final CardProfile card = Profiles.builtIn().byName("82540EM").orElseThrow();

        assertThat(card.hasQuirk("rx-checksum-never-reported", true)).isTrue();
        assertThat(card.hasQuirk("rx-checksum-never-reported", false)).isFalse();
        assertThat(card.hasQuirk("no-such-quirk", true)).isFalse();
        assertThat(new Quirk("q", Quirk.Where.ALL, java.util.List.of(), java.util.List.of(), "d", "s").applies(false)).isTrue();
        assertThat(new Quirk("q", Quirk.Where.SILICON, java.util.List.of(), java.util.List.of(), "d", "s").applies(true)).isFalse();
    }

    /** Each row changes one line of the good profile; the message must name that line and what is wrong. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "max-descriptors = 4096 | max-descriptors = 4100 | key 'rings.max-descriptors' must be a multiple of 8, is 4100",
        "max-descriptors = 4096 | max-descriptors = 0 | must be from 8 to 65536, is 0",
        "max-descriptors = 4096 | max-descriptors = 'many' | key 'rings.max-descriptors' must be a whole number, is many",
        "tx-data-limit = 16288 | tx-data-limti = 16288 | key 'rings.tx-data-limti' is unknown; did you mean 'tx-data-limit'?",
        "interrupts = \"intx\" | interrupts = \"smoke\" | key 'interrupts' must be one of intx, msi, msix, is 'smoke'",
        "vendor = \"Intel\" | vendor = \"\" | key 'vendor' must not be empty",
        "vendor = \"Intel\" | vendor = 3 | key 'vendor' must be a text, is 3",
        "ids = [\"8086:100e\", \"8086:1015\"] | ids = [\"8086\"] | key 'ids' must hold ids such as \"8086:100e\", has 8086",
        "ids = [\"8086:100e\", \"8086:1015\"] | ids = [] | key 'ids' must not be empty",
        "rx-buffer-sizes = [256, | rx-buffer-sizes = [2560, | must hold ascending multiples of 64 up to 65536, has 512",
        "applies = \"qemu\" | applies = \"moon\" | key 'quirks.applies' must be one of all, qemu, silicon, is 'moon'",
        "\"rx-tcp-checksum\", | \"rx-tcp-cheksum\", | which is no offload; did you mean 'rx-tcp-checksum'?",
        "jumbo = { supported = true | jumbo = { supported = 1 | key 'offloads.jumbo.supported' must be true or false, is 1",
        "min-mtu = 68 | min-mtu = = 68 | Unexpected '='",
        "max-mtu = 16092 | min-mtu = 16092 | min-mtu previously defined at line",
        "\"8086:1015\"] | \"8086:100e\"] | key 'ids' has 8086:100e twice",
        "id = \"tso-exact-multiple\" | id = \"rx-checksum-never-reported\" | which an earlier quirk has too",
        "tx-ip-checksum = { | tx-ip-cheksum = { | key 'offloads.tx-ip-cheksum' is unknown; did you mean 'tx-ip-checksum'?",
        "[frames] | [farmes] | key 'farmes' is unknown; did you mean 'frames'?",
    })
    void shouldNameFileLineAndKeyWhenAProfileIsBad(final String good, final String bad, final String message)
        throws IOException {
        final String text = builtIn();
        assertThat(text).contains(good);
        final int line = lineOf(text, good);
        final Path file = Files.writeString(folder.resolve("bad.toml"), text.replaceFirst(java.util.regex.Pattern.quote(good), bad));

        assertThatThrownBy(() -> Profiles.read(file))
            .isInstanceOf(ProfileException.class)
            .hasMessageContaining("bad.toml:" + line + ":")
            .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "min-mtu = 68 | [frames] | key 'frames.min-mtu' is missing",
        "id = \"tso-exact-multiple\" | id = \"tso-exact-multiple\" | key 'quirks.id' is missing",
        "name = \"82540EM\" | | bad.toml: key 'name' is missing",
    })
    void shouldNameTheTableWhenAKeyIsMissing(final String gone, final String table, final String message)
        throws IOException {
        final String text = builtIn();
        // The quirk's own table starts a line above its id.
        final int line = table == null ? 0 : lineOf(text, table) - (table.startsWith("id") ? 1 : 0);
        final Path file = Files.writeString(folder.resolve("bad.toml"), text.replace(gone, ""));

        assertThatThrownBy(() -> Profiles.read(file)).hasMessageContaining(table == null ? "" : "bad.toml:" + line + ":")
            .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Other | 8086:9999 | e1000 | qemu-device 'e1000'",
        "Other | 8086:100e | other | id 8086:100e",
    })
    void shouldNameBothFilesWhenTwoCardsClaimTheSame(
        final String name, final String id, final String device, final String claim) throws IOException {
        final String other = builtIn().replace("\"82540EM\"", '"' + name + '"').replace("\"e1000\"", '"' + device + '"')
            .replace("\"8086:100e\", \"8086:1015\"", '"' + id + '"');
        Files.writeString(folder.resolve("other.toml"), other);

        assertThatThrownBy(() -> Profiles.builtIn().with(folder))
            .hasMessage(folder.resolve("other.toml") + ": " + claim + " is claimed by 82540em.toml already");
    }

    @Test
    void shouldRefuseTwoFilesOfOneCardInAFolder() throws IOException {
        Files.writeString(folder.resolve("a.toml"), builtIn());
        Files.writeString(folder.resolve("b.toml"), builtIn().replace("\"82540EM\"", "\"82540em\""));

        assertThatThrownBy(() -> Profiles.builtIn().with(folder)).hasMessage(folder.resolve("b.toml")
            + ": name '82540em' is claimed by " + folder.resolve("a.toml") + " already");
    }

    @Test
    void shouldNotFindACardWithoutAQemuDeviceByAnEmptyName() throws IOException {
        Files.writeString(folder.resolve("a.toml"), builtIn().replace("qemu-device = \"e1000\"", ""));

        assertThat(Profiles.builtIn().with(folder).byName("")).isEmpty();
        assertThat(Profiles.builtIn().with(folder).byName("e1000")).isEmpty();
    }

    @Test
    void shouldLetAFolderReplaceAKnownCard() throws IOException {
        Files.writeString(folder.resolve("mine.toml"), builtIn().replace("max-mtu = 16092", "max-mtu = 9000"));

        final Profiles profiles = Profiles.builtIn().with(folder);

        assertThat(profiles.byName("82540EM").orElseThrow().frames().maxMtu()).isEqualTo(9000);
        assertThat(profiles.all()).hasSameSizeAs(Profiles.builtIn().all());
    }

    @Test
    void shouldSayWhenAFileOrFolderCannotBeRead() {
        assertThatThrownBy(() -> Profiles.read(folder.resolve("none.toml"))).hasMessageContaining("none.toml");
        assertThatThrownBy(() -> Profiles.builtIn().with(folder.resolve("none"))).hasMessageContaining("none");
    }

    private static int lineOf(final String text, final String part) {
        return text.substring(0, text.indexOf(part)).split("\n", -1).length;
    }

    private static String builtIn() throws IOException {
        try (InputStream stream = Profiles.class.getResourceAsStream("82540em.toml")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
