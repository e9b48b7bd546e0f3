package dev.barewire.tools.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.Force;
import dev.barewire.profiles.Offload;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DemoSettingsTest {
    @TempDir
    private Path folder;

    private static DemoSettings settings(int mtu, int bytes, Map<Offload, Force> offloads, Path pcap) {
        return new DemoSettings(DemoDevice.parse(DemoDevice.GUEST, null), mtu, bytes, offloads, pcap);
    }

    @ParameterizedTest
    @CsvSource({"1500, 1408", "9000, 8896", "576, 512", "1501, 1408"})
    void shouldCutTheFileSoThatChunksFillFrames(int mtu, int chunkBytes) {
        DemoSettings settings = settings(mtu, 1 << 20, Map.of(), null);
        assertThat(settings.shape().chunkBytes()).isEqualTo(chunkBytes);
        assertThat(settings.isRaw()).isEqualTo(mtu > 1500);
    }

    @Test
    void shouldTakeTheRawPeerWhereTheCardHasNoOtherNetwork() {
        assertThat(new DemoSettings(DemoDevice.parse("model:82540EM", null), 1500, 1, Map.of(), null).isRaw()).isTrue();
        assertThat(new DemoSettings(DemoDevice.parse("qemu:e1000", null), 1500, 1, Map.of(), null).isRaw()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 575, 9001})
    void shouldRefuseAnMtuThatTheDemoCannotHave(int mtu) {
        assertThatThrownBy(() -> settings(mtu, 1, Map.of(), null)).hasMessageContaining("--mtu " + mtu)
                .hasMessageContaining("576 to 9000");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -5, Integer.MAX_VALUE})
    void shouldRefuseASizeThatTheDemoCannotHave(int bytes) {
        assertThatThrownBy(() -> settings(1500, bytes, Map.of(), null)).hasMessageContaining("--size " + bytes);
    }

    @Test
    void shouldRefuseACaptureThatCannotBeWritten() {
        Path file = folder.resolve("no-such-folder").resolve("x.pcap");
        assertThatThrownBy(() -> settings(1500, 1, Map.of(), file)).hasMessageContaining("--pcap " + file)
                .hasMessageContaining("choose a file");
        assertThatThrownBy(() -> settings(1500, 1, Map.of(), folder)).hasMessageContaining("--pcap " + folder);
    }

    @Test
    void shouldLeaveNothingBehindWhenItHasLookedAtTheCapturesPlace() {
        Path file = folder.resolve("x.pcap");
        assertThat(settings(1500, 1, Map.of(), file).pcap()).isEqualTo(file);
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({"16m, 16777216", "2M, 2097152", "100k, 102400", "4711, 4711"})
    void shouldReadSizes(String text, int bytes) {
        assertThat(DemoSettings.bytes(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "many", "16g", "9999999m", "99999999999999999999", "9223372036854775807k"})
    void shouldRefuseWhatIsNoSize(String text) {
        assertThatThrownBy(() -> DemoSettings.bytes(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--size " + text);
    }
}
