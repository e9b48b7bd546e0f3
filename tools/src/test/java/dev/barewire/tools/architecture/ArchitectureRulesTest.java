package dev.barewire.tools.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.barewire.tools.architecture.fixture.PacketFixture;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule, seen to fail on the fixtures that break it and to leave alone those that do not. */
final class ArchitectureRulesTest {
    private static final String ROOT = PacketFixture.class.getPackageName();
    private static final JavaClasses FIXTURES = new ClassFileImporter().importPackages(ROOT);
    private static final ArchitectureRules RULES = new ArchitectureRules(ROOT);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "dma, rings", "rings, profiles", "fallback, rings", "profiles, dma", "driver, tools",
    })
    void shouldRefuseAnImportFromAbove(final String room, final String above) {
        assertThat(faults(RULES.imports().get(room)))
            .anyMatch(fault -> fault.contains("<" + ROOT + "." + above + "."));
    }

    @ParameterizedTest
    @CsvSource({
        "dma, picocli", "rings, org.agrona", "fallback, org.agrona", "profiles, org.agrona", "driver, org.tomlj",
        "tools, org.tomlj",
    })
    void shouldRefuseALibraryThatIsNotTheRooms(final String room, final String library) {
        assertThat(faults(RULES.imports().get(room))).anyMatch(fault -> fault.contains(library));
    }

    @Test
    void shouldAllowImportsFromBelow() {
        assertThat(faults(RULES.imports().get("rings"))).noneMatch(fault -> fault.contains(ROOT + ".dma."));
        assertThat(faults(RULES.imports().get("driver"))).noneMatch(fault -> fault.contains(ROOT + ".rings."));
    }

    @Test
    void shouldFindACycleOfPackages() {
        assertThat(faults(RULES.cycles())).anyMatch(fault -> fault.contains("Slice dma -> ") && fault.contains("Slice rings"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reinterpret", "ofAddress", "nullSegment", "address", "addressByReference", "targetLayout",
        "wrapAddress", "makeOfAddress", "bufferAddress", "unsafe", "munmap", "jnrPointer"})
    void shouldRefuseARawAddress(final String method) {
        assertThat(faults(RULES.rawAddresses())).anyMatch(fault -> fault.contains("RawAddresses." + method + "("));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sun.misc.Unsafe", "jdk.internal.misc.Unsafe"})
    void shouldRefuseUnsafe(final String unsafe) throws IOException {
        final ClassDesc type = ClassDesc.of(unsafe);
        final byte[] user = ClassFile.of().build(ClassDesc.of(ROOT + ".rings.User"), made -> made.withMethodBody("use",
            MethodTypeDesc.of(ConstantDescs.CD_void), ClassFile.ACC_STATIC, code -> code
                .invokestatic(type, "getUnsafe", MethodTypeDesc.of(type)).pop().return_()));
        Files.write(folder.resolve("User.class"), user);

        assertThat(faults(RULES.rawAddresses(), new ClassFileImporter().importPath(folder)))
            .anyMatch(fault -> fault.contains("User.use()"));
    }

    @Test
    void shouldAllowWhatHasBounds() {
        assertThat(faults(RULES.rawAddresses()))
            .noneMatch(fault -> fault.contains("RawAddresses.bounded(") || fault.contains("<" + ROOT + ".dma.MappedMemory."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"BulkCopies.copy", "BulkCopies.copyFrom", "BulkCopies.toArray", "BulkCopies.putArray",
        "BulkCopies.putBuffer", "BulkCopies.getArray", "BulkCopies.putBytes", "BulkCopies.getBytes",
        "BulkCopies.byReference", "BulkCopies.intoMemory", "MappedMemory.unledgered", "ToolOnFrames.copy",
        "EngineOnFrames.write"})
    void shouldRefuseABulkCopy(final String method) {
        assertThat(faults(RULES.bulkCopies())).anyMatch(fault -> fault.contains(method + "("));
    }

    @ParameterizedTest
    @ValueSource(strings = {"MappedMemory.copyTo", "BulkCopies.singleBytes", "BulkCopies.arrays", "ToolOffFrames.copy",
        "CardMemory.write"})
    void shouldAllowTheLedgersCopyAndWhatIsNone(final String method) {
        assertThat(faults(RULES.bulkCopies())).noneMatch(fault -> fault.contains("." + method + "("));
    }

    @Test
    void shouldRefuseTheLedgersCopyToOthers() {
        assertThat(faults(RULES.copiesOutsideTheLedger())).hasSize(1)
            .allMatch(fault -> fault.contains("RawAddresses.aroundTheLedger("));
    }

    @Test
    void shouldRefuseVolatileOnTheHotPathOnly() {
        assertThat(faults(RULES.volatileFields())).hasSize(2)
            .anyMatch(fault -> fault.contains("RingFixture.tail")).anyMatch(fault -> fault.contains("PacketFixture.length"));
        assertThat(faults(RULES.volatileAccesses())).hasSize(1).allMatch(fault -> fault.contains("RingFixture.publish"));
    }

    @Test
    void shouldFindAPackageThatDoesNotSayWhatLivesThere() throws IOException {
        final Path good = Files.createDirectories(folder.resolve("module/src/main/java/good"));
        final Path bad = Files.createDirectories(good.resolveSibling("bad"));
        final Path empty = Files.createDirectories(good.resolveSibling("empty"));
        for (final Path source : List.of(good, bad, empty)) {
            Files.createFile(source.resolve("A.java"));
        }
        Files.writeString(good.resolve("package-info.java"), "/** Good things. */\npackage good;\n");
        Files.writeString(empty.resolve("package-info.java"), "package empty;\n");

        assertThat(SourceTree.undocumented(folder)).containsExactlyInAnyOrder(bad, empty);
    }

    private static List<String> faults(final ArchRule rule) {
        return faults(rule, FIXTURES);
    }

    private static List<String> faults(final ArchRule rule, final JavaClasses classes) {
        return rule.evaluate(classes).getFailureReport().getDetails();
    }
}
