package dev.barewire.tools.qemu;

import dev.barewire.driver.pci.PciConfig;

/** The base address registers of a function, sized and given addresses, as firmware does (PCI 3.0, section 6.2.5). */
final class PciBars {
    private static final int COUNT = 6;
    private static final int FIRST_BAR = 0x10;
    private static final int IO_SPACE = 1;
    private static final int MEMORY_64 = 0x4;
    private static final int IO_FLAGS = 0x3;
    private static final int MEMORY_FLAGS = 0xf;
    private static final int IO_LIMIT = 0xffff;
    private static final long MEMORY_LIMIT = 0xffffffffL;
    private static final int PAGE = 4096;
    /** Where no other function of the machine answers: QEMU is started with one card only. */
    private static final long MEMORY_WINDOW = 0xc0000000L;
    private static final long IO_WINDOW = 0xc000;

    private final long[] addresses = new long[COUNT];
    private final long[] sizes = new long[COUNT];
    private long nextMemory = MEMORY_WINDOW;
    private long nextIo = IO_WINDOW;

    /** Gives every BAR of a function an address. The function does not answer there before COMMAND says so. */
    PciBars(final PciConfig config) {
        for (int bar = 0; bar < COUNT; bar++) {
            final int at = FIRST_BAR + bar * Integer.BYTES;
            config.write(at, Integer.BYTES, -1);
            final int mask = config.read(at, Integer.BYTES);
            final boolean io = (mask & IO_SPACE) != 0;
            final long size = io ? -(mask & ~IO_FLAGS) & IO_LIMIT : -(long) (mask & ~MEMORY_FLAGS) & MEMORY_LIMIT;
            if (mask != 0) {
                addresses[bar] = io ? io(size) : memory(size);
                sizes[bar] = io ? 0 : size;
                config.write(at, Integer.BYTES, (int) addresses[bar]);
                if (!io && (mask & MEMORY_64) != 0) {
                    bar++;
                    config.write(at + Integer.BYTES, Integer.BYTES, 0);
                }
            }
        }
    }

    private long memory(final long size) {
        final long unit = Math.max(size, PAGE);
        final long address = (nextMemory + unit - 1) & -unit;
        nextMemory = address + unit;
        return address;
    }

    private long io(final long size) {
        final long address = (nextIo + size - 1) & -size;
        nextIo = address + size;
        return address;
    }

    /** Where a BAR of memory begins. */
    long address(final int bar) {
        return addresses[bar];
    }

    /** Bytes of a BAR of memory; 0 if the function has none of this number. */
    long size(final int bar) {
        return sizes[bar];
    }
}
