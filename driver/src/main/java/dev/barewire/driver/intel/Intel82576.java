package dev.barewire.driver.intel;

import dev.barewire.MacAddress;
import dev.barewire.SetupException;
import dev.barewire.dma.DmaDomain;
import dev.barewire.dma.Region;
import dev.barewire.driver.access.Registers;
import dev.barewire.driver.card.CardSettings;
import dev.barewire.rings.intel.AdvancedRxDescriptor;
import dev.barewire.rings.intel.AdvancedRxRing;
import dev.barewire.rings.intel.AdvancedTxRing;
import dev.barewire.rings.intel.ExtendedRxRing;
import dev.barewire.rings.intel.IntelRxRing;
import dev.barewire.rings.intel.IntelTxRing;
import java.util.Map;

/**
 * The 82576 and its successors I350, I210 and I211: advanced descriptors, queues with a block of registers each, headers put
 * apart in two ways; INTx, MSI, or MSI-X with a vector for each queue (82576 datasheet). Where they differ is in
 * {@link Traits}.
 */
public final class Intel82576 extends IntelCard {
    /** From the 8254x's receive registers to the block of queue 0, and the distance of the blocks. */
    private static final int RX_BLOCKS = 0xc000 - 0x2800;
    private static final int TX_BLOCKS = 0xe000 - 0x3800;
    private static final int BLOCK = 0x40;
    private static final int DVMOLR = 0xc038;
    private static final int MASTER_MILLIS = 100;
    private static final int EEPROM_MILLIS = 20;
    private static final int FIRMWARE_MILLIS = 100;
    private static final int QUEUE_MILLIS = 20;
    private static final int ALL = -1;
    /** EITR counts microseconds from bit 2 on, and lets the count that runs go on. */
    private static final int EITR_SHIFT = 2;
    private static final int EITR_LONGEST = 0x1fff;
    private static final int EITR_KEEP_COUNT = 1 << 31;
    private static final int NANOS = 1000;

    private final Traits traits;
    private final IntelOwnership ownership;

    /**
     * What differs in the family.
     *
     * @param vectorsByPairs  queues 2n and 2n + 1 share a register of vectors, not n and n + 8
     * @param noEeprom        there may be no EEPROM: the address comes from elsewhere, and there is no sum to prove
     * @param stripsByQueue   a queue has a register of its own that lets tags be taken off
     * @param readyUnreported the card does not tell that it is set up after a reset, and is at once
     */
    public record Traits(boolean vectorsByPairs, boolean noEeprom, boolean stripsByQueue, boolean readyUnreported) {
    }

    /**
     * Resets the card, reads its address and gives it empty rings. It moves nothing yet.
     *
     * @param registers BAR 0
     * @param domain    where the rings' memory comes from
     * @param settings  how to set it up
     * @param traits    what differs in the family
     * @throws SetupException if the card does not come out of its reset or has no valid address
     */
    public Intel82576(final Registers registers, final DmaDomain domain, final CardSettings settings, final Traits traits) {
        super(registers, settings);
        this.traits = traits;
        this.ownership = new IntelOwnership(registers);
        bringUp(domain);
    }

    @Override
    int rxRegisters(final int queue) {
        return RX_BLOCKS + queue * BLOCK;
    }

    @Override
    int txRegisters(final int queue) {
        return TX_BLOCKS + queue * BLOCK;
    }

    // ---- bring-up

    @Override
    void quiesce() {
        disableMaster(MASTER_MILLIS);
    }

    /** A card without EEPROM never tells that it has read it, and firmware may not be there: neither is a fault. */
    @Override
    void awaitEeprom() {
        if (!traits.readyUnreported()) {
            Waiting.until(EEPROM_MILLIS, () -> (read(IntelRegister.EECD) & IntelBits.EECD_AUTO_READ) != 0);
            final int done = IntelBits.EEMNGCTL_PORT_0_DONE << ownership.port();
            Waiting.until(FIRMWARE_MILLIS, () -> (read(IntelRegister.EEMNGCTL) & done) != 0);
        }
    }

