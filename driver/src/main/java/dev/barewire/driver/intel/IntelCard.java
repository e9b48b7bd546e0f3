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
import dev.barewire.rings.intel.IntelRxRing;
import dev.barewire.rings.intel.IntelTxRing;
import dev.barewire.rings.intel.LegacyTxRing;
import java.util.Collection;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What Intel's cards of the 8254x line and its PCIe successors have in common: bring-up, queues, filters, link, statistics,
 * and interrupts by one line or message (manual, chapter 14). A card says in a class of its own how its rings are laid out,
 * where the registers of its queues are, and where else it differs. A card's constructor ends with {@link #bringUp}.
 */
abstract class IntelCard implements Card {
    /** In all of the family: a transmit descriptor's size. */
    private static final int TX_DESCRIPTOR_BYTES = 16;
    private static final int QUEUE_DISTANCE = 0x100;
    private static final int ALL_CAUSES = -1;
    private static final int RECEIVE_CAUSES = CAUSE_RXT0 | CAUSE_RXO | CAUSE_RXDMT0 | CAUSE_LSC;
    private static final int RESET_TIMEOUT_MILLIS = 1000;
    /** What DMA that is under way may take to end once a unit is off; the manual asks for 10 ms before a reset. */
    private static final int DRAIN_MILLIS = 10;
    private static final int[] MBPS = {10, 100, 1000, 1000};

    final CardSettings settings;
    private final Registers registers;
    private final IntelFilters filters;
    private final IntelStatistics statistics;
    /** How far the registers of each queue lie from those of the 8254x's only one. */
    private final int[] rxAt;
    private final int[] txAt;
    private final IntelRxRing[] rx;
    private final IntelTxRing[] tx;
    private final boolean[] hadCause;
    private MacAddress mac;
    private Region rings;

    IntelCard(final Registers registers, final CardSettings settings) {
        this.registers = registers;
        this.settings = settings;
        this.filters = new IntelFilters(registers);
        this.statistics = new IntelStatistics(registers);
        this.rxAt = IntStream.range(0, settings.queues()).map(this::rxRegisters).toArray();
        this.txAt = IntStream.range(0, settings.queues()).map(this::txRegisters).toArray();
        this.rx = new IntelRxRing[settings.queues()];
        this.tx = new IntelTxRing[settings.queues()];
        this.hadCause = new boolean[settings.queues()];
    }

    // ---- where cards differ

    /** How far a receive queue's registers lie from those of the 8254x's only one (82574 datasheet, 10.2.5). */
    int rxRegisters(final int queue) {
        return queue * QUEUE_DISTANCE;
    }

    /** How far a transmit queue's registers lie from those of the 8254x's only one (82574 datasheet, 10.2.6). */
    int txRegisters(final int queue) {
        return queue * QUEUE_DISTANCE;
    }

    /** Lets the card's own unit for its bus come to rest, before a reset. */
    void quiesce() {
    }

    /** Masks what IMC does not, and forgets what it has signalled. */
    void maskOthers() {
    }

    /** Waits until the card has read its EEPROM again after a reset, which writes registers that are set up next. */
    abstract void awaitEeprom();

    /** Reads the card's address from its EEPROM. */
    abstract MacAddress readAddress();

    /** Bytes of a receive descriptor. */
    abstract int rxDescriptorBytes();

    abstract IntelRxRing receiveRing(Region region, long offset);

    IntelTxRing transmitRing(final Region region, final long offset) {
        return new LegacyTxRing(region, offset, settings.txDescriptors(), settings.txDataLimit(), settings.txBoundary());
    }

    /** How the link is brought up: bits of CTRL. */
    int linkControl() {
        return IntelBits.CTRL_ASDE | IntelBits.CTRL_SLU;
    }

    /** Sets up the format of receive descriptors but for RCTL, whose bits for that are given back. */
    abstract int receiveFormat();

    /** Sets up when transmit descriptors are written back, and the gap between frames. */
    abstract void transmitFormat();

    /** Sets up that causes are signalled at once, or how long they may wait for more. */
    void moderate() {
        write(IntelRegister.RDTR, 0);
        write(IntelRegister.RADV, 0);
        write(IntelRegister.ITR, IntelBits.throttle(settings.moderationNanos()));
        write(IntelRegister.TIDV, 0);
    }

    /** Keeps the queues from working, while their rings are set up. */
    void disableQueues() {
    }

    /** Has the link come up where it does not by itself. */
    void startLink() {
    }

    /** Lets the queues work, as soon as the units do. */
    void enableQueues() {
    }

