package dev.barewire.tools.suite;

import dev.barewire.tools.guest.Leash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The card suite on this machine, without a guest, in JVMs that do not share this one's fate: compiled as usual, interpreted
 * only, and by the quick compiler only, which all order what the code leaves them free to order in ways of their own.
 */
@Timeout(900)
abstract class LocalSuite {
    /** The repetitions that are long with a compiler are a part of that without. */
    private static final String FEW = "-D" + CardUnderTest.REPETITIONS + "=5";

    @TempDir
    private Path work;

    /** {@return the card's name, without options that a test needs} */
    abstract String device();

    @TestFactory
    Stream<DynamicTest> shouldDriveTheCard() throws IOException {
        Path pcap = work.resolve("sent.pcap");
        SuiteRun run = run("-D" + FarEnd.PCAP + "=" + pcap);
        return Stream.concat(run.tests(), Stream.of(SuiteRun.dissection(pcap)));
    }

    @TestFactory
    Stream<DynamicTest> shouldDriveTheCardWhenInterpreted() throws IOException {
        return run("-Xint", FEW, SuiteMain.WITHOUT_MATRIX).tests();
    }

    @TestFactory
    Stream<DynamicTest> shouldDriveTheCardWhenCompiledQuickly() throws IOException {
        return run("-XX:TieredStopAtLevel=1", FEW, SuiteMain.WITHOUT_MATRIX).tests();
    }

    private SuiteRun run(String... options) throws IOException {
        Leash leash = new Leash(SuiteJvm.suite(device(), new ArrayList<>(List.of(options))), Files.createTempDirectory(work, "run"));
        String output;
        try (leash) {
            output = new String(leash.output().readAllBytes(), StandardCharsets.UTF_8);
        }
        return new SuiteRun(output, leash.exitCode());
    }
}
