package dev.barewire.driver.intel;

import static dev.barewire.driver.intel.IntelBits.CAUSE_LSC;
import static dev.barewire.driver.intel.IntelBits.CAUSE_OTHER;
import static dev.barewire.driver.intel.IntelBits.CAUSE_RXQ0;

import dev.barewire.MacAddress;
import dev.barewire.SetupException;
import dev.barewire.dma.DmaDomain;
import dev.barewire.dma.Region;
import dev.barewire.driver.access.Registers;
import dev.barewire.driver.card.CardSettings;
import dev.barewire.rings.intel.ExtendedRxDescriptor;
import dev.barewire.rings.intel.ExtendedRxRing;
import dev.barewire.rings.intel.IntelRxRing;
import dev.barewire.rings.intel.PacketSplitRxDescriptor;
import dev.barewire.rings.intel.PacketSplitRxRing;
import java.util.Map;

/**
 * The 82574L: two queues each way, between which it chooses by a hash; extended receive descriptors, or packet-split ones
 * where it puts headers apart; INTx, MSI or MSI-X (datasheet 317694). Of a frame that it is to split it knows IPv4 and IPv6, TCP and UDP.
 */
public final class Intel82574 extends IntelCard {
    private static final int MASTER_MILLIS = 100;
    private static final int OWNERSHIP_MILLIS = 20;
    private static final int EEPROM_MILLIS = 100;
    /** What Linux's driver allows the card for setting its PHY up once it has read its EEPROM. */
    private static final int PHY_SETUP_MILLIS = 25;

    /** STATUS's bits on the link as queue 0's thread saw it last. */
    private int link;

    /**
     * Resets the card, reads its address and gives it empty rings. It moves nothing yet.
     *
     * @param registers BAR 0
     * @param domain    where the rings' memory comes from
     * @param settings  how to set it up
     * @throws SetupException if the card does not come out of its reset or has no valid address
     */
    public Intel82574(final Registers registers, final DmaDomain domain, final CardSettings settings) {
        super(registers, settings);
        bringUp(domain);
    }

    /**
     * The card starts no new access to memory and ends those under way (datasheet 5.2: a reset amid one may hang it), and
     * its firmware lets go of the PHY. One that does neither in time is reset all the same.
     */
    @Override
    void quiesce() {
        disableMaster(MASTER_MILLIS);
        Waiting.until(OWNERSHIP_MILLIS, () -> {
            write(IntelRegister.EXTCNF_CTRL, read(IntelRegister.EXTCNF_CTRL) | IntelBits.EXTCNF_SOFTWARE_OWNS);
            return (read(IntelRegister.EXTCNF_CTRL) & IntelBits.EXTCNF_SOFTWARE_OWNS) != 0;
        });
    }

    @Override
    void awaitEeprom() {
        final boolean done = Waiting.until(EEPROM_MILLIS, () -> (read(IntelRegister.EECD) & IntelBits.EECD_AUTO_READ) != 0);
        if (!done) {
            throw new SetupException("the card does not end reading its EEPROM after a reset: EECD is 0x"
                + Integer.toHexString(read(IntelRegister.EECD)) + " after " + EEPROM_MILLIS + " ms",
                "power the machine off and on; if that does not help, the card or its EEPROM is broken");
        }
        Waiting.millis(PHY_SETUP_MILLIS);
    }

    /** Firmware may read the EEPROM as well, so its owner is settled first. */
    @Override
    MacAddress readAddress() {
        final boolean owned = Waiting.until(OWNERSHIP_MILLIS, () -> {
            write(IntelRegister.SWSM, read(IntelRegister.SWSM) | IntelBits.SWSM_SOFTWARE_OWNS);
            return (read(IntelRegister.SWSM) & IntelBits.SWSM_SOFTWARE_OWNS) != 0;
        });
        if (!owned) {
            throw new SetupException("the card's firmware does not let go of the EEPROM within " + OWNERSHIP_MILLIS + " ms",
                "power the machine off and on");
        }
        try {
            return new IntelEeprom(window(), IntelEeprom.Layout.PCIE).mac();
        } finally {
            write(IntelRegister.SWSM,
                read(IntelRegister.SWSM) & ~(IntelBits.SWSM_SOFTWARE_OWNS | IntelBits.SWSM_TAKEN));
        }
    }

    @Override
    int rxDescriptorBytes() {
        return settings.split().on() ? PacketSplitRxDescriptor.SIZE : ExtendedRxDescriptor.SIZE;
    }

