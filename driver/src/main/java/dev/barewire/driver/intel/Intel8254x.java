package dev.barewire.driver.intel;

import dev.barewire.MacAddress;
import dev.barewire.SetupException;
import dev.barewire.dma.DmaDomain;
import dev.barewire.dma.Region;
import dev.barewire.driver.access.Registers;
import dev.barewire.driver.card.CardSettings;
import dev.barewire.rings.intel.IntelRxRing;
import dev.barewire.rings.intel.LegacyRxDescriptor;
import dev.barewire.rings.intel.LegacyRxRing;

/** The 82540EM: one receive and one transmit queue, legacy descriptors, INTx. */
public final class Intel8254x extends IntelCard {
    /** What Linux's driver allows an 82540EM for reading its EEPROM after a reset. */
    private static final int EEPROM_RELOAD_MILLIS = 5;

    /**
     * Resets the card, reads its address and gives it empty rings. It moves nothing yet.
     *
     * @param registers BAR 0
     * @param domain    where the rings' memory comes from
     * @param settings  how to set it up
     * @throws SetupException if the card does not come out of its reset or has no valid address
     */
    public Intel8254x(final Registers registers, final DmaDomain domain, final CardSettings settings) {
        super(registers, settings);
        bringUp(domain);
    }

    @Override
    void awaitEeprom() {
        Waiting.millis(EEPROM_RELOAD_MILLIS);
    }

    @Override
    MacAddress readAddress() {
        return new IntelEeprom(window()).mac();
    }

    @Override
    int rxDescriptorBytes() {
        return LegacyRxDescriptor.SIZE;
    }

    @Override
    IntelRxRing receiveRing(final Region region, final long offset) {
        return new LegacyRxRing(region, offset, settings.rxDescriptors(), settings.rxBufferSize());
    }

    @Override
    int receiveFormat() {
        return IntelBits.bufferSize(settings.rxBufferSize());
    }

    @Override
    void transmitFormat() {
        // No write-back threshold: with one, a lone descriptor's completion may be held back.
        write(IntelRegister.TXDCTL, 0);
        write(IntelRegister.TIPG, IntelBits.TIPG_82540EM);
    }
}
