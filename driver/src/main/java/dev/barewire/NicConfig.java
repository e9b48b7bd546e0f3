package dev.barewire;

import dev.barewire.dma.BufferPool;
import dev.barewire.dma.DmaDomain;
import dev.barewire.dma.MemoryKind;
import dev.barewire.profiles.Offload;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** What an application wants of a card. Immutable: each setter gives a changed copy. */
public final class NicConfig implements Cloneable {
    /** The key by which implementations are compared, from Microsoft's "Verifying the RSS Hash Calculation". */
    private static final byte[] DEFAULT_RSS_KEY = HexFormat.of().parseHex(
        "6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b477cb2da38030f20c6a42b73bbeac01fa");

    /** What all cards can: 16 bits of 256 ns would be 16.7 ms for Intel's. */
    private static final Duration LONGEST_MODERATION = Duration.ofMillis(10);

    private int mtu = 1500;
    private HeaderSplit headerSplit = HeaderSplit.AFTER_L4;
    private PoolFactory payloadPool = poolOf("receive", MemoryKind.HUGE_PAGES, 2048, 4096);
    private PoolFactory headerPool;
    private int rxDescriptors = 1024;
    private int txDescriptors = 1024;
    private int txPackets = 1024;
    private int txSegments = 64;
    private boolean promiscuous;
    private boolean vlanStrip;
    private boolean interrupts = true;
    private BadChecksums badChecksums = BadChecksums.DELIVER;
    private int queues = 1;
    private byte[] rssKey = DEFAULT_RSS_KEY;
    private int[] rssTable = {};
    private Duration interruptModeration = Duration.ZERO;
    private boolean largeReceive;
    private Set<String> withheldFeatures = Set.of();
    private Map<Offload, Force> forced = Map.of();

    private NicConfig() {
    }

    /** Makes a queue's pool. */
    @FunctionalInterface
    interface PoolFactory {
        BufferPool make(DmaDomain domain, int queue);
    }

    /**
     * An MTU of 1500, a split after the headers, 4096 receive buffers of 2048 bytes in huge pages, rings of 1024.
     *
     * @return the defaults
     */
    public static NicConfig defaults() {
        return new NicConfig();
    }

    /**
     * Sets the most bytes of a frame without Ethernet header and FCS.
     *
     * @param bytes within what the card can
     * @return a changed copy
     */
    public NicConfig mtu(final int bytes) {
        final NicConfig copy = copy();
        copy.mtu = bytes;
        return copy;
    }

    /**
     * Sets where received frames are split.
     *
     * @param split the place
     * @return a changed copy
     */
    public NicConfig headerSplit(final HeaderSplit split) {
        final NicConfig copy = copy();
        copy.headerSplit = Objects.requireNonNull(split);
        return copy;
    }

    /**
     * Sets the buffers that the card receives into.
     *
     * @param kind  what they are made of
     * @param bytes the size of each, one that the card has
     * @param count how many for each queue: those in its ring and those that the application keeps
     * @return a changed copy
     */
    public NicConfig rxBuffers(final MemoryKind kind, final int bytes, final int count) {
        return payloadPool(poolOf("receive", kind, bytes, count));
    }

    private NicConfig payloadPool(final PoolFactory factory) {
        final NicConfig copy = copy();
        copy.payloadPool = factory;
        return copy;
    }

    /**
     * Sets a pool of the application's own for the card to receive into. The NIC closes it with itself.
     *
     * @param factory makes a pool in the card's domain; asked once for each queue, since a pool belongs to one thread, and
     *                for buffers of one size
     * @return a changed copy
     */
    public NicConfig payloadPool(final Function<DmaDomain, BufferPool> factory) {
        Objects.requireNonNull(factory);
        return payloadPool((domain, queue) -> factory.apply(domain));
    }

