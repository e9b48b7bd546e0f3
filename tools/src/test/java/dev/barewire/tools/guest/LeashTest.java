package dev.barewire.tools.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LeashTest {
    @TempDir
    private Path folder;

    @Test
    void shouldReturnWhatTheChildSaidWhenItEndsByItself() throws IOException {
        Path run = Files.createDirectory(folder.resolve("run"));
        try (Leash leash = new Leash(List.of("sh", "-c", "echo out; echo err >&2; exit 3"), run)) {
            assertThat(leash.awaitEnd()).isEqualTo("out\nerr");
        }
        assertThat(run).doesNotExist();
    }

    @Test
    void shouldKillTheChildAndRemoveTheFolderWhenClosed() throws IOException {
        Path run = Files.createDirectory(folder.resolve("run"));
        Leash leash = new Leash(List.of("sh", "-c", "trap '' TERM; while :; do sleep 1; done"), run);

        leash.close();

        assertThat(run).doesNotExist();
        assertThat(leash.awaitEnd()).isEmpty();
    }

    @Test
    void shouldKillTheChildWhenTheJvmIsKilled() throws Exception {
        Path run = Files.createDirectory(folder.resolve("run"));
        Process jvm = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-cp",
                System.getProperty("java.class.path"), Holder.class.getName(), run.toString()).start();
        try (BufferedReader output = jvm.inputReader()) {
            ProcessHandle child = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();

            jvm.destroyForcibly();

            child.onExit().get(30, TimeUnit.SECONDS);
            while (Files.exists(run)) {
                Thread.onSpinWait();
            }
        }
    }

    /** Holds a child on a leash until it is killed. */
    static final class Holder {
        private Holder() {
        }

        public static void main(String[] arguments) throws Exception {
            Path run = Path.of(arguments[0]);
            Path pid = run.resolve("pid");
            try (Leash leash = new Leash(List.of("sh", "-c", "echo $$ >" + pid + ".part; mv " + pid + ".part " + pid
                    + "; exec sleep 600"), run)) {
                while (!Files.exists(pid)) {
                    Thread.onSpinWait();
                }
                System.out.println(Files.readString(pid).strip());
                leash.awaitEnd();
            }
        }
    }
}
