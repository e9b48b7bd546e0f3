package dev.barewire.dma;

/** What a card may do with a region. */
public enum DmaAccess {
    /** Read only: transmit from it. */
    READ,
    /** Read and write: receive into it as well. */
    READ_WRITE
}
