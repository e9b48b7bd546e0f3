package dev.barewire.driver.virtio;

import dev.barewire.SetupException;
import dev.barewire.rings.virtio.VirtqueueAreas;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A device over modern PCI: its status, features, queues, vectors and notifications (sections 2.1, 2.2 and 4.1). Whoever uses
 * queues knows what is in them. Waiting has a limit.
 */
final class VirtioTransport {
    /** Bytes of the common configuration that every device has (4.1.4.3). */
    static final int COMMON_BYTES = 0x38;
    /** No vector, or one that the device could not have (4.1.5.1.2). */
    static final int NO_VECTOR = 0xffff;

    // Common configuration (4.1.4.3).
    private static final int DEVICE_FEATURE_SELECT = 0x00;
    private static final int DEVICE_FEATURE = 0x04;
    private static final int DRIVER_FEATURE_SELECT = 0x08;
    private static final int DRIVER_FEATURE = 0x0c;
    private static final int CONFIG_VECTOR = 0x10;
    private static final int NUM_QUEUES = 0x12;
    private static final int DEVICE_STATUS = 0x14;
    private static final int CONFIG_GENERATION = 0x15;
    private static final int QUEUE_SELECT = 0x16;
    private static final int QUEUE_SIZE = 0x18;
    private static final int QUEUE_VECTOR = 0x1a;
    private static final int QUEUE_ENABLE = 0x1c;
    private static final int QUEUE_NOTIFY_OFF = 0x1e;
    private static final int QUEUE_DESC = 0x20;
    private static final int QUEUE_DRIVER = 0x28;
    private static final int QUEUE_DEVICE = 0x30;
    private static final int QUEUE_NOTIFY_DATA = 0x38;
    private static final int QUEUE_RESET = 0x3a;
    private static final int QUEUE_NOTIFY_DATA_END = 0x3a;
    private static final int QUEUE_RESET_END = 0x3c;

    // Device status (2.1).
    private static final int ACKNOWLEDGE = 1;
    private static final int DRIVER = 1 << 1;
    private static final int DRIVER_OK = 1 << 2;
    private static final int FEATURES_OK = 1 << 3;
    private static final int NEEDS_RESET = 1 << 6;
    private static final int FAILED = 1 << 7;
    private static final int GONE = 0xff;

    private static final int RESET_MILLIS = 1000;
    private static final long STEP_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private final VirtioCapabilities structures;
    private final VirtioWindow common;
    private VirtioFeatures accepted = VirtioFeatures.NONE;
    /** The status bits that were set since the last reset. */
    private int said;

    VirtioTransport(final VirtioCapabilities structures) {
        this.structures = structures;
        this.common = structures.common();
    }

    // ---- status

    /**
     * Stops all that the device does.
     *
     * @throws SetupException if it is gone or does not come to rest in time
     */
    void reset() {
        if (isGone()) {
            throw new SetupException("the device is not on the bus any more: its registers read as all ones",
                "put it back, or see in the kernel's log (dmesg) why its bus gave it up; then open it again");
        }
        common.write8(DEVICE_STATUS, 0);
        if (!until(() -> status() == 0)) {
            throw new SetupException("the device does not come out of its reset: its status is 0x"
                + Integer.toHexString(status()) + " after " + RESET_MILLIS + " ms",
                "restart what provides the device, the virtual machine or its host's back end");
        }
        accepted = VirtioFeatures.NONE;
        said = 0;
    }

    /** Resets the device and tells it that there is a driver for it; gives the features that it offers. */
    VirtioFeatures greet() {
        reset();
        addStatus(ACKNOWLEDGE);
        addStatus(DRIVER);
        return new VirtioFeatures(offered(0) | (long) offered(1) << Integer.SIZE);
    }

    private int offered(final int word) {
        common.write32(DEVICE_FEATURE_SELECT, word);
        return common.read32(DEVICE_FEATURE);
    }

    /**
     * Settles the features.
     *
     * @param features of those offered
     * @throws SetupException if the device does not take them
     */
    void accept(final VirtioFeatures features) {
        for (int word = 0; word < 2; word++) {
            common.write32(DRIVER_FEATURE_SELECT, word);
            common.write32(DRIVER_FEATURE, (int) (features.bits() >>> word * Integer.SIZE));
        }
        addStatus(FEATURES_OK);
        if ((status() & FEATURES_OK) == 0) {
            throw new SetupException("the device refuses the features " + features + ", all of which it offers",
                "withhold some of them by NicConfig.withoutFeatures, or see what provides the device");
        }
        accepted = features;
    }

    /** Lets the device go. */
    void go() {
        addStatus(DRIVER_OK);
    }

    /** Gives the device up for now; it can only be reset. Nothing of a device that is gone. */
    void fail() {
        if (!isGone()) {
            addStatus(FAILED);
        }
    }

    boolean isGone() {
        return status() == GONE;
    }

    /** Whether the device cannot go on (2.1.2). */
    boolean needsReset() {
        final int status = status();
        return (status & NEEDS_RESET) != 0 && status != GONE;
    }

