package dev.barewire.rings.intel;

import dev.barewire.dma.Region;
import dev.barewire.rings.RingMemory;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a ring does to the memory that it shares with the card, in order. */
final class RecordingMemory extends RingMemory {
    final List<String> events = new ArrayList<>();

    RecordingMemory(final Region region, final int descriptors) {
        super(region, 0, descriptors * LegacyRxDescriptor.SIZE, 16);
    }

    @Override
    public void clear() {
        events.add("clear");
        super.clear();
    }

    @Override
    public long getLong(final int offset) {
        events.add("load " + offset);
        return super.getLong(offset);
    }

    @Override
    public void putLong(final int offset, final long value) {
        events.add("store " + offset);
        super.putLong(offset, value);
    }

    @Override
    public void putLongRelease(final int offset, final long value) {
        events.add("store-release " + offset);
        super.putLongRelease(offset, value);
    }

    @Override
    public byte getByteAcquire(final int offset) {
        events.add("load-acquire " + offset);
        return super.getByteAcquire(offset);
    }
}
