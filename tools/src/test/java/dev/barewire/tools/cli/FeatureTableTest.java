package dev.barewire.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.profiles.Profiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeatureTableTest {
    private static final String COMMAND = "`./barewire list --features`";

    @Test
    void shouldStandInTheReadmeAsTheCommandPrintsIt() throws IOException {
        List<String> readme = Files.readAllLines(Path.of("..", "README.md"));
        int said = readme.stream().map(line -> line.contains(COMMAND)).toList().indexOf(true);
        assertThat(said).as("README.md names " + COMMAND).isNotNegative();

        List<String> table = readme.subList(said, readme.size()).stream().dropWhile(line -> !line.startsWith("|"))
            .takeWhile(line -> line.startsWith("|")).toList();

        assertThat(table).isEqualTo(FeatureTable.of(Profiles.builtIn().all()));
    }
}