    private int status() {
        return common.read8(DEVICE_STATUS);
    }

    private void addStatus(final int bits) {
        said |= bits;
        common.write8(DEVICE_STATUS, said);
    }

    /** {@return the features that were settled} */
    VirtioFeatures accepted() {
        return accepted;
    }

    // ---- queues

    /** How many queues the device has at most. */
    int queues() {
        return common.read16(NUM_QUEUES);
    }

    /** The most descriptors of a queue; 0 if the device does not have it. */
    int queueSize(final int queue) {
        common.write16(QUEUE_SELECT, queue);
        return common.read16(QUEUE_SIZE);
    }

    /**
     * Gives the device a queue (4.1.5.1.3).
     *
     * @param size   descriptors
     * @param areas  where it is
     * @param vector which it signals on, or {@link #NO_VECTOR}
     * @return what notifies the device of it
     * @throws SetupException if the device has no such vector, or says that it has the queue already
     */
    VirtioNotifier enableQueue(final int queue, final int size, final VirtqueueAreas areas, final int vector) {
        common.write16(QUEUE_SELECT, queue);
        if (common.read16(QUEUE_ENABLE) != 0) {
            throw new SetupException("queue " + queue + " of the device is live although it was reset",
                "restart what provides the device");
        }
        common.write16(QUEUE_SIZE, size);
        if (vector != NO_VECTOR) {
            setVector(QUEUE_VECTOR, vector, "queue " + queue);
        }
        common.write64(QUEUE_DESC, areas.descriptor());
        common.write64(QUEUE_DRIVER, areas.driver());
        common.write64(QUEUE_DEVICE, areas.device());
        final VirtioNotifier notifier = notifier(queue);
        common.write16(QUEUE_ENABLE, 1);
        return notifier;
    }

    /**
     * Takes a queue from a device that goes on (2.6.1); it can be given again.
     *
     * @return false if the device did not agree to that, or does not do it in time
     */
    boolean resetQueue(final int queue) {
        if (!accepted.has(VirtioFeature.RING_RESET)) {
            return false;
        }
        common.write16(QUEUE_SELECT, queue);
        common.write16(QUEUE_RESET, 1);
        return until(() -> common.read16(QUEUE_RESET) == 0 && common.read16(QUEUE_ENABLE) == 0);
    }

    /** The features, of those offered, whose fields lie in the common configuration as far as it goes. */
    VirtioFeatures readable(final VirtioFeatures offered) {
        return offered
            .without(common.length() < QUEUE_NOTIFY_DATA_END ? VirtioFeature.NOTIF_CONFIG_DATA.alone() : VirtioFeatures.NONE)
            .without(common.length() < QUEUE_RESET_END ? VirtioFeature.RING_RESET.alone() : VirtioFeatures.NONE);
    }

    private VirtioNotifier notifier(final int queue) {
        final long place = Integer.toUnsignedLong(structures.notifyMultiplier()) * common.read16(QUEUE_NOTIFY_OFF);
        final boolean carriesData = accepted.has(VirtioFeature.NOTIFICATION_DATA);
        final VirtioWindow window = structures.notification();
        if (place + (carriesData ? Integer.BYTES : Short.BYTES) > window.length()) {
            throw new SetupException("queue " + queue + " of the device is to be notified at byte " + place
                + " of a structure of " + window.length(), "restart what provides the device");
        }
        final int name = accepted.has(VirtioFeature.NOTIF_CONFIG_DATA) ? common.read16(QUEUE_NOTIFY_DATA) : queue;
        return new VirtioNotifier(window.bar(), window.offset() + (int) place, name, carriesData);
    }

    // ---- interrupts

    /** Lets changes of the configuration be signalled on a vector. */
    void configVector(final int vector) {
        setVector(CONFIG_VECTOR, vector, "changes of its configuration");
    }

    private void setVector(final int field, final int vector, final String what) {
        common.write16(field, vector);
        final int kept = common.read16(field);
        if (kept != vector) {
            throw new SetupException("the device has no vector " + vector + " for " + what + " (it says 0x"
                + Integer.toHexString(kept) + ")", "open it with interrupts=intx or NicConfig.interrupts(false)");
        }
    }

    /** Why the device has interrupted by its line, which falls by this (4.1.4.5): bit 0 a queue, bit 1 its configuration. */
    int interruptStatus() {
        return structures.interruptStatus().read8(0);
    }

    /** What changes with the device's own configuration. */
    int generation() {
        return common.read8(CONFIG_GENERATION);
    }

    private static boolean until(final BooleanSupplier isSo) {
        final long start = System.nanoTime();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(RESET_MILLIS)) {
                return isSo.getAsBoolean();
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
        return true;
    }

    /** The common configuration, but for what stands for one queue. */
    Map<String, Integer> dump() {
        final Map<String, Integer> registers = new LinkedHashMap<>();
        registers.put("config_msix_vector", common.read16(CONFIG_VECTOR));
        registers.put("num_queues", queues());
        registers.put("device_status", status());
        registers.put("config_generation", generation());
        return registers;
    }
}
