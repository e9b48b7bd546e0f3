package dev.barewire.driver.virtio;

import dev.barewire.driver.access.Registers;

/**
 * One of a device's structures, within a BAR.
 *
 * @param bar    the BAR
 * @param offset where in it the structure begins
 * @param length bytes that belong to it, all of them in the BAR
 */
record VirtioWindow(Registers bar, int offset, int length) {
    int read8(final int at) {
        return bar.read(place(at, Byte.BYTES), Byte.BYTES);
    }

    int read16(final int at) {
        return bar.read(place(at, Short.BYTES), Short.BYTES);
    }

    int read32(final int at) {
        return bar.read(place(at, Integer.BYTES), Integer.BYTES);
    }

    void write8(final int at, final int value) {
        bar.write(place(at, Byte.BYTES), Byte.BYTES, value);
    }

    void write16(final int at, final int value) {
        bar.write(place(at, Short.BYTES), Short.BYTES, value);
    }

    void write32(final int at, final int value) {
        bar.write(place(at, Integer.BYTES), Integer.BYTES, value);
    }

    /** As two halves, which the specification asks for (4.1.3.1). */
    void write64(final int at, final long value) {
        write32(at, (int) value);
        write32(at + Integer.BYTES, (int) (value >>> Integer.SIZE));
    }

    private int place(final int at, final int width) {
        if (at < 0 || at > length - width) {
            throw new IndexOutOfBoundsException("no " + width + " bytes at " + at + " of a structure of " + length);
        }
        return offset + at;
    }
}
