/**
 * Virtio network cards over modern PCI: structures found by the function's capabilities, feature negotiation, virtqueue
 * set-up, the control queue's commands, recovery of a device that asks to be reset.
 *
 * <p>Sections are those of OASIS's Virtual I/O Device (VIRTIO) Version 1.4. Only modern devices (VIRTIO_F_VERSION_1). What
 * lies in memory (virtqueues, headers, the control queue) is {@code rings.virtio}'s.
 */
package dev.barewire.driver.virtio;
