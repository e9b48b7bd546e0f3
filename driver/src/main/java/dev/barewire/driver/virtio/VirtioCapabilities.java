package dev.barewire.driver.virtio;

import dev.barewire.SetupException;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.Registers;
import dev.barewire.driver.pci.PciCapability;
import dev.barewire.driver.pci.PciConfig;
import java.util.List;

/**
 * Where a device's structures are, as its vendor capabilities say (section 4.1.4). Of each type the first that can be used
 * counts: one that names no BAR, or lies outside of it, is passed over, and so are types that are not known.
 *
 * @param common           the common configuration
 * @param notification     where queues are notified
 * @param notifyMultiplier bytes between two queues' places there
 * @param interruptStatus  why the device interrupts by its line
 * @param device           what only a network device has
 */
record VirtioCapabilities(
    VirtioWindow common, VirtioWindow notification, int notifyMultiplier, VirtioWindow interruptStatus, VirtioWindow device) {
    private static final int LENGTH = 2;
    private static final int TYPE = 3;
    private static final int BAR = 4;
    private static final int OFFSET = 8;
    private static final int BYTES = 12;
    private static final int MULTIPLIER = 16;
    private static final int LEAST_LENGTH = 16;

    private static final int COMMON_TYPE = 1;
    private static final int NOTIFY_TYPE = 2;
    private static final int ISR_TYPE = 3;
    private static final int DEVICE_TYPE = 4;
    private static final int LAST_BAR = 5;
    /** A function's own configuration space, without what PCI Express added. */
    private static final int CONFIG_END = 0x100;

    /**
     * Finds them.
     *
     * @throws SetupException if one is missing, as with a device of before virtio 1.0
     */
    static VirtioCapabilities of(final DeviceAccess access) {
        final PciConfig config = access.config();
        final List<Integer> places = PciCapability.findAll(config, PciCapability.VENDOR);
        final Finder finder = new Finder(access, config, places);
        final int notify = finder.place(NOTIFY_TYPE, Short.BYTES, Short.BYTES);
        return new VirtioCapabilities(
            finder.window("common configuration", finder.place(COMMON_TYPE, VirtioTransport.COMMON_BYTES, Integer.BYTES)),
            finder.window("notification", notify), config.read(notify + MULTIPLIER, Integer.BYTES),
            finder.window("interrupt status", finder.place(ISR_TYPE, Byte.BYTES, Byte.BYTES)),
            finder.window("network configuration",
                finder.place(DEVICE_TYPE, VirtioNetConfig.LEAST_BYTES, Integer.BYTES)));
    }

    /** Looks through a device's capabilities. */
    private record Finder(DeviceAccess access, PciConfig config, List<Integer> places) {
        /** Where in configuration space the first capability of a type stands that can be used; 0 if there is none. */
        int place(final int type, final int leastBytes, final int alignment) {
            return places.stream().filter(at -> isWhole(at, type) && config.read(at + TYPE, Byte.BYTES) == type
                && isUsable(at, leastBytes, alignment)).findFirst().orElse(0);
        }

        private boolean isWhole(final int at, final int type) {
            final int length = config.read(at + LENGTH, Byte.BYTES);
            final int least = type == NOTIFY_TYPE ? LEAST_LENGTH + Integer.BYTES : LEAST_LENGTH;
            return length >= least && at + least <= CONFIG_END;
        }

        private boolean isUsable(final int at, final int leastBytes, final int alignment) {
            final int index = config.read(at + BAR, Byte.BYTES);
            final Registers bar = index > LAST_BAR ? null : bar(index);
            final long offset = Integer.toUnsignedLong(config.read(at + OFFSET, Integer.BYTES));
            final long length = Integer.toUnsignedLong(config.read(at + BYTES, Integer.BYTES));
            return bar != null && length >= leastBytes && offset % alignment == 0 && offset + leastBytes <= bar.size();
        }

        private Registers bar(final int index) {
            try {
                return access.bar(index);
            } catch (final IllegalArgumentException absent) {
                return null;
            }
        }

        /** As much of it as lies in its BAR, however long it says that it is (4.1.4.2). */
        VirtioWindow window(final String name, final int at) {
            if (at == 0) {
                throw new SetupException("the device has no usable virtio capability for its " + name
                    + ": it is one of before virtio 1.0, or broken", "make it a modern one, in QEMU with disable-modern=off");
            }
            final Registers bar = access.bar(config.read(at + BAR, Byte.BYTES));
            final int offset = config.read(at + OFFSET, Integer.BYTES);
            final long length = Integer.toUnsignedLong(config.read(at + BYTES, Integer.BYTES));
            return new VirtioWindow(bar, offset, (int) Math.min(length, bar.size() - offset));
        }
    }
}
