package dev.barewire.rings.virtio;

/**
 * Where a device finds a virtqueue (section 2.6): what goes into queue_desc, queue_driver and queue_device.
 *
 * @param descriptor the IOVA of the descriptors
 * @param driver     the IOVA of what the driver writes besides
 * @param device     the IOVA of what the device writes
 */
public record VirtqueueAreas(long descriptor, long driver, long device) {
}
