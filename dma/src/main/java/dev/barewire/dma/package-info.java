/**
 * Memory that a card can reach.
 *
 * <p>Here live mapped memory and its bounds, DMA domains with their IOVA space, regions, buffer pools, segments and
 * segment lists, and the copy ledger. {@link dev.barewire.dma.MappedMemory} is the one class that holds raw addresses
 * and {@link dev.barewire.dma.CopySite} the one that copies bytes in bulk. No ring, register or card is known here.
 */
package dev.barewire.dma;
