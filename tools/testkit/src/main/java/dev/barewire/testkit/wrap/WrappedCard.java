package dev.barewire.testkit.wrap;

import dev.barewire.LinkState;
import dev.barewire.MacAddress;
import dev.barewire.driver.card.Card;
import dev.barewire.rings.RxRing;
import dev.barewire.rings.TxRing;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** A card that passes everything through to the one that it wraps, but for its rings. */
abstract class WrappedCard implements Card {
    private final Card inner;
    private final Map<Integer, RxRing> rxRings = new HashMap<>();
    private final Map<Integer, TxRing> txRings = new HashMap<>();

    WrappedCard(final Card inner) {
        this.inner = inner;
    }

    /** Wraps a receive queue's ring; the ring itself if there is nothing to do. */
    RxRing wrap(final RxRing ring, final int queue) {
        return ring;
    }

    /** Wraps a transmit queue's ring; the ring itself if there is nothing to do. */
    TxRing wrap(final TxRing ring, final int queue) {
        return ring;
    }

    /** What this wrapping has counted, by name. */
    abstract Map<String, Long> counts();

    @Override
    public final synchronized RxRing rxRing(final int queue) {
        return rxRings.computeIfAbsent(queue, fresh -> wrap(inner.rxRing(queue), queue));
    }

    @Override
    public final synchronized TxRing txRing(final int queue) {
        return txRings.computeIfAbsent(queue, fresh -> wrap(inner.txRing(queue), queue));
    }

    @Override
    public final Map<String, Long> statistics() {
        final Map<String, Long> statistics = new LinkedHashMap<>(inner.statistics());
        statistics.putAll(counts());
        return statistics;
    }

    @Override
    public final MacAddress mac() {
        return inner.mac();
    }

    @Override
    public final void rxDoorbell(final int queue, final int tail) {
        inner.rxDoorbell(queue, tail);
    }

    @Override
    public final void txDoorbell(final int queue, final int tail) {
        inner.txDoorbell(queue, tail);
    }

    @Override
    public final void start() {
        inner.start();
    }

    @Override
    public final void stop() {
        inner.stop();
    }

    @Override
    public final LinkState link() {
        return inner.link();
    }

    @Override
    public final void enableInterrupt(final int queue) {
        inner.enableInterrupt(queue);
    }

    @Override
    public final boolean disableInterrupt(final int queue) {
        return inner.disableInterrupt(queue);
    }

    @Override
    public final boolean hadCause(final int queue) {
        return inner.hadCause(queue);
    }

    @Override
    public final boolean isLost() {
        return inner.isLost();
    }

    @Override
    public final boolean needsReset() {
        return inner.needsReset();
    }

    @Override
    public final void recover() {
        inner.recover();
    }

    @Override
    public final synchronized RxRing switchRxRing(final int queue) {
        final RxRing ring = wrap(inner.switchRxRing(queue), queue);
        rxRings.put(queue, ring);
        return ring;
    }

    @Override
    public final synchronized TxRing switchTxRing(final int queue) {
        final TxRing ring = wrap(inner.switchTxRing(queue), queue);
        txRings.put(queue, ring);
        return ring;
    }

    @Override
    public final long saturations() {
        return inner.saturations();
    }

    @Override
    public final int vector(final int queue) {
        return inner.vector(queue);
    }

    @Override
    public final void promiscuous(final boolean on) {
        inner.promiscuous(on);
    }

    @Override
    public final void allMulticast(final boolean on) {
        inner.allMulticast(on);
    }

    @Override
    public final void multicast(final Collection<MacAddress> groups) {
        inner.multicast(groups);
    }

    @Override
    public final void vlans(final Collection<Integer> ids) {
        inner.vlans(ids);
    }

    @Override
    public final void collectStatistics() {
        inner.collectStatistics();
    }

    @Override
    public final Map<String, Integer> registers() {
        return inner.registers();
    }

    @Override
    public void close() {
        inner.close();
    }
}
