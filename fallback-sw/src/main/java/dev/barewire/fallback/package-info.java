/**
 * What the CPU does, exactly, when a card cannot: header parsing, Internet checksums, header split, VLAN tags,
 * linearising and TCP segmentation. Everything works on {@link dev.barewire.dma.SegmentList}s, allocates nothing after
 * set-up and copies only through {@link dev.barewire.dma.CopySite}s. No ring, register, card or protocol state is here.
 */
package dev.barewire.fallback;
