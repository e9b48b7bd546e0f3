package dev.barewire.driver.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.posix.Libc;
import dev.barewire.dma.posix.Posix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MappedRegistersTest {
    /** Enough for the second compiler, in whose code a fault is thrown late. */
    private static final int WARM = 50_000;
    private static final int PAGE = 4096;

    private int file;
    private MappedMemory memory;
    private Registers registers;

    @BeforeEach
    void setUp() {
        file = Libc.memfdCreate("BAR");
        Posix.ftruncate(file, PAGE);
        memory = MappedMemory.map("BAR", PAGE, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED, file, 0);
        registers = new MappedRegisters(memory);
    }

    @AfterEach
    void tearDown() {
        memory.close();
        Posix.close(file);
    }

    @Test
    void shouldReadAllOnesAndTakeWritesWhenTheBarIsTakenAway() {
        assertThat(compiled()).isZero();

        // Pages of a file that end before the mapping are gone like those of a card: an access raises SIGBUS.
        Posix.ftruncate(file, 0);
        assertThat(compiled()).isEqualTo(WARM);
        assertThat(registers.read(8, 1)).isEqualTo(0xff);
        assertThat(registers.read(8, 2)).isEqualTo(0xffff);
        registers.write(8, 2, 1);
        registers.write(8, 1, 1);

        Posix.ftruncate(file, PAGE);
        registers.write(8, 7);
        assertThat(registers.read(8)).isEqualTo(7);
    }

    /** Writes and reads until that is compiled, and counts reads that gave all ones. */
    private int compiled() {
        int ones = 0;
        for (int i = 0; i < WARM; i++) {
            registers.write(4, i);
            ones += registers.read(0) == -1 ? 1 : 0;
        }
        return ones;
    }
}
