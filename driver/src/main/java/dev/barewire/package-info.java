/**
 * The public interface: {@link dev.barewire.Nic}, its queues, packets, offload plan and statistics. Applications import
 * this package and {@code dev.barewire.dma}, and no other.
 */
package dev.barewire;
