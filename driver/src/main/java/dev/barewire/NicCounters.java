package dev.barewire;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;

/**
 * What the driver counts, by name: Agrona counters, so that any thread may read them while the queues run. Each is
 * written by one thread: what a queue's thread counts is counted for each queue.
 */
public final class NicCounters {
    private static final int TYPE_ID = 0x4257;

    private final CountersManager manager;
    /** By name, then by queue; what is the card's has one. */
    private final AtomicCounter[][] counters = new AtomicCounter[Name.values().length][];

    /** What is counted. */
    public enum Name {
        /** Frames given to the application. */
        RX_FRAMES("rx.frames"),
        /** Bytes of those frames, without FCS. */
        RX_BYTES("rx.bytes"),
        /** Frames split after their headers. */
        RX_SPLIT_HEADER("rx.split-by-header"),
        /** Frames split after a fixed length. */
        RX_SPLIT_LENGTH("rx.split-by-length"),
        /** Frames not split: none asked for, not IP, or a header that the first buffer cannot hold. */
        RX_NOT_SPLIT("rx.not-split"),
        /** Frames given with a wrong IPv4 header checksum. */
        RX_BAD_IP_CHECKSUM("rx.bad-ip-checksum"),
        /** Frames given with a wrong TCP or UDP checksum. */
        RX_BAD_L4_CHECKSUM("rx.bad-l4-checksum"),
        /** Times that the receive ring could not be refilled because the pool was empty. */
        RX_POOL_EMPTY("rx.pool-empty"),
        /** Frames dropped: the card found them bad. */
        RX_DROP_ERROR("rx.drop.error"),
        /** Frames dropped: the card's descriptors of them made no sense. */
        RX_DROP_DESCRIPTOR("rx.drop.bad-descriptor"),
        /** Frames dropped: shorter than an Ethernet header. */
        RX_DROP_SHORT("rx.drop.too-short"),
        /** Frames dropped: longer than the MTU allows. */
        RX_DROP_LONG("rx.drop.too-long"),
        /** Frames dropped: the application holds every packet object. */
        RX_DROP_NO_PACKET("rx.drop.no-packet"),
        /** Frames dropped: the header pool is empty. */
        RX_DROP_NO_HEADER("rx.drop.no-header-buffer"),
        /** Frames dropped: a checksum was wrong, and {@link BadChecksums#WITHHOLD} asked for. */
        RX_DROP_CHECKSUM("rx.drop.bad-checksum"),
        /** Frames given with zeros for payload: a checksum was wrong, and {@link BadChecksums#SCRUB} asked for. */
        RX_SCRUBBED("rx.scrubbed"),
        /** Receive descriptors that the card was done with before an earlier one: it left one out, or did one twice. */
        RX_FAULT_ORDER("rx.fault.out-of-order"),
        /** Frames handed to the card. */
        TX_FRAMES("tx.frames"),
        /** Bytes of those frames, without FCS. */
        TX_BYTES("tx.bytes"),
        /** Frames that the card has sent and whose buffers were given back. */
        TX_COMPLETED("tx.completed"),
        /** Times that the ring was full, so that a burst was cut short. */
        TX_RING_FULL("tx.ring-full"),
        /** Frames dropped: longer than the MTU allows. */
        TX_DROP_LONG("tx.drop.too-long"),
        /** Frames dropped: no byte in them, or headers that an offload cannot read. */
        TX_DROP_MALFORMED("tx.drop.malformed"),
        /** Frames dropped: an offload that they ask for is absent. */
        TX_DROP_UNSUPPORTED("tx.drop.unsupported"),
        /** Frames dropped: in memory of another domain, which neither the card nor the CPU can read. */
        TX_DROP_UNREACHABLE("tx.drop.unreachable"),
        /** Times that the card has sent nothing for a second although the ring is full and the link is up. */
        TX_FAULT_STALLED("tx.fault.stalled"),
        /** Transmit descriptors that the card was done with before an earlier one: it left one out, or did one twice. */
        TX_FAULT_ORDER("tx.fault.out-of-order"),
        /** Reports of the card that it could not send: too many collisions, or a late one. */
        TX_FAULT_COLLISION("tx.fault.collision"),
        /** Frames cut into segments in software. */
        TX_SEGMENTED("tx.segmented-in-software"),
        /** Frames gathered into fewer buffers because the card cannot take so many. */
        TX_LINEARISED("tx.linearised"),
        /** Wake-ups by an interrupt or by another thread. */
        WAKEUPS("wakeups"),
        /** Interrupts for which the card had no cause. */
        INTERRUPTS_SPURIOUS("interrupts.spurious"),
        /** Times that the card interrupted on and on with nothing received, so that its interrupts were slowed down. */
        INTERRUPT_STORMS("interrupts.storms"),
        /** Statistics registers of the card that had reached their end when they were read, so that it lost count. */
        STATISTICS_SATURATED("statistics.saturated"),
        /** Frames dropped: they were with a card that had to be reset. */
        TX_DROP_RESET("tx.drop.card-reset"),
        /** Times that the card said it cannot go on and was reset, set up as before and given new rings. */
        CARD_RECOVERIES("card.recoveries"),
        /** The card is not on the bus any more: 1 from then on. */
        DEVICE_LOST("device.lost"),
        /** Changes of the link's state that were seen. */
        LINK_CHANGES("link-changes");

