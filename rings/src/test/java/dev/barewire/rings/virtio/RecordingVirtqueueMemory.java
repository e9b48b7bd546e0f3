package dev.barewire.rings.virtio;

import dev.barewire.dma.Region;
import dev.barewire.rings.RingMemory;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a ring does to the memory that it shares with the device, in order. */
final class RecordingVirtqueueMemory extends RingMemory {
    final List<String> events = new ArrayList<>();

    RecordingVirtqueueMemory(final Region region, final int bytes) {
        super(region, 0, bytes, 64);
    }

    /** What it did to what the device can see: all but plain loads. */
    List<String> stores() {
        return events.stream().filter(event -> !event.startsWith("load ")).toList();
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
    public int getInt(final int offset) {
        events.add("load " + offset);
        return super.getInt(offset);
    }

    @Override
    public void putInt(final int offset, final int value) {
        events.add("store " + offset);
        super.putInt(offset, value);
    }

    @Override
    public void putIntRelease(final int offset, final int value) {
        events.add("store-release " + offset);
        super.putIntRelease(offset, value);
    }

    @Override
    public int getIntAcquire(final int offset) {
        events.add("load-acquire " + offset);
        return super.getIntAcquire(offset);
    }

    @Override
    public short getShort(final int offset) {
        events.add("load " + offset);
        return super.getShort(offset);
    }

    @Override
    public void putShort(final int offset, final short value) {
        events.add("store " + offset);
        super.putShort(offset, value);
    }

    @Override
    public short getShortAcquire(final int offset) {
        events.add("load-acquire " + offset);
        return super.getShortAcquire(offset);
    }

    @Override
    public void putShortRelease(final int offset, final short value) {
        events.add("store-release " + offset);
        super.putShortRelease(offset, value);
    }

    @Override
    public void fullFence() {
        events.add("fence");
        super.fullFence();
    }
}