    /** The card has loaded it: in the EEPROM each port's is elsewhere. */
    @Override
    MacAddress readAddress() {
        if (!traits.noEeprom()) {
            ownership.owning(IntelOwnership.EEPROM, new IntelEeprom(window(), IntelEeprom.Layout.PCIE)::verified);
        }
        final int low = Integer.reverseBytes(read(IntelRegister.RAL0));
        final int high = Integer.reverseBytes(read(IntelRegister.RAH0)) >>> Short.SIZE;
        return IntelEeprom.checked(new MacAddress((low & 0xffff_ffffL) << Short.SIZE | high));
    }

    @Override
    int linkControl() {
        return IntelBits.CTRL_SLU;
    }

    /** QEMU's link, and that of a card whose PHY was put to sleep, comes up only when the PHY is told to negotiate. */
    @Override
    void startLink() {
        if (!link().up()) {
            ownership.owning(ownership.phy(), () -> {
                new IntelPhy(window()).restartNegotiation();
                return null;
            });
        }
    }

    // ---- queues

    @Override
    int rxDescriptorBytes() {
        return AdvancedRxDescriptor.SIZE;
    }

    @Override
    IntelRxRing receiveRing(final Region region, final long offset) {
        return settings.split().on()
            ? new AdvancedRxRing(region, offset, settings.rxDescriptors(), settings.split().headerSize(),
                settings.rxBufferSize(), settings.split().always())
            : new ExtendedRxRing(region, offset, settings.rxDescriptors(), settings.rxBufferSize());
    }

    @Override
    IntelTxRing transmitRing(final Region region, final long offset) {
        return new AdvancedTxRing(region, offset, settings.txDescriptors(), settings.txDataLimit(), settings.txBoundary());
    }

    /** Queue 0 works after a reset, but the place of a ring may be written only while its queue does not. */
    @Override
    void disableQueues() {
        for (int queue = 0; queue < settings.queues(); queue++) {
            write(IntelRegister.RXDCTL, rxRegisters(queue), 0);
            write(IntelRegister.TXDCTL, txRegisters(queue), 0);
        }
    }

    @Override
    int receiveFormat() {
        for (int queue = 0; queue < settings.queues(); queue++) {
            write(IntelRegister.SRRCTL, rxRegisters(queue), splitReceive());
            final int types = IntelRegister.PSRTYPE.offset() + queue * Integer.BYTES;
            window().write(types,
                window().read(types) & ~IntelBits.PSRTYPE_OTHERS | IntelBits.PSRTYPE_IP_TCP_UDP);
            stripTags(queue);
        }
        write(IntelRegister.RLPML, IntelBits.LONGEST_FRAME);
        final boolean hashes = IntelHash.write(window(), settings, 0);
        if (hashes) {
            write(IntelRegister.RXCSUM, read(IntelRegister.RXCSUM) | IntelBits.RXCSUM_PCSD);
        }
        write(IntelRegister.MRQC, hashes ? IntelBits.MRQC_RSS_QUEUES : 0);
        setUpVectors();
        return settings.rxBufferSize() < IntelBits.SRRCTL_PACKET_UNIT ? IntelBits.bufferSize(settings.rxBufferSize()) : 0;
    }

    private int splitReceive() {
        final int format = !settings.split().on() ? IntelBits.SRRCTL_ONE_BUFFER
            : settings.split().always() ? IntelBits.SRRCTL_SPLIT_ALWAYS : IntelBits.SRRCTL_SPLIT;
        return format | IntelBits.splitReceive(settings.split().headerSize(), settings.rxBufferSize())
            | (settings.queues() > 1 ? IntelBits.SRRCTL_DROP : 0);
    }

    /** What CTRL.VME switches for all of the card, some switch for each queue as well. */
    private void stripTags(final int queue) {
        final int register = traits.stripsByQueue() ? DVMOLR + queue * BLOCK
            : IntelRegister.VMOLR.offset() + queue * Integer.BYTES;
        final int others = window().read(register) & ~IntelBits.VMOLR_STRIP;
        window().write(register, others | (settings.vlanTags() ? IntelBits.VMOLR_STRIP : 0));
    }

    /** The gap between frames is right after a reset, and the queues are set up when they are switched on. */
    @Override
    void transmitFormat() {
    }

