package dev.barewire.testkit.wrap;

import dev.barewire.dma.CopyLedger;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.card.Card;
import dev.barewire.rings.RxRing;
import dev.barewire.rings.TxRing;
import dev.barewire.testkit.wire.Wired;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Loses, doubles, reorders, spoils and delays frames between the queues and a card, as a {@link FaultPlan} says. Buffers
 * are never lost, and what was sent is told once, in order, whatever became of it.
 *
 * <p>Received frames are doubled into buffers of the queue's own, and spoiled where they lie. Frames to send are doubled
 * from where they lie; they are spoiled in a copy, with all checksums filled in before. A fault that cannot be (no buffer
 * for a second frame, 256 frames kept back already, a frame to spoil that the card shall cut) leaves the frame sound and is
 * counted as skipped. Frames that are kept from being sent go when their time has come and the queue pair is next polled,
 * sent to or reclaimed.
 *
 * <p>By name: {@code fault:loss=0.01&seed=7:DEVICE}, see {@link FaultProvider}.
 */
public class FaultDevice extends WrappedDevice {
    private final FaultPlan plan;
    private final LongSupplier clock;
    private final FaultCounts received = new FaultCounts("rx");
    private final FaultCounts sent = new FaultCounts("tx");
    private FaultRxRing rxRing;
    private FaultTxRing txRing;

    private FaultDevice(final DeviceAccess inner, final FaultPlan plan, final LongSupplier clock) {
        super(inner, "fault:" + plan);
        this.plan = plan;
        this.clock = clock;
    }

    /** One around a device whose cable this process holds. */
    private static final class Cabled extends FaultDevice implements OfWired {
        Cabled(final DeviceAccess inner, final FaultPlan plan, final LongSupplier clock) {
            super(inner, plan, clock);
        }
    }

    /**
     * Wraps a device.
     *
     * @param inner the device; it is this one's from now on
     * @param plan  what befalls its frames
     * @return the faulty device, which is a {@link Wired} if the inner one is
     */
    public static FaultDevice of(final DeviceAccess inner, final FaultPlan plan) {
        return of(inner, plan, System::nanoTime);
    }

    static FaultDevice of(final DeviceAccess inner, final FaultPlan plan, final LongSupplier clock) {
        return inner instanceof Wired ? new Cabled(inner, plan, clock) : new FaultDevice(inner, plan, clock);
    }

    /**
     * How often each fault befell a frame: {@code fault.rx.lost}, {@code fault.tx.reordered} and so on, and
     * {@code fault.rx.skipped}, {@code fault.tx.skipped}. They are among the card's statistics as well.
     *
     * @return name to count, in order
     */
    public Map<String, Long> counts() {
        final Map<String, Long> counts = new LinkedHashMap<>();
        received.addTo(counts);
        sent.addTo(counts);
        return counts;
    }

    @Override
    Card wrap(final Card card, final CopyLedger ledger) {
        return new FaultyCard(card, ledger);
    }

    /** The seed of a queue's direction. */
    private long seed(final int queue, final int direction) {
        return plan.seed() * 31 + 2L * queue + direction;
    }

    @Override
    Map<String, String> ownFacts() {
        return Map.of("faults", plan.toString());
    }

    @Override
    public InterruptSource interrupts() {
        return new ImpatientInterrupts(super.interrupts(),
            () -> rxRing != null && rxRing.isWaiting() || txRing != null && txRing.isHolding());
    }

    /** A card whose rings have faults, where the plan has any. */
    private final class FaultyCard extends WrappedCard {
        private final Card card;
        private final CopyLedger ledger;
        private FrameSpoiler spoiler;

        FaultyCard(final Card card, final CopyLedger ledger) {
            super(card);
            this.card = card;
            this.ledger = ledger;
        }

        @Override
        RxRing wrap(final RxRing inner, final int queue) {
            final Faults faults = new Faults(seed(queue, 0), plan.rx(), plan.maxDelay(), received, clock);
            rxRing = new FaultRxRing(card, queue, inner, faults,
                ledger.site("fault.duplicate", "a received frame comes twice"), () -> {
                    if (txRing != null) {
                        txRing.pump();
                    }
                });
            return rxRing;
        }

        @Override
        TxRing wrap(final TxRing inner, final int queue) {
            if (plan.tx().getOrDefault(Fault.CORRUPT, 0.0) > 0 && spoiler == null) {
                spoiler = new FrameSpoiler(domain(), ledger);
            }
            final Faults faults = new Faults(seed(queue, 1), plan.tx(), plan.maxDelay(), sent, clock);
            txRing = new FaultTxRing(card, queue, inner, faults, spoiler);
            return txRing;
        }

        @Override
        Map<String, Long> counts() {
            return FaultDevice.this.counts();
        }

        @Override
        public void close() {
            try {
                super.close();
            } finally {
                if (spoiler != null) {
                    spoiler.close();
                }
            }
        }
    }
}
