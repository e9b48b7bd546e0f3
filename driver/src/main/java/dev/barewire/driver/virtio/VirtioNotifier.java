package dev.barewire.driver.virtio;

import dev.barewire.driver.access.Registers;

/**
 * A queue's doorbell (section 4.1.5.2).
 *
 * @param bar         where it is
 * @param offset      at which byte
 * @param name        what stands for the queue
 * @param carriesData whether it is told how far the driver is, in the upper half (VIRTIO_F_NOTIFICATION_DATA)
 */
record VirtioNotifier(Registers bar, int offset, int name, boolean carriesData) {
    /** Tells the device that there is something in the queue, with what the ring has to say of that. */
    void ring(final int data) {
        if (carriesData) {
            bar.write(offset, data << Short.SIZE | name);
        } else {
            bar.write(offset, Short.BYTES, name);
        }
    }
}
