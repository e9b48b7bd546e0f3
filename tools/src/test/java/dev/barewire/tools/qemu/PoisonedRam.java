package dev.barewire.tools.qemu;

import dev.barewire.dma.MappedMemory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** All of a QEMU's RAM, as a judge of where its card writes: poisoned where nothing is, and compared. */
final class PoisonedRam implements AutoCloseable {
    static final byte POISON = (byte) 0xa5;

    private final MappedMemory ram;
    private final int bytes;

    PoisonedRam(final QemuDevice device, final int bytes) throws IOException {
        ram = device.ram().whole();
        this.bytes = bytes;
    }

    /** Fills a range, by its address for the card. */
    void poison(final long from, final long length) {
        for (long at = from; at < from + length; at++) {
            ram.putByte(at, POISON);
        }
    }

    /** {@return what all of it holds now} */
    byte[] snapshot() {
        final byte[] copy = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            copy[i] = ram.getByte(i);
        }
        return copy;
    }

    /** {@return the places where two snapshots differ} */
    static List<Long> changes(final byte[] before, final byte[] after) {
        final List<Long> places = new ArrayList<>();
        for (int i = 0; i < before.length; i++) {
            if (before[i] != after[i]) {
                places.add((long) i);
            }
        }
        return places;
    }

    @Override
    public void close() {
        ram.close();
    }
}
