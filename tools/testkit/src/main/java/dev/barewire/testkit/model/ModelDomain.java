package dev.barewire.testkit.model;

import dev.barewire.dma.DmaAccess;
import dev.barewire.dma.IommuDomain;
import dev.barewire.dma.IommuMapper;
import dev.barewire.dma.IovaRange;
import dev.barewire.dma.MappedMemory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The IOMMU that all model cards of this JVM are behind, and its one domain, as cards in one VFIO container have: a buffer
 * that one card received into another one can send from. It lives from the first card that opens to the last that closes.
 */
final class ModelDomain implements IommuMapper {
    /** What an IOMMU of 39 bits translates. */
    private static final IovaRange APERTURE = new IovaRange(0, (1L << 39) - 1);

    private static ModelDomain current;

    private final IommuDomain domain = new IommuDomain(this, List.of(APERTURE));
    private final List<CardLock> cards = new CopyOnWriteArrayList<>();
    private volatile Mapping[] mappings = {};

    private ModelDomain() {
    }

    /** Memory as a card finds it. */
    static final class Mapping {
        final MappedMemory memory;
        final long first;
        final long bytes;
        final boolean writable;
        final BufferWindows buffers;
        /** Read only by who holds a lock that {@link #join} was given. */
        boolean live = true;

        Mapping(final MappedMemory memory, final long first, final long bytes, final boolean writable) {
            this.memory = memory;
            this.first = first;
            this.bytes = bytes;
            this.writable = writable;
            this.buffers = new BufferWindows(memory);
        }

        boolean holds(final long iova, final int length) {
            return iova >= first && iova - first <= bytes - length;
        }
    }

    /**
     * Plugs a card in.
     *
     * @param lock what the card holds whenever it does DMA
     */
    static ModelDomain join(final CardLock lock) {
        synchronized (ModelDomain.class) {
            if (current == null) {
                current = new ModelDomain();
            }
            current.cards.add(lock);
            return current;
        }
    }

    /** Pulls a card out; the last one closes what is left of the domain. */
    void leave(final CardLock lock) {
        synchronized (ModelDomain.class) {
            cards.remove(lock);
            if (!cards.isEmpty()) {
                return;
            }
            current = null;
        }
        domain.close();
    }

    IommuDomain domain() {
        return domain;
    }

    /** Where a range lies, or null if no mapping holds all of it. */
    Mapping find(final long iova, final int length) {
        for (final Mapping mapping : mappings) {
            if (mapping.holds(iova, length)) {
                return mapping;
            }
        }
        return null;
    }

    @Override
    public synchronized void map(final MappedMemory memory, final long iova, final long bytes, final DmaAccess access) {
        if (!memory.isReadable()) {
            throw new UnsupportedOperationException("a model's DMA is done by the CPU, which may not read " + memory);
        }
        final Mapping[] more = Arrays.copyOf(mappings, mappings.length + 1);
        more[mappings.length] = new Mapping(memory, iova, bytes, access == DmaAccess.READ_WRITE && memory.isWritable());
        mappings = more;
    }

    /** Returns when no card can be in the middle of an access to it. */
    @Override
    public synchronized void unmap(final long iova, final long bytes) {
        mappings = Arrays.stream(mappings).filter(mapping -> {
            mapping.live &= mapping.first != iova;
            return mapping.first != iova;
        }).toArray(Mapping[]::new);
        for (final CardLock card : cards) {
            card.lock();
            card.unlock();
        }
    }
}
