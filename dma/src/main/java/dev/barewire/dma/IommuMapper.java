package dev.barewire.dma;

/** How a domain tells its IOMMU; what a way to a card provides. */
public interface IommuMapper {
    /**
     * Maps memory for the domain's cards.
     *
     * @param memory the mapping, whole
     * @param iova   where cards shall find it
     * @param bytes  its length, a multiple of the page size
     * @param access what cards may do
     */
    void map(MappedMemory memory, long iova, long bytes, DmaAccess access);

    /**
     * Takes a mapping away.
     *
     * @param iova  where it starts
     * @param bytes its length
     */
    void unmap(long iova, long bytes);
}
