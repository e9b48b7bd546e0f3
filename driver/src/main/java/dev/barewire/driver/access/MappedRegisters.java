package dev.barewire.driver.access;

import dev.barewire.dma.MappedMemory;

/**
 * A BAR in this process's memory: an access is one machine instruction. Where the kernel takes the pages away while the
 * card does not answer to memory accesses (VFIO: its COMMAND register says so, or a reset is under way), an access fails
 * with {@link InternalError}, which is how the JVM reports SIGBUS.
 */
public final class MappedRegisters implements Registers {
    private final MappedMemory window;

    /**
     * Looks through a mapping.
     *
     * @param window the BAR, whole
     */
    public MappedRegisters(final MappedMemory window) {
        this.window = window;
    }

    @Override
    public int read(final int offset) {
        return window.getIntAcquire(offset);
    }

    @Override
    public void write(final int offset, final int value) {
        window.putIntRelease(offset, value);
    }

    @Override
    public int read(final int offset, final int width) {
        return switch (width) {
            case Byte.BYTES -> Byte.toUnsignedInt(window.getByteAcquire(offset));
            case Short.BYTES -> Short.toUnsignedInt(window.getShortAcquire(offset));
            case Integer.BYTES -> window.getIntAcquire(offset);
            default -> throw noSuchWidth(width);
        };
    }

    @Override
    public void write(final int offset, final int width, final int value) {
        switch (width) {
            case Byte.BYTES -> window.putByteRelease(offset, (byte) value);
            case Short.BYTES -> window.putShortRelease(offset, (short) value);
            case Integer.BYTES -> window.putIntRelease(offset, value);
            default -> throw noSuchWidth(width);
        }
    }

    private static IllegalArgumentException noSuchWidth(final int width) {
        return new IllegalArgumentException("an access is 1, 2 or 4 bytes wide, not " + width);
    }

    @Override
    public int size() {
        return (int) Math.min(window.size(), Integer.MAX_VALUE);
    }
}
