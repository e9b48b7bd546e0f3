package dev.barewire.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine barewire = Main.commandLine().addSubcommand(new Defective())
        .setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));

    @Test
    void shouldListTheCommandsWhenGivenNone() {
        assertThat(barewire.execute()).isZero();

        assertThat(out.toString()).contains("Usage: barewire").contains("barewire test")
            .containsSubsequence("  doctor ", "  list ", "  info ", "  guest ", "  setup ");
    }

    @Test
    void shouldPrintTheVersionWhenAsked() {
        assertThat(barewire.execute("--version")).isZero();

        assertThat(out.toString()).startsWith("barewire ").contains("JDK 25");
    }

    @Test
    void shouldSuggestTheCommandWhenItIsMisspelt() {
        assertThat(barewire.execute("docter")).isEqualTo(2);

        assertThat(err.toString()).contains("Did you mean: barewire doctor");
    }

    @Test
    void shouldPrintOneMessageWhenSetUpIsWrong() {
        assertThat(barewire.execute("info", "nonsense")).isEqualTo(2);

        assertThat(err.toString()).startsWith("barewire: 'nonsense' is neither").contains("To mend it: ")
            .doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void shouldPrintOneMessageWhenTheWayToACardIsNotKnown() {
        assertThat(barewire.execute("info", "pigeon:7")).isEqualTo(2);

        assertThat(err.toString()).contains("'pigeon:7'", "vfio:").doesNotContain("\tat ");
    }

    @Test
    void shouldNameTheLineWhenAProfileIsBroken(@TempDir final Path folder) throws IOException {
        final Path profile = Files.writeString(folder.resolve("bad.toml"), "name = \"X\"\nvendor = 7\n");

        assertThat(barewire.execute("info", profile.toString())).isEqualTo(2);

        assertThat(err.toString()).contains("bad.toml", "vendor").doesNotContain("\tat ");
    }

    @Test
    void shouldPrintTheStackTraceWhenAskedFor() {
        assertThat(barewire.execute("--stacktrace", "info", "nonsense")).isEqualTo(2);
        assertThat(err.toString()).contains("\tat ");

        err.getBuffer().setLength(0);
        assertThat(barewire.execute("info", "--stacktrace", "nonsense")).isEqualTo(2);
        assertThat(err.toString()).contains("\tat ");
    }

    @Test
    void shouldShowWhereADefectIsWhenNobodyExpectedIt() {
        assertThat(barewire.execute("defective")).isEqualTo(1);

        assertThat(err.toString()).contains("barewire: java.lang.IllegalStateException: a defect", "\tat ");
    }

    @Command(name = "defective")
    private static final class Defective implements Callable<Integer> {
        @Override
        public Integer call() {
            throw new IllegalStateException("a defect");
        }
    }
}
