package dev.barewire.tools.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.SetupException;
import dev.barewire.dma.DmaAccess;
import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.Region;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QemuRamTest {
    private static final long BYTES = 4 << 20;
    private static final long FIRST = 1 << 20;

    @TempDir
    private Path folder;
    private RandomAccessFile file;
    private QemuRam ram;

    @BeforeEach
    void open() throws IOException {
        file = new RandomAccessFile(folder.resolve("ram").toFile(), "rw");
        file.setLength(BYTES);
        ram = new QemuRam(file.getChannel(), BYTES);
    }

    @AfterEach
    void close() throws IOException {
        ram.close();
        file.close();
    }

    @Test
    void shouldGiveMemoryAboveTheHoleWhoseIovaIsItsPlaceInTheFile() throws IOException {
        final Region first = ram.allocate(MemoryKind.MEMFD, 5000);
        final Region second = ram.allocate(MemoryKind.MEMFD, 1);

        assertThat(first.iova(0, 1)).isEqualTo(FIRST);
        assertThat(first.size()).isEqualTo(8192);
        assertThat(second.iova(0, 1)).isEqualTo(FIRST + 8192);
        second.memory().putInt(8, 0x01020304);
        try (MappedMemory whole = ram.whole()) {
            assertThat(whole.getInt(FIRST + 8192 + 8)).isEqualTo(0x01020304);
        }
    }

    @Test
    void shouldGiveZerosWhenMemoryIsUsedAgain() {
        final Region used = ram.allocate(MemoryKind.MEMFD, 4096);
        used.memory().putInt(0, -1);
        used.close();

        final Region again = ram.allocate(MemoryKind.MEMFD, 4096);

        assertThat(again.iova(0, 1)).isEqualTo(FIRST);
        assertThat(again.memory().getInt(0)).isZero();
        assertThatThrownBy(() -> used.memory().getInt(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void shouldSayWhatTheMemoryIsWhenAnotherKindWasAsked() {
        final Region region = ram.allocate(MemoryKind.HUGE_PAGES, 1 << 20);

        assertThat(region.kind()).isEqualTo(MemoryKind.MEMFD);
        assertThat(region.note()).contains("no huge pages");
        assertThat(ram.allocate(MemoryKind.MEMFD, 1).note()).isEmpty();
    }

    @Test
    void shouldNameTheOptionWhenThereIsTooLittle() {
        ram.allocate(MemoryKind.MEMFD, 2 << 20);

        assertThatThrownBy(() -> ram.allocate(MemoryKind.MEMFD, 2 << 20)).isInstanceOf(SetupException.class)
            .hasMessageContainingAll("QEMU's RAM of 4 MiB", "ram=512m");
    }

    @Test
    void shouldRefuseToMapWhatIsNotItsOwn() {
        final Region region = ram.allocate(MemoryKind.MEMFD, 4096);

        assertThatThrownBy(() -> ram.map(region.memory(), MemoryKind.MEMFD, DmaAccess.READ_WRITE))
            .isInstanceOf(UnsupportedOperationException.class).hasMessageContaining("only QEMU's own RAM");
    }
}
