package dev.barewire.driver.intel;

import static dev.barewire.driver.intel.IntelBits.CAUSE_LSC;
import static dev.barewire.driver.intel.IntelBits.CAUSE_RXDMT0;
import static dev.barewire.driver.intel.IntelBits.CAUSE_RXO;
import static dev.barewire.driver.intel.IntelBits.CAUSE_RXT0;

import dev.barewire.LinkState;
import dev.barewire.MacAddress;
import dev.barewire.SetupException;
import dev.barewire.dma.DmaDomain;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.Region;
import dev.barewire.driver.access.Registers;
import dev.barewire.driver.card.Card;
import dev.barewire.driver.card.CardSettings;
import dev.barewire.rings.RxRing;
import dev.barewire.rings.TxRing;
import dev.barewire.rings.intel.LegacyRxRing;
import dev.barewire.rings.intel.LegacyTxRing;
import java.util.Collection;
import java.util.Map;

/** The 82540EM: one receive and one transmit queue, legacy descriptors, INTx (manual, chapter 14 for bring-up). */
public final class Intel8254x implements Card {
    private static final int DESCRIPTOR_BYTES = 16;
    private static final int ALL_CAUSES = -1;
    private static final int RECEIVE_CAUSES = CAUSE_RXT0 | CAUSE_RXO | CAUSE_RXDMT0 | CAUSE_LSC;
    private static final int RESET_TIMEOUT_MILLIS = 1000;
    /** What DMA that is under way may take to end once a unit is off; the manual asks for 10 ms before a reset. */
    private static final int DRAIN_MILLIS = 10;
    /** What Linux's driver allows an 82540EM for reading its EEPROM after a reset. */
    private static final int EEPROM_RELOAD_MILLIS = 5;
    private static final int[] MBPS = {10, 100, 1000, 1000};

    private final Registers registers;
    private final CardSettings settings;
    private final MacAddress mac;
    private final IntelFilters filters;
    private final IntelStatistics statistics;
    private final Region rings;
    private final LegacyRxRing rx;
    private final LegacyTxRing tx;
    private boolean hadCause;

    /**
     * Resets the card, reads its address and gives it empty rings. It moves nothing yet.
     *
     * @param registers BAR 0
     * @param domain    where the rings' memory comes from
     * @param settings  how to set it up
     * @throws SetupException if the card does not come out of its reset or has no valid address
     */
    public Intel8254x(final Registers registers, final DmaDomain domain, final CardSettings settings) {
        this.registers = registers;
        this.settings = settings;
        this.filters = new IntelFilters(registers);
        this.statistics = new IntelStatistics(registers);
        reset();
        mac = new IntelEeprom(registers).mac();
        final long rxBytes = (long) settings.rxDescriptors() * DESCRIPTOR_BYTES;
        final long txBytes = (long) settings.txDescriptors() * DESCRIPTOR_BYTES;
        rings = domain.allocate(MemoryKind.ANONYMOUS, rxBytes + txBytes);
        try {
            rx = new LegacyRxRing(rings, 0, settings.rxDescriptors(), settings.rxBufferSize());
            tx = new LegacyTxRing(rings, rxBytes, settings.txDescriptors(), settings.txDataLimit());
            initialise();
        } catch (final RuntimeException refused) {
            rings.close();
            throw refused;
        }
    }

    /** Masks, stops, resets and masks again (14.3): nothing of what ran before survives. */
    private void reset() {
        silence();
        if (isLost()) {
            throw new SetupException("the card is not on the bus any more: its registers read as all ones",
                "put it back, or see in the kernel's log (dmesg) why its bus gave it up; then open it again");
        }
        write(IntelRegister.CTRL, read(IntelRegister.CTRL) | IntelBits.CTRL_RST);
        // The write must have reached the card, and 1 ms must pass, before the next access (13.4.1).
        Waiting.millis(1);
        final boolean done = Waiting.until(RESET_TIMEOUT_MILLIS,
            () -> (read(IntelRegister.CTRL) & IntelBits.CTRL_RST) == 0);
        if (!done) {
            throw new SetupException("the card does not come out of its reset: CTRL is 0x"
                + Integer.toHexString(read(IntelRegister.CTRL)) + " after " + RESET_TIMEOUT_MILLIS + " ms",
                "power the machine off and on; if that does not help, the card is broken");
        }
        // A reset makes the card read its EEPROM again, which writes registers that are set up next.
        Waiting.millis(EEPROM_RELOAD_MILLIS);
        write(IntelRegister.IMC, ALL_CAUSES);
        read(IntelRegister.ICR);
    }

    private void silence() {
        write(IntelRegister.IMC, ALL_CAUSES);
        write(IntelRegister.RCTL, 0);
        write(IntelRegister.TCTL, IntelBits.TCTL_PSP);
        read(IntelRegister.STATUS);
        Waiting.millis(DRAIN_MILLIS);
    }

    private void initialise() {
        final int keep = read(IntelRegister.CTRL) & ~(IntelBits.CTRL_LRST | IntelBits.CTRL_PHY_RST | IntelBits.CTRL_ILOS
            | IntelBits.CTRL_FRCSPD | IntelBits.CTRL_FRCDPX | IntelBits.CTRL_VME);
        write(IntelRegister.CTRL, keep | IntelBits.CTRL_ASDE | IntelBits.CTRL_SLU
            | (settings.vlanTags() ? IntelBits.CTRL_VME : 0));
        write(IntelRegister.VET, IntelBits.ETHERTYPE_VLAN);
        write(IntelRegister.FCAL, 0);
        write(IntelRegister.FCAH, 0);
        write(IntelRegister.FCT, 0);
        write(IntelRegister.FCTTV, 0);
        filters.reset(mac);
        setUpReceive();
        setUpTransmit();
    }