    /**
     * Sets a pool for headers: payload then stays where the card put it, alone in its buffer, and the header lies in a
     * buffer of this pool, put there by the card or, where it cannot split, copied by software. The NIC closes the pool.
     *
     * @param factory makes a pool in the card's domain, asked once for each queue; null for none, which splits by view
     * @return a changed copy
     */
    public NicConfig headerPool(final Function<DmaDomain, BufferPool> factory) {
        final NicConfig copy = copy();
        copy.headerPool = factory == null ? null : (domain, queue) -> factory.apply(domain);
        return copy;
    }

    /**
     * Sets how many queues the card has to receive and as many to send, {@link Nic#rx} and {@link Nic#tx}. Each belongs to a
     * thread of its own and has its own rings and pools. The card chooses a frame's receive queue by its hash, so that a flow
     * stays on one, see {@link #rssTable}; what is no flow comes to queue 0.
     *
     * <p>Queues sleep apart ({@link RxQueue#await}) where the card has an interrupt vector for each (MSI-X); elsewhere, with
     * more than one, each naps and looks every millisecond.
     *
     * @param count 1, as by default, to as many as the card has
     * @return a changed copy
     */
    public NicConfig queues(final int count) {
        if (count < 1) {
            throw new IllegalArgumentException("a card needs at least one queue, asked for " + count);
        }
        final NicConfig copy = copy();
        copy.queues = count;
        return copy;
    }

    /**
     * Sets the length of the rings.
     *
     * @param receive  descriptors to receive, a multiple of 8
     * @param transmit descriptors to send, a multiple of 8
     * @return a changed copy
     */
    public NicConfig descriptors(final int receive, final int transmit) {
        final NicConfig copy = copy();
        copy.rxDescriptors = receive;
        copy.txDescriptors = transmit;
        return copy;
    }

    /**
     * Sets how many packets {@link TxQueue#packet()} can have under construction, and of how many segments.
     *
     * @param packets  packets not yet sent
     * @param segments segments of one packet
     * @return a changed copy
     */
    public NicConfig txPackets(final int packets, final int segments) {
        final NicConfig copy = copy();
        copy.txPackets = packets;
        copy.txSegments = segments;
        return copy;
    }

    /**
     * Sets whether the card takes in frames for other stations.
     *
     * @param on true for all frames
     * @return a changed copy
     */
    public NicConfig promiscuous(final boolean on) {
        final NicConfig copy = copy();
        copy.promiscuous = on;
        return copy;
    }

    /**
     * Sets whether VLAN tags are taken off received frames and told apart.
     *
     * @param on false leaves them in the frame
     * @return a changed copy
     */
    public NicConfig vlanStrip(final boolean on) {
        final NicConfig copy = copy();
        copy.vlanStrip = on;
        return copy;
    }

    /**
     * Sets what becomes of received frames with a wrong checksum. Other than to deliver them needs the receive checksums,
     * by the card or in software.
     *
     * @param policy what; delivered and marked by default
     * @return a changed copy
     */
    public NicConfig badChecksums(final BadChecksums policy) {
        final NicConfig copy = copy();
        copy.badChecksums = Objects.requireNonNull(policy);
        return copy;
    }

    /**
     * Sets whether {@link RxQueue#await} may sleep on the card's interrupt; without, it only naps.
     *
     * @param on false for a card that is polled only
     * @return a changed copy
     */
    public NicConfig interrupts(final boolean on) {
        final NicConfig copy = copy();
        copy.interrupts = on;
        return copy;
    }

    /**
     * Sets the key of the hash that a card with {@link Offload#RSS_HASH} tells of received frames, see {@link Packet#hash}.
     *
     * @param key as long as the card's, which is 40 bytes for Intel's; a key that repeats every 2 bytes gives both
     *            directions of a flow the same hash
     * @return a changed copy
     */
    public NicConfig rssKey(final byte... key) {
        final NicConfig copy = copy();
        copy.rssKey = key.clone();
        return copy;
    }

