package dev.barewire.dma;

/**
 * A range of I/O virtual addresses.
 *
 * @param first its first address
 * @param last  its last address, inclusive, as the kernel gives it
 */
public record IovaRange(long first, long last) {
}
