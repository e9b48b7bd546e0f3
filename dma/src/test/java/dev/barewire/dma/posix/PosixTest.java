package dev.barewire.dma.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PosixTest {
    @TempDir
    private Path folder;

    @Test
    void shouldReadAndWriteAtOffsetsWhenAFileIsOpen() throws IOException {
        final Path file = Files.writeString(folder.resolve("file"), "0123456789");
        final int fd = Posix.open(file.toString(), Posix.O_RDWR);

        assertThat(Posix.pwrite(fd, text("ab"), 4)).isEqualTo(2);
        final ByteBuffer room = ByteBuffer.allocateDirect(4);
        assertThat(Posix.pread(fd, room, 3)).isEqualTo(4);
        assertThat(StandardCharsets.US_ASCII.decode(room.clear()).toString()).isEqualTo("3ab6");
        assertThat(Posix.pread(fd, room.clear(), 100)).isZero();
        assertThat(Posix.write(fd, text("XY"))).isEqualTo(2);
        Posix.ftruncate(fd, 6);
        assertThat(file).hasContent("XY23ab");
        Posix.close(fd);
    }

    @Test
    void shouldCloseOnExecWhenItOpens() throws IOException {
        final int fd = Posix.open(folder.toString(), Posix.O_RDONLY);
        final String flags = Files.readAllLines(Path.of("/proc/self/fdinfo/" + fd)).stream()
            .filter(line -> line.startsWith("flags:")).findFirst().orElseThrow().split("\\s+")[1];
        assertThat(Integer.parseInt(flags, 8) & Posix.O_CLOEXEC).isEqualTo(Posix.O_CLOEXEC);
        Posix.close(fd);
    }

    @Test
    void shouldNameFileAndErrorWhenTheKernelRefuses() {
        final String absent = folder.resolve("absent").toString();
        assertThatThrownBy(() -> Posix.open(absent, Posix.O_RDONLY)).isInstanceOf(SystemCallException.class)
            .hasMessageContaining("open(" + absent + ") failed: ENOENT (");
        assertThatThrownBy(() -> Posix.close(1_000_000)).hasMessageContaining("EBADF");
        assertThatThrownBy(() -> Posix.read(1_000_000, text("x"))).hasMessageContaining("EBADF");
        assertThatThrownBy(() -> Posix.pwrite(1_000_000, text("x"), 7)).hasMessageContaining("pwrite(1000000, 7)");
    }

    @Test
    void shouldAgreeWithTheKernelOnUserAndLimit() throws IOException {
        final String uids = status("Uid:");
        assertThat(Posix.geteuid()).isEqualTo(Integer.parseInt(uids.split("\\s+")[2]));
        final String limit = Files.readAllLines(Path.of("/proc/self/limits")).stream()
            .filter(line -> line.startsWith("Max locked memory")).findFirst().orElseThrow().split("\\s{2,}")[1];
        assertThat(Posix.lockedMemoryLimit())
            .isEqualTo(limit.equals("unlimited") ? Posix.UNLIMITED : Long.parseLong(limit));
    }

    @Test
    void shouldGiveTheNumberWhenAnErrorHasNoName() {
        final SystemCallException odd = new SystemCallException("call", 4711);
        assertThat(odd.errno()).isEqualTo("errno 4711");
        assertThat(odd).hasMessage("call failed: errno 4711");
        assertThat(odd.is("EPERM")).isFalse();
    }

    private static String status(final String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith(field))
            .findFirst().orElseThrow();
    }

    private static ByteBuffer text(final String text) {
        return ByteBuffer.allocateDirect(text.length()).put(text.getBytes(StandardCharsets.US_ASCII)).flip();
    }
}
