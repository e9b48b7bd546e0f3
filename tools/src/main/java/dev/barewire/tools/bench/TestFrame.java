package dev.barewire.tools.bench;

import dev.barewire.dma.MappedMemory;
import org.agrona.concurrent.UnsafeBuffer;

/** A broadcast frame of the EtherType for local experiments (IEEE 802), which no one verifies or answers. */
final class TestFrame {
    private static final int ADDRESSES = 12;
    private static final int TYPE_HIGH = 0x88;
    private static final int TYPE_LOW = 0xb5;

    private TestFrame() {
    }

    static int octet(final int index) {
        return switch (index) {
            case 0, 1, 2, 3, 4, 5 -> 0xff;
            case 6 -> 0x02;
            case ADDRESSES -> TYPE_HIGH;
            case ADDRESSES + 1 -> TYPE_LOW;
            default -> index & 0x0f;
        };
    }

    static void write(final MappedMemory memory, final long offset, final int length) {
        for (int i = 0; i < length; i++) {
            memory.putByte(offset + i, (byte) octet(i));
        }
    }

    static UnsafeBuffer onHeap(final int length) {
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[length]);
        for (int i = 0; i < length; i++) {
            frame.putByte(i, (byte) octet(i));
        }
        return frame;
    }
}
