package dev.barewire.driver.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.SetupException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DevicesTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "eth0", ":", "usb:1-1", "VFIO:0000:00:03.0"})
    void shouldNameTheKnownWaysWhenAnotherIsAskedFor(final String name) {
        assertThatThrownBy(() -> Devices.open(name)).isInstanceOf(SetupException.class)
            .hasMessageContaining("'" + name + "'").hasMessageContaining("vfio:");
    }

    @Test
    void shouldHandTheRestToTheWayWhenItIsKnown() {
        assertThatThrownBy(() -> Devices.open("vfio:nowhere")).isInstanceOf(SetupException.class)
            .hasMessageContaining("'nowhere' is no PCI address");
    }

    @Test
    void shouldMissNoFlagWhenTheTestsHaveThemAll() {
        assertThat(JvmFlags.missing()).isEmpty();
    }

    @Test
    void shouldNameExactlyTheFlagsThatAreMissingWhenAJvmWasStartedWithoutThem() throws Exception {
        assertThat(flagsMissingIn()).isEqualTo(
            "[--enable-native-access=ALL-UNNAMED, --add-exports=java.base/jdk.internal.misc=ALL-UNNAMED]");
        assertThat(flagsMissingIn("--enable-native-access=ALL-UNNAMED"))
            .isEqualTo("[--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED]");
    }

    private static String flagsMissingIn(final String... flags) throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Missing.class.getName()));
        final Process child = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        final String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(child.waitFor()).isZero();
        return said;
    }

    /** Says what its JVM misses. */
    static final class Missing {
        public static void main(final String[] arguments) {
            System.out.println(JvmFlags.missing());
        }
    }
}
