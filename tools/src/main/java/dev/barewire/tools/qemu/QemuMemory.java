package dev.barewire.tools.qemu;

import dev.barewire.driver.access.Registers;
import dev.barewire.driver.pci.PciConfig;

/** A window on the addresses of QEMU's machine, read and written over its test socket: a BAR, or configuration space. */
final class QemuMemory implements Registers, PciConfig {
    private final QtestSocket socket;
    private final long address;
    private final int size;

    QemuMemory(final QtestSocket socket, final long address, final int size) {
        this.socket = socket;
        this.address = address;
        this.size = size;
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
        check(offset, width);
        return socket.read(address + offset, width);
    }

    @Override
    public void write(final int offset, final int width, final int value) {
        check(offset, width);
        socket.write(address + offset, width, value);
    }

    private void check(final int offset, final int width) {
        if (offset < 0 || offset > size - width || offset % width != 0) {
            throw new IndexOutOfBoundsException(
                "no aligned access of " + width + " bytes at " + offset + " of a window of " + size + " bytes");
        }
    }

    @Override
    public int size() {
        return size;
    }
}