    @Override
    void enableQueues() {
        for (int queue = 0; queue < settings.queues(); queue++) {
            enable(IntelRegister.RXDCTL, rxRegisters(queue), IntelBits.RXDCTL_THRESHOLDS, queue);
            enable(IntelRegister.TXDCTL, txRegisters(queue), IntelBits.TXDCTL_THRESHOLDS, queue);
        }
        if (settings.vectors()) {
            write(IntelRegister.IMS, IntelBits.CAUSE_LSC);
        } else {
            write(IntelRegister.EIMS, IntelBits.EIMS_OTHER);
        }
    }

    /** No tail may be written before the card says that the queue works. */
    private void enable(final IntelRegister control, final int distance, final int thresholds, final int queue) {
        final int at = control.offset() + distance;
        window().write(at, thresholds | IntelBits.QUEUE_ENABLE);
        if (!Waiting.until(QUEUE_MILLIS, () -> (window().read(at) & IntelBits.QUEUE_ENABLE) != 0)) {
            throw new SetupException("the card does not switch queue " + queue + " on: " + control + " is 0x"
                + Integer.toHexString(window().read(at)) + " after " + QUEUE_MILLIS + " ms",
                "power the machine off and on; if that does not help, the card is broken");
        }
    }

    // ---- interrupts

    /** A vector for each queue; the link is on that of queue 0, so that who sleeps there hears of it. */
    private void setUpVectors() {
        for (int queue = 0; queue < settings.queues(); queue++) {
            final int register = traits.vectorsByPairs() ? queue >> 1 : queue & 7;
            final int half = traits.vectorsByPairs() ? queue & 1 : queue >> 3;
            final int at = IntelRegister.QUEUE_IVAR.offset() + register * Integer.BYTES;
            final int shift = half * Short.SIZE;
            window().write(at, window().read(at) & ~(0xff << shift) | (vector(queue) | IntelBits.IVAR_ENTRY_VALID) << shift);
        }
        if (settings.vectors()) {
            write(IntelRegister.IVAR_MISC, IntelBits.IVAR_ENTRY_VALID << Byte.SIZE);
            write(IntelRegister.GPIE, IntelBits.GPIE_VECTORS | IntelBits.GPIE_AUTO_MASK | IntelBits.GPIE_PENDING
                | IntelBits.GPIE_CLEAR_ON_READ);
            write(IntelRegister.VECTOR_EIAC, 0);
            write(IntelRegister.EIAM, (1 << settings.queues()) - 1);
        }
    }

    @Override
    void moderate() {
        final int micros = Math.min((settings.moderationNanos() + NANOS - 1) / NANOS, EITR_LONGEST);
        for (int queue = 0; queue < settings.queues(); queue++) {
            window().write(IntelRegister.VECTOR_EITR.offset() + vector(queue) * Integer.BYTES,
                micros << EITR_SHIFT | EITR_KEEP_COUNT);
        }
    }

    @Override
    void maskOthers() {
        write(IntelRegister.EIMC, ALL);
        write(IntelRegister.EICR, ALL);
    }

    @Override
    public int vector(final int queue) {
        return settings.vectors() ? queue : 0;
    }

    @Override
    public void enableInterrupt(final int queue) {
        if (settings.vectors()) {
            write(IntelRegister.EIMS, 1 << queue);
        } else {
            super.enableInterrupt(queue);
        }
    }

    /** A vector's cause stays until a one is written to it; a read may take that of another queue, whose wake-up is lost then. */
    @Override
    public boolean disableInterrupt(final int queue) {
        if (!settings.vectors()) {
            return super.disableInterrupt(queue);
        }
        write(IntelRegister.EIMC, 1 << queue);
        write(IntelRegister.EICR, 1 << queue);
        final int status = read(IntelRegister.STATUS);
        // A message that comes is a cause in itself.
        return heard(queue, true, status == -1 ? status : queue == 0 ? read(IntelRegister.ICR) : 0);
    }

    @Override
    public Map<String, Integer> registers() {
        return registers(IntelRegister.Since.THE_82576);
    }
}
