package dev.barewire.tools.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the benchmark as a person does, out of the jar file, in short rounds, and looks whether every figure is there. */
@Timeout(180)
class TransportsIT {
    private static final Map<String, List<String>> EXPECTED = Map.of(
        "first frame, from JVM main", List.of("qemu:e1000", "model:82540EM"),
        "first frame, from JVM start", List.of("qemu:e1000", "model:82540EM"),
        "qemu:e1000 transmit, 60 bytes", List.of("driver", "raw", "driver/raw"),
        "qemu:e1000 transmit, 1514 bytes", List.of("driver", "raw", "driver/raw"),
        "qemu:e1000 receive, 60 bytes", List.of("driver", "raw", "driver/raw"),
        "qemu:e1000 receive, 1514 bytes", List.of("driver", "raw", "driver/raw"),
        "model:82540EM card to card, 64 bytes", List.of("rules strict", "rules off"));

    @TempDir
    private Path folder;

    @Test
    void shouldGiveEveryFigureAsOneJsonObject() throws Exception {
        final Path out = folder.resolve("out");
        final Path err = folder.resolve("err");
        final Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED", "-jar",
            Path.of("target", "barewire.jar").toString(), "bench", "transports", "--json", "--rounds", "2", "--seconds", "0.05")
            .redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try {
            assertThat(process.waitFor(150, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroy();
        }
        final String json = Files.readString(out);
        assertThat(process.exitValue()).as("%s%n%s", json, Files.readString(err)).isZero();
        assertThat(json.lines()).hasSize(1);
        EXPECTED.forEach((name, contestants) -> {
            final int at = json.indexOf('"' + name + "\": {");
            assertThat(at).as(name).isPositive();
            contestants.forEach(contestant -> assertThat(median(json.substring(at), contestant))
                .as("%s, %s", name, contestant).isPositive());
        });
        assertThat(json).contains("allocated by all threads\": {", "\"unit\": \"bytes/frame\"", "\"processors\": ");
    }

    private static double median(final String json, final String contestant) {
        final Matcher median = Pattern.compile(Pattern.quote('"' + contestant + '"')
            + ": \\{\"unit\": \"[A-Za-z]+\", \"median\": ([0-9.]+)").matcher(json);
        assertThat(median.find()).as("%s in %s", contestant, json).isTrue();
        return Double.parseDouble(median.group(1));
    }
}
