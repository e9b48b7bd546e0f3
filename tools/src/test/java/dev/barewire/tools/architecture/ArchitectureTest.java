package dev.barewire.tools.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules over every class that the project ships. */
final class ArchitectureTest {
    private static final JavaClasses PROJECT = new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.barewire");
    private static final ArchitectureRules RULES = new ArchitectureRules("dev.barewire");

    @ParameterizedTest
    @ValueSource(strings = {"dma", "rings", "fallback", "profiles", "driver", "testkit", "tools"})
    void shouldImportOnlyWhatLiesBelow(final String room) {
        RULES.imports().get(room).check(PROJECT);
    }

    @Test
    void shouldHaveNoCycleOfPackages() {
        RULES.cycles().check(PROJECT);
    }

    @Test
    void shouldKeepRawAddressesInOneClass() {
        RULES.rawAddresses().check(PROJECT);
    }

    @Test
    void shouldCopyInBulkOnlyThroughTheLedger() {
        RULES.bulkCopies().check(PROJECT);
        RULES.copiesOutsideTheLedger().check(PROJECT);
    }

    @Test
    void shouldHaveNothingVolatileOnTheHotPath() {
        RULES.volatileFields().check(PROJECT);
        RULES.volatileAccesses().check(PROJECT);
    }

    @Test
    void shouldSayInEveryPackageWhatLivesThere() throws IOException {
        final Path project = Path.of("..").toAbsolutePath().normalize();

        assertThat(SourceTree.packages(project)).contains(project.resolve("dma/src/main/java/dev/barewire/dma"));
        assertThat(SourceTree.undocumented(project)).isEmpty();
    }
}
