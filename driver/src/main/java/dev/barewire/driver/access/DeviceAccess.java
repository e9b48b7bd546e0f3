package dev.barewire.driver.access;

import dev.barewire.dma.CopyLedger;
import dev.barewire.dma.DmaDomain;
import dev.barewire.driver.card.Card;
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

    /**
     * Why it cannot be reached any more, where the way to it can tell.
     *
     * @return a sentence, or an empty string while nothing is known to be wrong
     */
    default String fault() {
        return "";
    }

    /**
     * Stands between the queues and the card's driver: a device that wraps another one may record, drop or change what
     * passes. Called once, when the card is set up and has not moved a frame.
     *
     * @param card   the card's driver
     * @param ledger of the card: what the wrapping device copies is noted there
     * @return what the queues shall use instead; the card itself by default
     */
    default Card dress(final Card card, final CopyLedger ledger) {
        return card;
    }

    @Override
    void close();
}
