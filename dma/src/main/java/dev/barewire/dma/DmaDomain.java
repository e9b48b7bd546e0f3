package dev.barewire.dma;

import java.util.List;

/**
 * One address space of I/O virtual addresses (IOVA) that one or more cards share, and the memory mapped into it.
 */
public interface DmaDomain extends AutoCloseable {
    /**
     * Allocates memory that the domain's cards can read and write.
     *
     * @param kind  what it shall be made of
     * @param bytes at least this many; rounded up to the kind's page size
     * @return the region, filled with zeros
     */
    Region allocate(MemoryKind kind, long bytes);

    /**
     * Makes memory that is mapped already reachable for the domain's cards.
     *
     * @param memory whole pages
     * @param kind   what it is made of
     * @param access what the cards may do
     * @return the region; closing it leaves the mapping open
     * @throws UnsupportedOperationException with the reason, where this way to a card cannot do it
     */
    Region map(MappedMemory memory, MemoryKind kind, DmaAccess access);

    /**
     * The regions that the cards can reach now.
     *
     * @return in the order in which they were made
     */
    List<Region> regions();

    /** Closes what is left of its regions. */
    @Override
    void close();
}
