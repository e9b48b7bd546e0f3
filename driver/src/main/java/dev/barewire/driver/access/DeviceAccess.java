package dev.barewire.driver.access;

import dev.barewire.dma.DmaDomain;
import dev.barewire.driver.pci.PciConfig;
import java.util.Map;

/** An open card, whatever the way to it. Closing it gives the card back, quiet, with bus mastering off. */
public interface DeviceAccess extends AutoCloseable {
    /**
     * The name by which it was opened.
     *
     * @return such as {@code vfio:0000:00:03.0}
     */
    String name();

    /**
     * Its PCI configuration space.
     *
     * @return the config space
     */
    PciConfig config();

    /**
     * Maps a BAR of registers.
     *
     * @param index 0 to 5
     * @return the window, valid until this is closed
     */
    Registers bar(int index);

    /**
     * The DMA domain that it is in, which other cards of this process may share.
     *
     * @return the domain; closing this does not close it while another card uses it
     */
    DmaDomain domain();

    /**
     * Its interrupts.
     *
     * @return the source, valid until this is closed
     */
    InterruptSource interrupts();

    /**
     * Resets the function by the bus, where the card and the way to it can.
     *
     * @return false if they cannot; the card's own reset is then the only one
     */
    boolean reset();

    /**
     * What is worth telling of the way to it, such as {@code iommu-group: 3}.
     *
     * @return name to value, in order
     */
    Map<String, String> facts();

    @Override
    void close();
}