    // ---- bring-up

    /** Resets the card, reads its address, gives it empty rings and sets it up. It moves nothing yet. */
    final void bringUp(final DmaDomain domain) {
        reset();
        mac = readAddress();
        final long rxBytes = (long) settings.rxDescriptors() * rxDescriptorBytes();
        final long txBytes = (long) settings.txDescriptors() * TX_DESCRIPTOR_BYTES;
        rings = domain.allocate(MemoryKind.ANONYMOUS, settings.queues() * (rxBytes + txBytes));
        try {
            for (int queue = 0; queue < settings.queues(); queue++) {
                rx[queue] = receiveRing(rings, queue * (rxBytes + txBytes));
                tx[queue] = transmitRing(rings, queue * (rxBytes + txBytes) + rxBytes);
            }
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
        quiesce();
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
        awaitEeprom();
        write(IntelRegister.IMC, ALL_CAUSES);
        read(IntelRegister.ICR);
        maskOthers();
    }

    private void silence() {
        write(IntelRegister.IMC, ALL_CAUSES);
        maskOthers();
        write(IntelRegister.RCTL, 0);
        write(IntelRegister.TCTL, IntelBits.TCTL_PSP);
        read(IntelRegister.STATUS);
        Waiting.millis(DRAIN_MILLIS);
    }

    /** Has the card start no new access to memory, and waits until those under way have ended, for so long. */
    final void disableMaster(final int millis) {
        write(IntelRegister.CTRL, read(IntelRegister.CTRL) | IntelBits.CTRL_MASTER_DISABLE);
        Waiting.until(millis, () -> (read(IntelRegister.STATUS) & IntelBits.STATUS_MASTER_ENABLED) == 0);
    }

    private void initialise() {
        final int keep = read(IntelRegister.CTRL) & ~(IntelBits.CTRL_LRST | IntelBits.CTRL_PHY_RST | IntelBits.CTRL_ILOS
            | IntelBits.CTRL_FRCSPD | IntelBits.CTRL_FRCDPX | IntelBits.CTRL_VME);
        write(IntelRegister.CTRL, keep | linkControl() | (settings.vlanTags() ? IntelBits.CTRL_VME : 0));
        write(IntelRegister.VET, IntelBits.ETHERTYPE_VLAN);
        write(IntelRegister.FCAL, 0);
        write(IntelRegister.FCAH, 0);
        write(IntelRegister.FCT, 0);
        write(IntelRegister.FCTTV, 0);
        filters.reset(mac);
        disableQueues();
        for (int queue = 0; queue < settings.queues(); queue++) {
            setUpReceive(queue);
            setUpTransmit(queue);
        }
        moderate();
        setUpReceive();
        transmitFormat();
        startLink();
    }

    /** A receive ring's registers (14.4); the ring is empty. */
    private void setUpReceive(final int queue) {
        write(IntelRegister.RDBAL, rxAt[queue], (int) rx[queue].iova());
        write(IntelRegister.RDBAH, rxAt[queue], (int) (rx[queue].iova() >>> 32));
        write(IntelRegister.RDLEN, rxAt[queue], rx[queue].bytes());
        write(IntelRegister.RDH, rxAt[queue], 0);
        write(IntelRegister.RDT, rxAt[queue], 0);
    }

    /** A transmit ring's registers (14.5); the ring is empty. */
    private void setUpTransmit(final int queue) {
        write(IntelRegister.TDBAL, txAt[queue], (int) tx[queue].iova());
        write(IntelRegister.TDBAH, txAt[queue], (int) (tx[queue].iova() >>> 32));
        write(IntelRegister.TDLEN, txAt[queue], tx[queue].bytes());
        write(IntelRegister.TDH, txAt[queue], 0);
        write(IntelRegister.TDT, txAt[queue], 0);
    }

    /** Receive initialisation (14.4). The unit stays off. */
    private void setUpReceive() {
        write(IntelRegister.RXCSUM,
            settings.receiveChecksums() ? IntelBits.RXCSUM_IPOFL | IntelBits.RXCSUM_TUOFL : 0);
        final int format = receiveFormat();
        write(IntelRegister.RCTL, IntelBits.RCTL_BAM | IntelBits.RCTL_SECRC | format
            | (settings.longFrames() ? IntelBits.RCTL_LPE : 0));
    }

    @Override
    public final void start() {
        statistics.reset();
        enableQueues();
        write(IntelRegister.RCTL, read(IntelRegister.RCTL) | IntelBits.RCTL_EN);
        write(IntelRegister.TCTL, transmitControl(true));
        for (int queue = 0; queue < settings.queues(); queue++) {
            rx[queue].publish();
            // A queue of its own switch takes no tail before it works: what was handed over until now is told once more.
            rxDoorbell(queue, rx[queue].tail());
        }
    }

    private static int transmitControl(final boolean fullDuplex) {
        final int distance = fullDuplex ? IntelBits.COLLISION_DISTANCE_FULL : IntelBits.COLLISION_DISTANCE_HALF;
        return IntelBits.TCTL_EN | IntelBits.TCTL_PSP
            | IntelBits.COLLISION_THRESHOLD << IntelBits.TCTL_CT_SHIFT | distance << IntelBits.TCTL_COLD_SHIFT;
    }

    @Override
    public final void stop() {
        statistics.collect();
        reset();
    }

    @Override
    public final void close() {
        rings.close();
    }

    // ---- while it runs

    @Override
    public final LinkState link() {
        final int status = read(IntelRegister.STATUS);
        if (status == -1 || (status & IntelBits.STATUS_LU) == 0) {
            return LinkState.DOWN;
        }
        final int speed = status >>> IntelBits.STATUS_SPEED_SHIFT & IntelBits.STATUS_SPEED_MASK;
        return new LinkState(true, MBPS[speed], (status & IntelBits.STATUS_FD) != 0);
    }

    @Override
    public final boolean isLost() {
        return read(IntelRegister.STATUS) == -1;
    }

    @Override
    public void enableInterrupt(final int queue) {
        write(IntelRegister.IMS, RECEIVE_CAUSES);
    }

    @Override
    public boolean disableInterrupt(final int queue) {
        write(IntelRegister.IMC, ALL_CAUSES);
        final int causes = read(IntelRegister.ICR);
        return heard(queue, (causes & RECEIVE_CAUSES) != 0, causes);
    }

    /** Notes whether a queue had a cause to interrupt, and gives whether the causes tell that the link may have changed. */
    final boolean heard(final int queue, final boolean had, final int causes) {
        hadCause[queue] = had;
        final boolean linkChanged = (causes & CAUSE_LSC) != 0;
        if (linkChanged && causes != -1) {
            // The collision distance depends on the duplex mode that was negotiated (13.4.33).
            final LinkState now = link();
            write(IntelRegister.TCTL, transmitControl(!now.up() || now.fullDuplex()));
        }
        return linkChanged;
    }

    @Override
    public final boolean hadCause(final int queue) {
        return hadCause[queue];
    }

    @Override
    public int vector(final int queue) {
        return 0;
    }

    @Override
    public final void rxDoorbell(final int queue, final int tail) {
        registers.write(IntelRegister.RDT.offset() + rxAt[queue], tail);
    }

    @Override
    public final void txDoorbell(final int queue, final int tail) {
        registers.write(IntelRegister.TDT.offset() + txAt[queue], tail);
    }

    @Override
    public final RxRing rxRing(final int queue) {
        return rx[queue];
    }

    @Override
    public final TxRing txRing(final int queue) {
        return tx[queue];
    }

    @Override
    public final MacAddress mac() {
        return mac;
    }

    @Override
    public final void promiscuous(final boolean on) {
        filters.promiscuous(on);
    }

    @Override
    public final void allMulticast(final boolean on) {
        filters.allMulticast(on);
    }

    @Override
    public final void multicast(final Collection<MacAddress> groups) {
        filters.multicast(groups);
    }

    @Override
    public final void vlans(final Collection<Integer> ids) {
        filters.vlans(ids);
    }

    @Override
    public final Map<String, Long> statistics() {
        statistics.collect();
        return statistics.totals();
    }

    @Override
    public final void collectStatistics() {
        statistics.collect();
    }

    @Override
    public final long saturations() {
        return statistics.saturations();
    }

    @Override
    public Map<String, Integer> registers() {
        return registers(IntelRegister.Since.THE_8254X);
    }

    final Map<String, Integer> registers(final IntelRegister.Since card) {
        return IntelRegister.dump(registers, card, rxAt, txAt);
    }

    final Registers window() {
        return registers;
    }

    final int read(final IntelRegister register) {
        return registers.read(register.offset());
    }

    final void write(final IntelRegister register, final int value) {
        registers.write(register.offset(), value);
    }

    /** Writes a register of a queue, which lies so far from that of the 8254x's only one. */
    final void write(final IntelRegister register, final int distance, final int value) {
        registers.write(register.offset() + distance, value);
    }
}
