package dev.barewire.driver.pci;

import java.util.ArrayList;
import java.util.List;

/** A function's capabilities: a list in its configuration space (PCI Local Bus 3.0, section 6.7). */
public final class PciCapability {
    /** Power management (PCI Power Management 1.2, section 3.2). */
    public static final int POWER_MANAGEMENT = 0x01;
    /** Message signalled interrupts (PCI Local Bus 3.0, section 6.8.1). */
    public static final int MSI = 0x05;
    /** Whatever the card's maker put there (PCI Local Bus 2.3). */
    public static final int VENDOR = 0x09;
    /** PCI Express (PCI Express Base 3.0, section 7.8). */
    public static final int PCI_EXPRESS = 0x10;
    /** Message signalled interrupts from a table in a BAR (PCI Local Bus 3.0, section 6.8.2). */
    public static final int MSIX = 0x11;

    private static final int FIRST = 0x40;
    private static final int END = 0x100;
    /** A capability takes 4 bytes at least, so a list with more of them runs in a circle. */
    private static final int MOST = (END - FIRST) / Integer.BYTES;
    private static final int NEXT = 1;
    private static final int MSIX_CONTROL = 2;
    private static final int MSIX_TABLE = 4;
    private static final int MSIX_TABLE_SIZE = 0x7ff;
    private static final int MSIX_BAR = 0x7;
    private static final int MSIX_ENTRY_BYTES = 16;

    private PciCapability() {
    }

    /**
     * Where a function's table of MSI-X vectors is.
     *
     * @param bar     the BAR, 0 to 5
     * @param offset  bytes from the BAR's start
     * @param vectors how many entries it has, 1 to 2048
     */
    public record MsixTable(int bar, int offset, int vectors) {
        /**
         * Its size.
         *
         * @return bytes
         */
        public int bytes() {
            return vectors * MSIX_ENTRY_BYTES;
        }
    }

    /**
     * Finds a capability. A list that a broken card lets run in a circle or out of its place ends there.
     *
     * @param config the configuration space
     * @param id     which, such as {@link #MSIX}
     * @return its offset, or 0 if the function does not have it
     */
    public static int find(final PciConfig config, final int id) {
        return findAll(config, id).stream().findFirst().orElse(0);
    }

    /**
     * Finds all capabilities of a kind, which only {@link #VENDOR} has several of.
     *
     * @param config the configuration space
     * @param id     which
     * @return their offsets, in the list's order
     */
    public static List<Integer> findAll(final PciConfig config, final int id) {
        final List<Integer> found = new ArrayList<>();
        if ((config.read(PciConfig.STATUS, Short.BYTES) & PciConfig.STATUS_CAPABILITIES) == 0) {
            return found;
        }
        int at = next(config, PciConfig.CAPABILITIES);
        for (int seen = 0; at >= FIRST && seen < MOST; seen++) {
            if (config.read(at, Byte.BYTES) == id && !found.contains(at)) {
                found.add(at);
            }
            at = next(config, at + NEXT);
        }
        return found;
    }

    /**
     * Reads where the MSI-X table is.
     *
     * @param config the configuration space
     * @return the table, or null if the function has none
     */
    public static MsixTable msixTable(final PciConfig config) {
        final int at = find(config, MSIX);
        if (at == 0) {
            return null;
        }
        final int table = config.read(at + MSIX_TABLE, Integer.BYTES);
        return new MsixTable(table & MSIX_BAR, table & ~MSIX_BAR,
            (config.read(at + MSIX_CONTROL, Short.BYTES) & MSIX_TABLE_SIZE) + 1);
    }

    /** Reads a pointer of the list; its two lowest bits are reserved. */
    private static int next(final PciConfig config, final int pointer) {
        return config.read(pointer, Byte.BYTES) & ~0x3;
    }
}
