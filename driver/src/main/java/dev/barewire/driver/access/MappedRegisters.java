package dev.barewire.driver.access;

import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.posix.Libc;
import java.lang.invoke.VarHandle;

/**
 * A BAR in this process's memory: an access is one machine instruction. The kernel takes the pages away when the card is
 * removed or does not answer to memory accesses (VFIO: its COMMAND register says so, or a reset is under way). An access
 * then raises SIGBUS, which the JVM reports as {@link InternalError}; here it is what the bus of a card that is gone gives:
 * all ones for a read, and nothing for a write.
 */
public final class MappedRegisters implements Registers {
    private static final int ALL_ONES = -1;

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
        try {
            final int value = window.getIntAcquire(offset);
            Libc.meetFaults();
            return value;
        } catch (final InternalError gone) {
            return ALL_ONES;
        }
    }

    @Override
    public void write(final int offset, final int value) {
        try {
            window.putIntRelease(offset, value);
            Libc.meetFaults();
        } catch (final InternalError gone) {
            return; // as on a bus that has no such card
        }
    }

    @Override
    public int read(final int offset, final int width) {
        try {
            final int value = switch (width) {
                case Byte.BYTES -> Byte.toUnsignedInt(window.getByteAcquire(offset));
                case Short.BYTES -> Short.toUnsignedInt(window.getShortAcquire(offset));
                case Integer.BYTES -> window.getIntAcquire(offset);
                default -> throw noSuchWidth(width);
            };
            Libc.meetFaults();
            return value;
        } catch (final InternalError gone) {
            return ALL_ONES >>> Integer.SIZE - Byte.SIZE * width;
        }
    }

    @Override
    public void write(final int offset, final int width, final int value) {
        try {
            switch (width) {
                case Byte.BYTES, Short.BYTES -> putNarrow(offset, width, value);
                case Integer.BYTES -> window.putIntRelease(offset, value);
                default -> throw noSuchWidth(width);
            }
            Libc.meetFaults();
        } catch (final InternalError gone) {
            return; // as on a bus that has no such card
        }
    }

    /**
     * A store between fences instead of a release store: the interpreter makes that an exchange, and when an exchange of 16
     * bits raises SIGBUS, the JVM (seen: 25.0.3) does not know the instruction and dies.
     */
    private void putNarrow(final int offset, final int width, final int value) {
        if (offset % width != 0) {
            throw new IllegalArgumentException("no aligned " + width + " bytes at " + offset);
        }
        VarHandle.releaseFence();
        if (width == Byte.BYTES) {
            window.putByte(offset, (byte) value);
        } else {
            window.putShort(offset, (short) value);
        }
        VarHandle.releaseFence();
    }

    private static IllegalArgumentException noSuchWidth(final int width) {
        return new IllegalArgumentException("an access is 1, 2 or 4 bytes wide, not " + width);
    }

    @Override
    public int size() {
        return (int) Math.min(window.size(), Integer.MAX_VALUE);
    }
}