    @Override
    IntelRxRing receiveRing(final Region region, final long offset) {
        return settings.split().on()
            ? new PacketSplitRxRing(region, offset, settings.rxDescriptors(), settings.split().headerSize(),
                settings.rxBufferSize(), settings.split().payloadBuffers())
            : new ExtendedRxRing(region, offset, settings.rxDescriptors(), settings.rxBufferSize());
    }

    /** Before RCTL, with whose EN the card looks at descriptor format and sizes. */
    @Override
    int receiveFormat() {
        write(IntelRegister.RFCTL, IntelBits.RFCTL_EXSTEN);
        setUpVectors();
        setUpHash();
        if (!settings.split().on()) {
            return IntelBits.bufferSize(settings.rxBufferSize());
        }
        write(IntelRegister.PSRCTL, IntelBits.packetSplit(
            settings.split().headerSize(), settings.rxBufferSize(), settings.split().payloadBuffers()));
        return IntelBits.RCTL_DTYP_PACKET_SPLIT;
    }

    /** The hash takes the place of the packet checksum, which nobody uses, and chooses the queue (datasheet 7.1.11). */
    private void setUpHash() {
        if (!IntelHash.write(window(), settings, IntelBits.RETA_QUEUE_SHIFT)) {
            write(IntelRegister.MRQC, 0);
            return;
        }
        write(IntelRegister.RXCSUM, read(IntelRegister.RXCSUM) | IntelBits.RXCSUM_PCSD);
        write(IntelRegister.MRQC, IntelBits.MRQC_RSS);
    }

    @Override
    void transmitFormat() {
        // No write-back threshold, see above; the thresholds count descriptors.
        for (int queue = 0; queue < settings.queues(); queue++) {
            write(IntelRegister.TXDCTL, txRegisters(queue), IntelBits.TXDCTL_COUNT_DESC);
            final int arbitration = window().read(IntelRegister.TARC0.offset() + txRegisters(queue));
            write(IntelRegister.TARC0, txRegisters(queue), arbitration | IntelBits.TARC_ENABLE);
        }
        write(IntelRegister.TIPG, IntelBits.TIPG_82574);
    }

    // ---- interrupts

    /**
     * A vector for each receive queue; the link on queue 0's as well, so that who sleeps there hears of it. Causes are not
     * cleared by their message but by {@link #disableInterrupt}.
     */
    private void setUpVectors() {
        if (!settings.vectors()) {
            return;
        }
        int vectors = IntelBits.IVAR_VALID << IntelBits.IVAR_OTHER_SHIFT;
        for (int queue = 0; queue < settings.queues(); queue++) {
            vectors |= (IntelBits.IVAR_VALID | vector(queue)) << queue * IntelBits.IVAR_RXQ_BITS;
            window().write(IntelRegister.EITR0.offset() + vector(queue) * Integer.BYTES,
                IntelBits.throttle(settings.moderationNanos()));
        }
        write(IntelRegister.IVAR, vectors);
        write(IntelRegister.EIAC, 0);
    }

    private static int causes(final int queue) {
        return CAUSE_RXQ0 << queue | (queue == 0 ? CAUSE_OTHER | CAUSE_LSC : 0);
    }

    @Override
    public int vector(final int queue) {
        return settings.vectors() ? queue : 0;
    }

    @Override
    public void enableInterrupt(final int queue) {
        if (settings.vectors()) {
            write(IntelRegister.IMS, causes(queue));
        } else {
            super.enableInterrupt(queue);
        }
    }

    /**
     * With MSI-X a queue's causes are cleared by writing them: reading ICR may take another queue's, which would then sleep
     * on. The read that follows lets no such write arrive after a frame that came later.
     */
    @Override
    public boolean disableInterrupt(final int queue) {
        if (!settings.vectors()) {
            return super.disableInterrupt(queue);
        }
        write(IntelRegister.IMC, causes(queue));
        write(IntelRegister.ICR, causes(queue));
        final int status = read(IntelRegister.STATUS);
        // A message that comes is a cause in itself.
        return heard(queue, true, status == -1 ? status : queue == 0 && linkChanged(status) ? CAUSE_LSC : 0);
    }

    private boolean linkChanged(final int status) {
        final int now = status & IntelBits.STATUS_LINK;
        final boolean changed = now != link;
        link = now;
        return changed;
    }

    @Override
    public Map<String, Integer> registers() {
        return registers(IntelRegister.Since.THE_82574);
    }
}
