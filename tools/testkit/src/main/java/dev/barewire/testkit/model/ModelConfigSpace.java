package dev.barewire.testkit.model;

import dev.barewire.driver.pci.PciCapability;
import dev.barewire.driver.pci.PciConfig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A model's configuration space: a header of type 0 (PCI Local Bus 3.0, section 6.1) and power management; of a card with
 * messages also MSI-X (section 6.8.2) and PCI Express. Its table, in a BAR of its own, is nobody's here.
 */
final class ModelConfigSpace implements PciConfig {
    private static final int BYTES = 256;
    private static final int REVISION_AND_CLASS = 0x08;
    private static final int ETHERNET_CONTROLLER = 0x020000;
    private static final int BAR0 = 0x10;
    private static final int SUBSYSTEM = 0x2c;
    private static final int INTERRUPT_PIN = 0x3d;
    private static final int INTERRUPT_LINE = 0x3c;
    private static final int POWER_MANAGEMENT = 0xdc;
    private static final int MSIX = 0xa0;
    private static final int MSIX_ENABLE = 1 << 15;
    private static final int MSIX_FUNCTION_MASK = 1 << 14;
    private static final int MSIX_BAR = 3;
    private static final int MSIX_PENDING = 0x2000;
    private static final int PCI_EXPRESS = 0xe4;
    /** Version 2, endpoint. */
    private static final int ENDPOINT = 0x0002;
    private static final int STATUS_66MHZ = 1 << 5;
    /** I/O, memory, bus master, memory write and invalidate, parity response, SERR, INTx disable. */
    private static final int COMMAND_WRITABLE = 0x0557;

    private final ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer writable = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final Runnable onChange;

    ModelConfigSpace(final PciIdentity identity, final Runnable onChange) {
        this.onChange = onChange;
        bytes.putShort(VENDOR_ID, (short) identity.vendor()).putShort(DEVICE_ID, (short) identity.device())
            .putShort(STATUS, (short) (STATUS_CAPABILITIES | STATUS_66MHZ))
            .putInt(REVISION_AND_CLASS, ETHERNET_CONTROLLER << 8 | identity.revision())
            .putInt(SUBSYSTEM, identity.subsystem() << 16 | identity.subsystemVendor())
            .put(CAPABILITIES, (byte) POWER_MANAGEMENT).put(INTERRUPT_PIN, (byte) 1)
            .put(POWER_MANAGEMENT, (byte) PciCapability.POWER_MANAGEMENT);
        writable.putShort(COMMAND, (short) COMMAND_WRITABLE).putInt(BAR0, -identity.barBytes())
            .put(INTERRUPT_LINE, (byte) -1);
        if (identity.vectors() > 0) {
            bytes.put(POWER_MANAGEMENT + 1, (byte) MSIX)
                .putShort(MSIX, (short) (PciCapability.MSIX | PCI_EXPRESS << 8)).putShort(MSIX + 2, (short) (identity.vectors() - 1))
                .putInt(MSIX + 4, MSIX_BAR).putInt(MSIX + 8, MSIX_PENDING | MSIX_BAR)
                .putShort(PCI_EXPRESS, (short) PciCapability.PCI_EXPRESS).putShort(PCI_EXPRESS + 2, (short) ENDPOINT);
            writable.putShort(MSIX + 2, (short) (MSIX_ENABLE | MSIX_FUNCTION_MASK));
        }
    }

    /** What a kernel does before it hands messages on. */
    void enableMessages() {
        write(MSIX + 2, Short.BYTES, MSIX_ENABLE);
    }

    boolean messages() {
        return (read(MSIX + 2, Short.BYTES) & MSIX_ENABLE) != 0;
    }

    @Override
    public synchronized int read(final int offset, final int width) {
        check(offset, width);
        return switch (width) {
            case Byte.BYTES -> bytes.get(offset) & 0xff;
            case Short.BYTES -> bytes.getShort(offset) & 0xffff;
            default -> bytes.getInt(offset);
        };
    }

    @Override
    public void write(final int offset, final int width, final int value) {
        synchronized (this) {
            check(offset, width);
            for (int i = 0; i < width; i++) {
                final int mask = writable.get(offset + i);
                bytes.put(offset + i, (byte) (bytes.get(offset + i) & ~mask | value >>> 8 * i & mask));
            }
        }
        onChange.run();
    }

    /** What a reset of the function leaves: nothing of what was written. */
    void reset() {
        synchronized (this) {
            for (int i = 0; i < BYTES; i++) {
                bytes.put(i, (byte) (bytes.get(i) & ~writable.get(i)));
            }
        }
        onChange.run();
    }

    boolean has(final int commandBit) {
        return (read(COMMAND, Short.BYTES) & commandBit) != 0;
    }

    private static void check(final int offset, final int width) {
        if (Arrays.binarySearch(new int[] {1, 2, 4}, width) < 0 || offset < 0 || offset > BYTES - width
            || offset % width != 0) {
            throw new IllegalArgumentException("configuration space has no " + width + " bytes at " + offset);
        }
    }
}
