package dev.barewire;

import static dev.barewire.NicParts.attempt;

import dev.barewire.dma.CopyLedger;
import dev.barewire.dma.DmaDomain;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.Devices;
import dev.barewire.driver.events.NicEvents;
import dev.barewire.profiles.Profiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * A network card that this process drives.
 *
 * <pre>{@code
 * try (Nic nic = Nic.open("vfio:0000:00:03.0", NicConfig.defaults())) {
 *     Packet[] burst = new Packet[64];
 *     for (;;) {
 *         int n = nic.rx(0).poll(burst);
 *         int sent = nic.tx(0).send(burst, n);
 *         for (int i = sent; i < n; i++) {
 *             burst[i].release();
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>A queue belongs to one thread; the methods here may be called from any. Set-up problems throw
 * {@link SetupException}; traffic never throws.
 */
public final class Nic implements AutoCloseable {
    private static final long LINK_POLL_NANOS = 1_000_000;

    private final String name;
    private final DeviceAccess access;
    private final NicParts parts;
    private final NicWatch watch;
    private final RxQueue[] rx;
    private final TxQueue[] tx;
    private NicEvents.Drops drops;
    private volatile boolean open = true;

    private Nic(final String name, final DeviceAccess access, final NicParts parts, final NicConfig config) {
        this.name = name;
        this.access = access;
        this.parts = parts;
        watch = new NicWatch(this, access, parts.card, parts.counters);
        rx = parts.receiveQueues(this, config);
        tx = parts.transmitQueues(this, config);
        parts.card.promiscuous(config.promiscuous());
    }

    /**
     * Opens a card with the defaults.
     *
     * @param device such as {@code vfio:0000:00:03.0}
     * @return the card, moving frames
     * @throws SetupException with what was found, why it matters and what mends it; nothing is left changed
     */
    public static Nic open(final String device) {
        return open(device, NicConfig.defaults());
    }

    /**
     * Opens a card.
     *
     * @param device the way to it and its place there: {@code vfio:<bdf>}
     * @param config what is wanted of it
     * @return the card, moving frames
     * @throws SetupException with what was found, why it matters and what mends it; nothing is left changed
     */
    public static Nic open(final String device, final NicConfig config) {
        return open(device, () -> Devices.open(device), config);
    }

    /**
     * Opens a card that the caller has reached already, such as a device of the test kit.
     *
     * @param access the way to it, which is the card's from now on: it is closed with the card, or if this throws
     * @param config what is wanted of it
     * @return the card, moving frames
     * @throws SetupException with what was found, why it matters and what mends it
     */
    public static Nic open(final DeviceAccess access, final NicConfig config) {
        return open(access.name(), () -> access, config);
    }

    private static Nic open(final String device, final Supplier<DeviceAccess> way, final NicConfig config) {
        Profiles.prefetch();
        final BiConsumer<String, String> opened = NicEvents.opening();
        final Nic nic;
        try {
            nic = openParts(device, way.get(), config);
        } catch (final RuntimeException refused) {
            NicEvents.fault(device, refused.getMessage());
            throw refused;
        }
        opened.accept(device, nic.card());
        return nic;
    }

    private static Nic openParts(final String device, final DeviceAccess access, final NicConfig config) {
        NicParts parts = null;
        try {
            access.reset();
            parts = new NicParts(device, access, config);
            NicEvents.reset(device, "open");
            final Nic nic = new Nic(device, access, parts, config);
            nic.start();
            return nic;
        } catch (final RuntimeException refused) {
            final List<RuntimeException> problems = parts == null ? new ArrayList<>() : parts.abandon();
            attempt(problems, access::close);
            problems.forEach(refused::addSuppressed);
            throw refused;
        }
    }

    private void start() {
        for (final RxQueue queue : rx) {
            queue.refill();
        }
        parts.card.start();
        for (final RxQueue queue : rx) {
            queue.handOver();
        }
        watch.begin();
        drops = new NicEvents.Drops(name, parts.counters::drops);
    }

    /**
     * The name by which it was opened.
     *
     * @return such as {@code vfio:0000:00:03.0}
     */
    public String name() {
        return name;
    }

    /**
     * What card it is.
     *
     * @return such as {@code 82540EM}
     */
    public String card() {
        return parts.profile.name();
    }

    /**
     * Its Ethernet address.
     *
     * @return the address
     */
    public MacAddress mac() {
        return parts.card.mac();
    }

    /**
     * Who does what.
     *
     * @return the plan, which does not change
     */
    public OffloadPlan offloads() {
        return parts.plan;
    }

    /**
     * How many queues it receives on, and as many to send from.
     *
     * @return as {@link NicConfig#queues(int)} asked for
     */
    public int queues() {
        return rx.length;
    }

    /**
     * A receive queue.
     *
     * @param queue from 0, less than {@link #queues()}
     * @return the queue
     */
    public RxQueue rx(final int queue) {
        return rx[Objects.checkIndex(queue, rx.length)];
    }

    /**
     * A transmit queue.
     *
     * @param queue from 0, less than {@link #queues()}
     * @return the queue
     */
    public TxQueue tx(final int queue) {
        return tx[Objects.checkIndex(queue, tx.length)];
    }

    /**
     * The link as the card sees it now.
     *
     * @return its state
     */
    public synchronized LinkState link() {
        checkOpen();
        return watch.link();
    }

    /**
     * Waits for the link.
     *
     * @param time how long at most
     * @return true if it is up
     */
    public boolean awaitLink(final Duration time) {
        final long end = System.nanoTime() + time.toNanos();
        while (!link().up()) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            LockSupport.parkNanos(LINK_POLL_NANOS);
        }
        return true;
    }

    /**
     * What has become of it. Looks, so that a card that was removed is known for that at once.
     *
     * @return the state
     */
    public synchronized NicState state() {
        if (!open) {
            return NicState.CLOSED;
        }
        return watch.isLost() ? NicState.REMOVED : NicState.RUNNING;
    }

    /** Lets threads that sleep on queues look at the card again. */
    void wakeQueues() {
        for (final RxQueue queue : rx) {
            queue.wake();
        }
    }

    /**
     * Why it was found to be {@link NicState#REMOVED}. Can be read after {@link #close()}.
     *
     * @return a sentence that names it; empty if that has not happened
     */
    public String fault() {
        return watch.loss();
    }

    NicWatch watch() {
        return watch;
    }

    /**
     * Takes in all frames, or only those addressed to the card and to its groups.
     *
     * @param on true for all
     */
    public synchronized void promiscuous(final boolean on) {
        checkOpen();
        parts.card.promiscuous(on);
    }

    /**
     * Takes in all multicast frames.
     *
     * @param on true for all
     */
    public synchronized void allMulticast(final boolean on) {
        checkOpen();
        parts.card.allMulticast(on);
    }

    /**
     * Takes in frames for groups; others may come as well, since the card's filter is a hash.
     *
     * @param groups all groups wanted, not only new ones
     */
    public synchronized void multicast(final Collection<MacAddress> groups) {
        checkOpen();
        parts.card.multicast(groups);
    }

    /**
     * Takes in only frames of these VLANs and frames without a tag.
     *
     * @param ids VLAN ids, 0 to 4095; null takes in all
     */
    public synchronized void vlans(final Collection<Integer> ids) {
        checkOpen();
        if (ids != null && ids.stream().anyMatch(id -> id < 0 || id > 0xfff)) {
            throw new IllegalArgumentException("a VLAN id is from 0 to 4095, not one of " + ids);
        }
        parts.card.vlans(ids);
    }

    /**
     * What the card has counted since it was opened, in 64 bits. Its registers stop at 32 bits, which a gigabit
     * may fill in 48 minutes: look more often, as {@link NicAgent} does.
     *
     * @return name to count
     */
    public synchronized Map<String, Long> statistics() {
        collectStatistics();
        return parts.card.statistics();
    }

    /** Adds up what the card has counted; allocates nothing. */
    synchronized void collectStatistics() {
        checkOpen();
        watch.isLost();
        parts.card.collectStatistics();
        parts.counters.counter(NicCounters.Name.STATISTICS_SATURATED).setRelease(parts.card.saturations());
    }

    /**
     * What the driver has counted, drops by reason among it. Can be read after {@link #close()}.
     *
     * @return the counters
     */
    public NicCounters counters() {
        return parts.counters;
    }

    /**
     * What the CPU has copied. Can be read after {@link #close()}.
     *
     * @return the ledger, in which an application may open accounts of its own
     */
    public CopyLedger copies() {
        return parts.ledger;
    }

    /**
     * Where memory that the card can reach comes from.
     *
     * @return the domain, for pools of the application's own
     */
    public DmaDomain domain() {
        return access.domain();
    }

    /**
     * What is worth telling of the way to the card, and of the memory that it receives into.
     *
     * @return name to value, such as {@code iommu-group} to {@code 3}, in order
     */
    public Map<String, String> facts() {
        final Map<String, String> facts = new LinkedHashMap<>(access.facts());
        facts.put("receive-buffers", parts.receiveMemory());
        facts.put("sleep", parts.sleep());
        return facts;
    }

    /**
     * The card's registers that can be read without changing anything.
     *
     * @return name to value
     */
    public synchronized Map<String, Integer> registers() {
        checkOpen();
        return parts.card.registers();
    }

    /**
     * How many of the driver's buffers the application has, or has lent to frames that are not sent yet. Exact while no
     * queue moves.
     *
     * @return buffers that are neither in their pool nor posted to receive
     */
    public int buffersOutstanding() {
        int outstanding = parts.buffersOut();
        for (final RxQueue queue : rx) {
            outstanding -= queue.posted();
        }
        return outstanding;
    }

    void checkOpen() {
        if (!open) {
            throw new IllegalStateException(name + " is closed");
        }
    }

    /**
     * Stops the card and gives it back, quiet. The threads that own its queues must have stopped using them. Closing
     * twice does nothing.
     *
     * <p>A card that is {@link NicState#REMOVED} but still answers, since the kernel has only asked for it, is given back like
     * any other and nothing is thrown. One that does not answer any more cannot be stopped, and that is said.
     *
     * @throws IllegalStateException naming the buffers that the application has not given back; the card is closed all
     *     the same, and its memory is gone
     * @throws SetupException        if the card does not stop or does not answer any more, with what the way to it knows of
     *     that; all else is closed all the same
     */
    @Override
    public void close() {
        synchronized (this) {
            if (!open) {
                return;
            }
            open = false;
        }
        drops.close();
        final BiConsumer<String, Integer> closed = NicEvents.closing();
        final List<RuntimeException> problems = new ArrayList<>();
        attempt(problems, this::stop);
        for (int queue = 0; queue < rx.length; queue++) {
            attempt(problems, rx[queue]::close);
            attempt(problems, tx[queue]::close);
        }
        final int outstanding = buffersOutstanding();
        problems.addAll(parts.close());
        attempt(problems, access::close);
        closed.accept(name, outstanding);
        if (!problems.isEmpty()) {
            final RuntimeException first = problems.removeFirst();
            problems.forEach(first::addSuppressed);
            NicEvents.fault(name, first.getMessage());
            throw first;
        }
    }

    private synchronized void stop() {
        if (watch.isLost() && parts.card.isLost()) {
            throw new SetupException(watch.loss(), "put it back, or see in the kernel's log (dmesg) why its bus gave it up; then open "
                + "it again");
        }
        parts.card.stop();
    }
}
