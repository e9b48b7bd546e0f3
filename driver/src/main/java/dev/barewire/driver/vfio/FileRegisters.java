package dev.barewire.driver.vfio;

import dev.barewire.driver.access.Registers;

/** A BAR that cannot be mapped (I/O ports, or less than a page): an access is a system call. */
final class FileRegisters implements Registers {
    private final VfioRegion region;

    FileRegisters(final VfioRegion region) {
        this.region = region;
    }

    @Override
    public int read(final int offset) {
        return read(offset, Integer.BYTES);
    }

    @Override
    public void write(final int offset, final int value) {
        write(offset, Integer.BYTES, value);
    }

    @Override
    public int read(final int offset, final int width) {
        return region.read(offset, width);
    }

    @Override
    public void write(final int offset, final int width, final int value) {
        region.write(offset, width, value);
    }

    @Override
    public int size() {
        return (int) Math.min(region.size(), Integer.MAX_VALUE);
    }
}
