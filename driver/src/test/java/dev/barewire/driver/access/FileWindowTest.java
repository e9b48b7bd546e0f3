package dev.barewire.driver.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.dma.posix.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWindowTest {
    @TempDir
    private Path folder;

    @Test
    void shouldReadAndWriteLittleEndianWithinItsPartOfTheFile() throws IOException {
        final Path file = Files.write(folder.resolve("config"), new byte[] {0, 0, 0, 0, (byte) 0x86, (byte) 0x80, 1, 2});
        final int fd = Posix.open(file.toString(), Posix.O_RDWR);
        final FileWindow window = new FileWindow("config", () -> fd, 4, 4);

        assertThat(window.read(0, 2)).isEqualTo(0x8086);
        assertThat(window.read(3, 1)).isEqualTo(2);
        assertThat(window.read(0)).isEqualTo(0x02018086);
        window.write(2, 2, 0x0304);
        Posix.close(fd);

        assertThat(Files.readAllBytes(file)).containsExactly(0, 0, 0, 0, 0x86, 0x80, 4, 3);
    }

    @Test
    void shouldRefuseAnAccessWhenItIsOutsideOrAcross() {
        final FileWindow window = new FileWindow("config", () -> -1, 0, 256);

        assertThatThrownBy(() -> window.read(256, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> window.read(-2, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> window.read(2, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> window.write(0, 8, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