    /** Receive initialisation (14.4). The unit stays off. */
    private void setUpReceive() {
        final long iova = rings.iova(0, 0);
        write(IntelRegister.RDBAL, (int) iova);
        write(IntelRegister.RDBAH, (int) (iova >>> 32));
        write(IntelRegister.RDLEN, settings.rxDescriptors() * DESCRIPTOR_BYTES);
        write(IntelRegister.RDH, 0);
        write(IntelRegister.RDT, 0);
        write(IntelRegister.RDTR, 0);
        write(IntelRegister.RADV, 0);
        write(IntelRegister.ITR, 0);
        write(IntelRegister.RXCSUM,
            settings.receiveChecksums() ? IntelBits.RXCSUM_IPOFL | IntelBits.RXCSUM_TUOFL : 0);
        write(IntelRegister.RCTL, IntelBits.RCTL_BAM | IntelBits.RCTL_SECRC
            | IntelBits.bufferSize(settings.rxBufferSize()) | (settings.longFrames() ? IntelBits.RCTL_LPE : 0));
    }

    /** Transmit initialisation (14.5). The unit stays off. */
    private void setUpTransmit() {
        final long iova = rings.iova((long) settings.rxDescriptors() * DESCRIPTOR_BYTES, 0);
        write(IntelRegister.TDBAL, (int) iova);
        write(IntelRegister.TDBAH, (int) (iova >>> 32));
        write(IntelRegister.TDLEN, settings.txDescriptors() * DESCRIPTOR_BYTES);
        write(IntelRegister.TDH, 0);
        write(IntelRegister.TDT, 0);
        write(IntelRegister.TIDV, 0);
        // No write-back threshold: with one, a lone descriptor's completion may be held back.
        write(IntelRegister.TXDCTL, 0);
        write(IntelRegister.TIPG, IntelBits.TIPG_COPPER);
    }

    @Override
    public void start() {
        statistics.reset();
        final int tail = rx.publish();
        write(IntelRegister.RCTL, read(IntelRegister.RCTL) | IntelBits.RCTL_EN);
        write(IntelRegister.TCTL, transmitControl(true));
        if (tail != RxRing.NOTHING) {
            rxDoorbell(0, tail);
        }
    }

    private static int transmitControl(final boolean fullDuplex) {
        final int distance = fullDuplex ? IntelBits.COLLISION_DISTANCE_FULL : IntelBits.COLLISION_DISTANCE_HALF;
        return IntelBits.TCTL_EN | IntelBits.TCTL_PSP
            | IntelBits.COLLISION_THRESHOLD << IntelBits.TCTL_CT_SHIFT | distance << IntelBits.TCTL_COLD_SHIFT;
    }

    @Override
    public void stop() {
        statistics.collect();
        reset();
    }

    @Override
    public void close() {
        rings.close();
    }

    @Override
    public LinkState link() {
        final int status = read(IntelRegister.STATUS);
        if (status == -1 || (status & IntelBits.STATUS_LU) == 0) {
            return LinkState.DOWN;
        }
        final int speed = status >>> IntelBits.STATUS_SPEED_SHIFT & IntelBits.STATUS_SPEED_MASK;
        return new LinkState(true, MBPS[speed], (status & IntelBits.STATUS_FD) != 0);
    }

    @Override
    public boolean isLost() {
        return read(IntelRegister.STATUS) == -1;
    }

    @Override
    public long saturations() {
        return statistics.saturations();
    }

    @Override
    public void enableInterrupt(final int queue) {
        write(IntelRegister.IMS, RECEIVE_CAUSES);
    }

    @Override
    public boolean disableInterrupt(final int queue) {
        write(IntelRegister.IMC, ALL_CAUSES);
        final int causes = read(IntelRegister.ICR);
        hadCause = (causes & RECEIVE_CAUSES) != 0;
        final boolean linkChanged = (causes & CAUSE_LSC) != 0;
        if (linkChanged && causes != -1) {
            // The collision distance depends on the duplex mode that was negotiated (13.4.33).
            final LinkState now = link();
            write(IntelRegister.TCTL, transmitControl(!now.up() || now.fullDuplex()));
        }
        return linkChanged;
    }

    @Override
    public boolean hadCause(final int queue) {
        return hadCause;
    }

    @Override
    public int vector(final int queue) {
        return 0;
    }

    @Override
    public void rxDoorbell(final int queue, final int tail) {
        registers.write(IntelRegister.RDT.offset(), tail);
    }

    @Override
    public void txDoorbell(final int queue, final int tail) {
        registers.write(IntelRegister.TDT.offset(), tail);
    }

    @Override
    public RxRing rxRing(final int queue) {
        return rx;
    }

    @Override
    public TxRing txRing(final int queue) {
        return tx;
    }

    @Override
    public MacAddress mac() {
        return mac;
    }

    @Override
    public void promiscuous(final boolean on) {
        filters.promiscuous(on);
    }

    @Override
    public void allMulticast(final boolean on) {
        filters.allMulticast(on);
    }

    @Override
    public void multicast(final Collection<MacAddress> groups) {
        filters.multicast(groups);
    }

    @Override
    public void vlans(final Collection<Integer> ids) {
        filters.vlans(ids);
    }

    @Override
    public Map<String, Long> statistics() {
        statistics.collect();
        return statistics.totals();
    }

    @Override
    public void collectStatistics() {
        statistics.collect();
    }

    @Override
    public Map<String, Integer> registers() {
        return IntelRegister.dump(registers);
    }

    private int read(final IntelRegister register) {
        return registers.read(register.offset());
    }

    private void write(final IntelRegister register, final int value) {
        registers.write(register.offset(), value);
    }
}