    /**
     * Sets which receive queue gets which frames: entry {@code i} of the table is the queue of frames whose hash, of which
     * the card takes the lowest bits, is {@code i}. A table that is shorter than the card's is repeated; Intel's have 128
     * entries.
     *
     * @param queueOfEntry a power of two of entries, at most 128, each a queue; none, as by default, spreads evenly over all
     * @return a changed copy
     */
    public NicConfig rssTable(final int... queueOfEntry) {
        final NicConfig copy = copy();
        copy.rssTable = queueOfEntry.clone();
        return copy;
    }

    /**
     * Sets the least time between two interrupts of a vector: more frames for a wake-up, and a later one.
     *
     * @param interval rounded to what the card has, 256 ns for Intel's; zero, as by default, for none
     * @return a changed copy
     */
    public NicConfig interruptModeration(final Duration interval) {
        if (interval.isNegative() || interval.compareTo(LONGEST_MODERATION) > 0) {
            throw new IllegalArgumentException("interrupts can be " + LONGEST_MODERATION.toMillis() + " ms apart at most, not "
                + interval);
        }
        final NicConfig copy = copy();
        copy.interruptModeration = interval;
        return copy;
    }

    /**
     * Sets whether a card that can may give several packets of a flow as one frame of up to 64 KiB, which comes in as many
     * buffers as it takes: a virtio card whose back end has such frames hands them on as they are.
     *
     * @param on false, as by default, for frames of the MTU only
     * @return a changed copy
     */
    public NicConfig largeReceive(final boolean on) {
        final NicConfig copy = copy();
        copy.largeReceive = on;
        return copy;
    }

    /**
     * Keeps the driver from using features of a card with which features are agreed on, as with virtio; else all are used
     * that the card offers and the driver knows. Other cards have none.
     *
     * @param names such as {@code RING_PACKED}, the specification's without prefix
     * @return a changed copy
     */
    public NicConfig withoutFeatures(final String... names) {
        final NicConfig copy = copy();
        copy.withheldFeatures = Set.of(names);
        return copy;
    }

    /**
     * Forces an offload.
     *
     * @param offload which
     * @param force   how
     * @return a changed copy
     */
    public NicConfig offload(final Offload offload, final Force force) {
        final NicConfig copy = copy();
        final Map<Offload, Force> all = new EnumMap<>(Offload.class);
        all.putAll(forced);
        all.put(offload, force);
        copy.forced = all;
        return copy;
    }

    int mtu() {
        return mtu;
    }

    HeaderSplit headerSplit() {
        return headerSplit;
    }

    int queues() {
        return queues;
    }

    PoolFactory payloadPool() {
        return payloadPool;
    }

    PoolFactory headerPool() {
        return headerPool;
    }

    int rxDescriptors() {
        return rxDescriptors;
    }

    int txDescriptors() {
        return txDescriptors;
    }

    int txPackets() {
        return txPackets;
    }

    int txSegments() {
        return txSegments;
    }

    boolean promiscuous() {
        return promiscuous;
    }

    boolean vlanStrip() {
        return vlanStrip;
    }

    byte[] rssKey() {
        return rssKey;
    }

    int[] rssTable() {
        return rssTable;
    }

    Duration interruptModeration() {
        return interruptModeration;
    }

    BadChecksums badChecksums() {
        return badChecksums;
    }

    boolean largeReceive() {
        return largeReceive;
    }

    Set<String> withheldFeatures() {
        return withheldFeatures;
    }

    boolean interrupts() {
        return interrupts;
    }

    Force force(final Offload offload) {
        return forced.getOrDefault(offload, Force.AUTO);
    }

    private static PoolFactory poolOf(final String name, final MemoryKind kind, final int bytes, final int count) {
        return (domain, queue) -> new BufferPool(QueueParts.poolName(name, queue), domain, kind, bytes, count);
    }

    private NicConfig copy() {
        try {
            return (NicConfig) clone();
        } catch (final CloneNotSupportedException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