        private final String label;

        Name(final String label) {
            this.label = label;
        }

        /**
         * The name in reports.
         *
         * @return such as {@code rx.drop.error}; all drops have {@code .drop.} in them
         */
        public String label() {
            return label;
        }

        /**
         * Whether each queue counts for itself.
         *
         * @return false for what there is one of for the whole card
         */
        public boolean isPerQueue() {
            return switch (this) {
                case STATISTICS_SATURATED, CARD_RECOVERIES, DEVICE_LOST, LINK_CHANGES -> false;
                default -> true;
            };
        }

        /**
         * Whether it counts lost frames.
         *
         * @return true for drops
         */
        public boolean isDrop() {
            return label.contains(".drop.");
        }
    }

    NicCounters(final String device, final int queues) {
        final int count = Name.values().length * queues;
        manager = new CountersManager(
            new UnsafeBuffer(ByteBuffer.allocateDirect(2 * count * CountersManager.METADATA_LENGTH)),
            new UnsafeBuffer(ByteBuffer.allocateDirect(2 * count * CountersManager.COUNTER_LENGTH)));
        for (final Name name : Name.values()) {
            counters[name.ordinal()] = new AtomicCounter[name.isPerQueue() ? queues : 1];
            for (int queue = 0; queue < counters[name.ordinal()].length; queue++) {
                final String label = device + " " + name.label() + (name.isPerQueue() && queues > 1 ? " queue " + queue : "");
                counters[name.ordinal()][queue] = manager.newCounter(label, TYPE_ID);
            }
        }
    }

    /**
     * A counter's value, all queues together.
     *
     * @param name which
     * @return the count since the card was opened
     */
    public long get(final Name name) {
        long sum = 0;
        for (final AtomicCounter counter : counters[name.ordinal()]) {
            sum += counter.get();
        }
        return sum;
    }

    /**
     * What one queue has counted.
     *
     * @param name  which; one that {@link Name#isPerQueue() each queue} has
     * @param queue from 0
     * @return the count since the card was opened
     */
    public long get(final Name name, final int queue) {
        return counter(name, queue).get();
    }

    /**
     * Visits all counters.
     *
     * @param visitor is given each name and value, all queues together
     */
    public void forEach(final BiConsumer<Name, Long> visitor) {
        for (final Name name : Name.values()) {
            visitor.accept(name, get(name));
        }
    }

    /**
     * The frames that were dropped.
     *
     * @return reason to count, for those above 0
     */
    public Map<String, Long> drops() {
        final Map<String, Long> drops = new LinkedHashMap<>();
        forEach((name, value) -> {
            if (name.isDrop() && value > 0) {
                drops.put(name.label(), value);
            }
        });
        return drops;
    }

    /**
     * The counters as Agrona has them, for an application's own monitoring.
     *
     * @return the manager
     */
    public CountersManager manager() {
        return manager;
    }

    /** The whole card's counter. */
    AtomicCounter counter(final Name name) {
        if (name.isPerQueue()) {
            throw new IllegalArgumentException(name + " is counted by each queue");
        }
        return counters[name.ordinal()][0];
    }

    /** A queue's own counter, which its thread writes. */
    AtomicCounter counter(final Name name, final int queue) {
        if (!name.isPerQueue()) {
            throw new IllegalArgumentException(name + " is counted for the whole card");
        }
        return counters[name.ordinal()][queue];
    }
}
