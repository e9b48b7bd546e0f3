package dev.barewire.driver.virtio;

import dev.barewire.SetupException;
import dev.barewire.dma.DmaDomain;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.Region;
import dev.barewire.driver.card.CardSettings;
import dev.barewire.rings.virtio.ControlQueue;
import dev.barewire.rings.virtio.NetFormat;
import dev.barewire.rings.virtio.VirtioRxRing;
import dev.barewire.rings.virtio.VirtioTxRing;
import dev.barewire.rings.virtio.VirtqueueFormat;
import java.util.concurrent.TimeUnit;

/**
 * A device's queues from one reset to the next: memory, rings, doorbells. Receive queue i is virtqueue 2i, transmit queue i is
 * virtqueue 2i + 1, and the control queue comes behind all that the device has (section 5.1.2).
 */
final class VirtioRings {
    private static final int CONTROL_SIZE = 64;
    private static final long CONTROL_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int ALIGNMENT = 64;

    final VirtioRxRing[] rx;
    final VirtioTxRing[] tx;
    /** Null if the device has none. */
    final ControlQueue control;
    final VirtioNotifier[] rxBells;
    final VirtioNotifier[] txBells;
    private final Region region;
    private final VirtqueueFormat rxFormat;
    private final VirtqueueFormat txFormat;
    private final VirtqueueFormat controlFormat;
    private final int controlQueue;
    private VirtioNotifier controlBell;

    /**
     * Lays queues out for a device whose features are settled.
     *
     * @param pairs how many queue pairs the device has
     * @throws SetupException if the device has no such queues
     */
    VirtioRings(final VirtioTransport transport, final DmaDomain domain, final CardSettings settings, final int pairs) {
        final VirtioFeatures features = transport.accepted();
        final int queues = settings.queues();
        rx = new VirtioRxRing[queues];
        tx = new VirtioTxRing[queues];
        rxBells = new VirtioNotifier[queues];
        txBells = new VirtioNotifier[queues];
        rxFormat = format(transport, 0, settings.rxDescriptors());
        txFormat = format(transport, 1, settings.txDescriptors());
        final boolean many = features.has(VirtioFeature.MQ) || features.has(VirtioFeature.RSS);
        controlQueue = many ? 2 * pairs : 2;
        controlFormat = features.has(VirtioFeature.CTRL_VQ) ? format(transport, controlQueue, CONTROL_SIZE) : null;
        for (int queue = 1; queue < queues; queue++) {
            checkSize(transport, 2 * queue, rxFormat);
            checkSize(transport, 2 * queue + 1, txFormat);
        }
        final NetFormat net = netFormat(features);
        final int chain = chain(settings, net);
        if (chain + (settings.split().on() ? 1 : 0) > rxFormat.size()) {
            throw new SetupException("a frame may take " + chain + " receive buffers, and the device's queue has "
                + rxFormat.size() + " descriptors", "give it larger receive buffers or a smaller MTU");
        }
        final int rxBytes = align(VirtioRxRing.bytesFor(rxFormat));
        final int txBytes = align(VirtioTxRing.bytesFor(txFormat));
        final long bytes = (long) queues * (rxBytes + txBytes)
            + (controlFormat == null ? 0 : ControlQueue.bytesFor(controlFormat));
        region = domain.allocate(MemoryKind.ANONYMOUS, bytes);
        long at = 0;
        for (int queue = 0; queue < queues; queue++, at += rxBytes + txBytes) {
            rx[queue] = new VirtioRxRing(
                region, at, rxFormat, net, settings.split().headerSize(), settings.rxBufferSize(), chain);
            tx[queue] = new VirtioTxRing(region, at + rxBytes, txFormat, net);
        }
        control = controlFormat == null ? null
            : new ControlQueue(region, at, controlFormat, data -> controlBell.ring(data), CONTROL_NANOS);
    }

    private static int align(final int bytes) {
        return bytes + ALIGNMENT - 1 & -ALIGNMENT;
    }

    /** As many descriptors as are wanted, or as the device has if that is less. */
    private static VirtqueueFormat format(final VirtioTransport transport, final int queue, final int wanted) {
        final VirtioFeatures features = transport.accepted();
        final boolean packed = features.has(VirtioFeature.RING_PACKED);
        final int most = Math.min(transport.queueSize(queue), VirtqueueFormat.MAX_SIZE);
        if (most == 0) {
            throw new SetupException("the device has no queue " + queue, "restart what provides the device");
        }
        final int size = Math.min(most, wanted);
        return new VirtqueueFormat(packed, packed ? size : Integer.highestOneBit(size),
            features.has(VirtioFeature.INDIRECT_DESC), features.has(VirtioFeature.EVENT_IDX),
            features.has(VirtioFeature.IN_ORDER));
    }

    private static void checkSize(final VirtioTransport transport, final int queue, final VirtqueueFormat like) {
        if (transport.queueSize(queue) < like.size()) {
            throw new SetupException("queue " + queue + " of the device has " + transport.queueSize(queue)
                + " descriptors, less than the first of its kind", "ask for shorter rings by NicConfig.descriptors");
        }
    }

    /** How many receive buffers a frame may take where it cannot go on in the next chain. */
    private static int chain(final CardSettings settings, final NetFormat net) {
        if (net.mergeable()) {
            return 1;
        }
        final int frame = settings.split().on() ? settings.maxFrame() - settings.split().headerSize()
            : settings.maxFrame() + net.headerBytes();
        return Math.max(1, (frame + settings.rxBufferSize() - 1) / settings.rxBufferSize());
    }

    private static NetFormat netFormat(final VirtioFeatures features) {
        return new NetFormat(features.has(VirtioFeature.HASH_REPORT), features.has(VirtioFeature.MRG_RXBUF),
            features.has(VirtioFeature.CSUM), features.has(VirtioFeature.HOST_TSO4), features.has(VirtioFeature.HOST_TSO6),
            features.has(VirtioFeature.HOST_ECN), features.has(VirtioFeature.HOST_USO));
    }

    /**
     * Gives the queues to the device.
     *
     * @param withVectors whether receive queue i signals on vector i; the others are looked at
     */
    void enable(final VirtioTransport transport, final boolean withVectors) {
        for (int queue = 0; queue < rx.length; queue++) {
            rxBells[queue] = transport.enableQueue(
                2 * queue, rxFormat.size(), rx[queue].areas(), withVectors ? queue : VirtioTransport.NO_VECTOR);
            txBells[queue] = transport.enableQueue(
                2 * queue + 1, txFormat.size(), tx[queue].areas(), VirtioTransport.NO_VECTOR);
        }
        if (control != null) {
            controlBell = transport.enableQueue(
                controlQueue, controlFormat.size(), control.areas(), VirtioTransport.NO_VECTOR);
        }
    }

    /** Where the first queues are, for reports. */
    long rxIova() {
        return rx[0].areas().descriptor();
    }

    void close() {
        region.close();
    }
}
