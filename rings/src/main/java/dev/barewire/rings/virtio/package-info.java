/**
 * The driver's side of virtio's queues, split and packed, and the rings of a network device over them.
 *
 * <p>A layout is a class of constants and static functions. Sections are those of OASIS's Virtual I/O Device (VIRTIO)
 * Version 1.4. Only modern devices (VIRTIO_F_VERSION_1): everything is little-endian. No register lives here: a ring says
 * where its areas lie and what to write to its doorbell.
 */
package dev.barewire.rings.virtio;
