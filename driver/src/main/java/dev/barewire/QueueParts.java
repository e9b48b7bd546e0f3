package dev.barewire;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.DmaDomain;
import dev.barewire.dma.MemoryKind;
import dev.barewire.fallback.Lineariser;
import dev.barewire.profiles.Offload;
import java.util.ArrayList;
import java.util.List;

/**
 * What a queue pair has for itself: pools to receive into, which belong to the thread that polls, and pools to send from,
 * which belong to the thread that sends.
 */
final class QueueParts {
    /** The longest headers that software writes: Ethernet, two tags, IPv6 with extensions, TCP with options. */
    private static final int SCRATCH_BYTES = 256;
    /** As many segments as 64 KiB with an MSS of 128 bytes give. */
    private static final int SCRATCH_SEGMENTS = 512;
    private static final int LINEAR_BYTES = 16384;
    private static final int LINEAR_BUFFERS = 64;

    private final int queue;
    private final DmaDomain domain;
    private final List<BufferPool> pools = new ArrayList<>();
    private BufferPool payload;
    private BufferPool headers;
    private BufferPool scratch;
    private BufferPool linear;
    private Buffer padding;

    QueueParts(final int queue, final DmaDomain domain) {
        this.queue = queue;
        this.domain = domain;
    }

    /** Makes the pools that the configuration gives; queue 0's are what the others' must be like. */
    void makeGivenPools(final NicConfig config, final QueueParts first) {
        payload = add(config.payloadPool().make(domain, queue));
        if (config.headerPool() != null) {
            headers = add(config.headerPool().make(domain, queue));
        }
        if (first != this) {
            checkLike("payload", payload, first.payload);
            checkLike("header", headers, first.headers);
        }
    }

    /** A card knows one size of buffer for all its queues, and a pool belongs to one thread. */
    private void checkLike(final String what, final BufferPool mine, final BufferPool first) {
        if (mine != null && mine == first) {
            pools.remove(mine);
            throw new SetupException("NicConfig." + what + "Pool gives queue " + queue + " the pool " + mine.name()
                + ", which queue 0 has already, but a pool belongs to one queue's thread",
                "make a new pool at each call: the function is asked once for each queue");
        }
        if (mine != null && mine.bufferSize() != first.bufferSize()) {
            throw new SetupException("NicConfig." + what + "Pool gives queue " + queue + " buffers of " + mine.bufferSize()
                + " bytes and queue 0 buffers of " + first.bufferSize(), "make them of one size for all queues");
        }
    }

    /** Makes the pools that the offload plan needs. */
    void makeOwnPools(final NicConfig config, final OffloadPlan plan) {
        if (headers == null && plan.hardware(Offload.HEADER_SPLIT)) {
            headers = add("receive headers", CardSplit.HEADER_BYTES, payload.count());
        }
        scratch = add("transmit headers", SCRATCH_BYTES,
            Math.max(SCRATCH_SEGMENTS, config.txDescriptors()) + TxPrepare.RESERVED_SCRATCH);
        linear = add("transmit gathering", LINEAR_BYTES, LINEAR_BUFFERS);
        padding = scratch.take();
        scratch.handOver();
    }

    private BufferPool add(final String name, final int bytes, final int count) {
        return add(new BufferPool(poolName(name, queue), domain, MemoryKind.ANONYMOUS, bytes, count));
    }

    private BufferPool add(final BufferPool pool) {
        pools.add(pool);
        return pool;
    }

    /** What a queue's pool is called. */
    static String poolName(final String name, final int queue) {
        return queue == 0 ? name : name + " of queue " + queue;
    }

    RxQueue receiveQueue(final Nic nic, final NicParts shared, final NicConfig config) {
        final RxFinish finish = new RxFinish(
            shared.plan, config, payload, headers, shared.ledger, shared.counters, queue);
        return new RxQueue(nic, shared.card, queue, payload, shared.plan.hardware(Offload.HEADER_SPLIT) ? headers : null,
            finish, shared.interrupts, shared.rxMaxFrame, shared.rxSegments);
    }

    TxQueue transmitQueue(final Nic nic, final NicParts shared, final TxPrepare.Quirks quirks, final TxQueue.TxLimits limits) {
        final TxPrepare prepare = new TxPrepare(shared.plan, shared.card.txRing(queue), limits.maxFrame(), quirks, scratch,
            shared.ledger, shared.counters, queue);
        return new TxQueue(nic, shared.card, queue, prepare, new Lineariser(linear, shared.ledger), padding, limits);
    }

    /** What the card receives into. */
    BufferPool payload() {
        return payload;
    }

    /** Where headers are put apart; null if nowhere. */
    BufferPool headers() {
        return headers;
    }

    /** How many buffers are not in their pools, but for the one that pads short frames. */
    int buffersOut() {
        return pools.stream().mapToInt(BufferPool::outstanding).sum() - (padding == null ? 0 : 1);
    }

    /** Closes the pools, the last one first, and notes what could not be freed in order. */
    void close(final List<RuntimeException> problems) {
        if (padding != null) {
            padding.release();
            padding = null;
        }
        pools.reversed().forEach(pool -> NicParts.attempt(problems, pool::close));
        pools.clear();
    }
}
