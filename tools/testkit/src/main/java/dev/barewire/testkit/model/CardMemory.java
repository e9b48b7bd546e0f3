package dev.barewire.testkit.model;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How a model reaches memory for one purpose, such as its receive ring: the card's DMA engine behind its IOMMU. Addresses
 * are IOVAs. What no mapping of the domain holds, or what the card may not write, is a DMA fault: it is counted, a write
 * is lost and a read gives all ones, as on a machine with an IOMMU. Used with the device's lock held.
 *
 * <p>The one class of the models that copies bytes of frame memory: it plays hardware, so no ledger counts it.
 */
public final class CardMemory {
    private final ModelDomain domain;
    private final String purpose;
    private final UnsafeBuffer view = new UnsafeBuffer(new byte[0]);
    private ModelDomain.Mapping last;
    private long faults;

    CardMemory(final ModelDomain domain, final String purpose) {
        this.domain = domain;
        this.purpose = purpose;
    }

    /**
     * What it is for.
     *
     * @return such as {@code receive-ring}
     */
    public String purpose() {
        return purpose;
    }

    /**
     * How many accesses were refused.
     *
     * @return the count since the card was opened
     */
    public long faults() {
        return faults;
    }

    /**
     * Reads 64 bits.
     *
     * @param iova where, a multiple of 8
     * @return the value, little-endian
     */
    public long getLong(final long iova) {
        final ModelDomain.Mapping mapping = find(iova, Long.BYTES, false);
        return mapping == null ? -1 : mapping.memory.getLongAcquire(iova - mapping.first);
    }

    /**
     * Writes 64 bits.
     *
     * @param iova  where
     * @param value the value, little-endian
     */
    public void putLong(final long iova, final long value) {
        final ModelDomain.Mapping mapping = find(iova, Long.BYTES, true);
        if (mapping != null) {
            mapping.memory.putLong(iova - mapping.first, value);
        }
    }

    /**
     * Writes 64 bits behind all that was written before.
     *
     * @param iova  where, a multiple of 8
     * @param value the value, little-endian
     */
    public void putLongRelease(final long iova, final long value) {
        final ModelDomain.Mapping mapping = find(iova, Long.BYTES, true);
        if (mapping != null) {
            mapping.memory.putLongRelease(iova - mapping.first, value);
        }
    }

    /**
     * Writes 32 bits.
     *
     * @param iova  where
     * @param value the value, little-endian
     */
    public void putInt(final long iova, final int value) {
        final ModelDomain.Mapping mapping = find(iova, Integer.BYTES, true);
        if (mapping != null) {
            mapping.memory.putInt(iova - mapping.first, value);
        }
    }

    /**
     * Writes 32 bits behind all that was written before.
     *
     * @param iova  where, a multiple of 4
     * @param value the value, little-endian
     */
    public void putIntRelease(final long iova, final int value) {
        final ModelDomain.Mapping mapping = find(iova, Integer.BYTES, true);
        if (mapping != null) {
            mapping.memory.putIntRelease(iova - mapping.first, value);
        }
    }

    /**
     * Reads bytes.
     *
     * @param iova   where from
     * @param target where to
     * @param at     index there
     * @param length how many, at most 1 MiB
     */
    public void read(final long iova, final MutableDirectBuffer target, final int at, final int length) {
        final ModelDomain.Mapping mapping = find(iova, length, false);
        if (mapping == null) {
            target.setMemory(at, length, (byte) -1);
        } else {
            final long offset = iova - mapping.first;
            target.putBytes(at, mapping.buffers.window(offset), mapping.buffers.index(offset), length);
        }
    }

    /**
     * Looks at bytes where they lie.
     *
     * @param iova   where
     * @param length how many, at most 1 MiB
     * @return the bytes from index 0, valid until the next call and while the lock is held; null after a fault
     */
    public DirectBuffer view(final long iova, final int length) {
        final ModelDomain.Mapping mapping = find(iova, length, false);
        if (mapping == null) {
            return null;
        }
        final long offset = iova - mapping.first;
        view.wrap(mapping.buffers.window(offset), mapping.buffers.index(offset), length);
        return view;
    }

    /**
     * Whether the card may write somewhere; to ask is no fault.
     *
     * @param iova   where
     * @param length how many bytes
     * @return false if no mapping holds all of it, or one that the card may only read
     */
    public boolean isWritable(final long iova, final int length) {
        final ModelDomain.Mapping mapping = locate(iova, length);
        return mapping != null && mapping.writable;
    }

    /**
     * Writes bytes.
     *
     * @param iova   where to
     * @param source where from
     * @param at     index there
     * @param length how many, at most 1 MiB
     */
    public void write(final long iova, final DirectBuffer source, final int at, final int length) {
        final ModelDomain.Mapping mapping = find(iova, length, true);
        if (mapping != null) {
            final long offset = iova - mapping.first;
            mapping.buffers.window(offset).putBytes(mapping.buffers.index(offset), source, at, length);
        }
    }

    private ModelDomain.Mapping find(final long iova, final int length, final boolean write) {
        final ModelDomain.Mapping found = locate(iova, length);
        if (found == null || write && !found.writable) {
            faults++;
            return null;
        }
        return found;
    }

    private ModelDomain.Mapping locate(final long iova, final int length) {
        ModelDomain.Mapping found = last;
        if (found == null || !found.live || !found.holds(iova, length)) {
            found = domain.find(iova, length);
            last = found;
        }
        return found;
    }
}
