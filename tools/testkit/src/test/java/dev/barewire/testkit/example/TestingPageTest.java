package dev.barewire.testkit.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page for application developers, held against what it shows. */
final class TestingPageTest {
    private static final Path PAGE = Path.of("../../docs/testing.md");
    private static final Path EXAMPLE = Path.of("src/test/java/dev/barewire/testkit/example/EchoTest.java");

    @Test
    void shouldShowTheExampleAsItIs() throws IOException {
        final String page = Files.readString(PAGE);
        final int start = page.indexOf("```java\n") + "```java\n".length();

        assertThat(page.substring(start, page.indexOf("```", start))).isEqualTo(Files.readString(EXAMPLE));
    }

    @Test
    void shouldNameEverySystemPropertyAndOption() throws IOException {
        final String page = Files.readString(PAGE);
        final Path sources = Path.of("src/main/java/dev/barewire/testkit");
        final String code = Files.readString(sources.resolve("junit/NicExtension.java"))
            + Files.readString(sources.resolve("wrap/PcapProvider.java"));

        assertThat(Stream.of("barewire.test.device", "barewire.test.peer", "barewire.test.pcap", "out", "snaplen", "in", "pace",
            "times", "sent")).allSatisfy(name -> {
                assertThat(code).contains('"' + name + '"');
                assertThat(page).containsPattern("`" + Pattern.quote(name) + "[`=]");
            });
    }
}
