package dev.barewire;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;

/**
 * What the driver counts, by name: Agrona counters, so that any thread may read them while the queues run. Each is
 * written by one thread.
 */
public final class NicCounters {
    private static final int TYPE_ID = 0x4257;

    private final CountersManager manager;
    private final Map<Name, AtomicCounter> counters = new EnumMap<>(Name.class);

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
         * Whether it counts lost frames.
         *
         * @return true for drops
         */
        public boolean isDrop() {
            return label.contains(".drop.");
        }
    }

    NicCounters(final String device) {
        final int count = Name.values().length;
        manager = new CountersManager(
            new UnsafeBuffer(ByteBuffer.allocateDirect(2 * count * CountersManager.METADATA_LENGTH)),
            new UnsafeBuffer(ByteBuffer.allocateDirect(2 * count * CountersManager.COUNTER_LENGTH)));
        for (final Name name : Name.values()) {
            counters.put(name, manager.newCounter(device + " " + name.label(), TYPE_ID));
        }
    }

    /**
     * A counter's value.
     *
     * @param name which
     * @return the count since the card was opened
     */
    public long get(final Name name) {
        return counters.get(name).get();
    }

    /**
     * Visits all counters.
     *
     * @param visitor is given each name and value
     */
    public void forEach(final BiConsumer<Name, Long> visitor) {
        counters.forEach((name, counter) -> visitor.accept(name, counter.get()));
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

    AtomicCounter counter(final Name name) {
        return counters.get(name);
    }
}
