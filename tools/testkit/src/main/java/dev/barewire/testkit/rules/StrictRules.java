package dev.barewire.testkit.rules;

import dev.barewire.testkit.model.CardObserver;
import dev.barewire.testkit.model.ModelDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;

/**
 * Watches a driver keep its card's rules. As {@link CardObserver} it hears what a model tells; where only registers can be
 * seen the calls for descriptors and frames never come, and their rules are silent.
 */
public final class StrictRules implements CardObserver {
    private final Breaches breaches;
    private final CardState card;
    private final AccessCheck access;
    /** An array, over which one can go for every register access without an iterator. */
    private final RegisterCheck[] checks;
    private final TailCheck[] receiveTails;
    private final TailCheck[] transmitTails;
    private final ReceiveCheck[] receives;
    private final TransmitCheck[] transmits;
    private final OffloadCheck[] offloads;

    StrictRules(final Generation generation, final Breaches breaches, final DmaReader driver, final DmaReader engine,
        final LongSupplier clock) {
        this.breaches = breaches;
        card = new CardState(generation);
        access = new AccessCheck(card, breaches);
        final int queues = card.queues();
        receiveTails = new TailCheck[queues];
        transmitTails = new TailCheck[queues];
        receives = new ReceiveCheck[queues];
        transmits = new TransmitCheck[queues];
        offloads = new OffloadCheck[queues];
        final List<RegisterCheck> all = new ArrayList<>();
        for (int i = 0; i < queues; i++) {
            all.addAll(watchQueue(i, driver, engine));
        }
        all.addAll(List.of(
            new ResetCheck(card, breaches, clock),
            new LinkCheck(card, breaches),
            new NvmCheck(card, breaches),
            new FilterCheck(card, breaches),
            new InterruptCheck(card, breaches),
            new StatisticsCheck(card, breaches)));
        if (card.isSince(Generation.THE_82574)) {
            all.addAll(List.of(
                new OwnershipCheck(card, breaches, clock),
                new ReceiveFormatCheck(card, breaches)));
        }
        if (generation == Generation.THE_82574) {
            all.add(new MessageCheck(card, breaches));
        }
        checks = all.toArray(RegisterCheck[]::new);
    }

    private List<RegisterCheck> watchQueue(final int queue, final DmaReader driver, final DmaReader engine) {
        final RingRegisters in = card.receiveRing(queue);
        final RingRegisters out = card.transmitRing(queue);
        receiveTails[queue] = new ReceiveTailCheck(card, breaches, in, driver);
        transmitTails[queue] = new TransmitTailCheck(card, breaches, out, driver);
        receives[queue] = new ReceiveCheck(card, breaches, in, driver, engine);
        transmits[queue] = new TransmitCheck(card, breaches, out, engine);
        offloads[queue] = new OffloadCheck(card, breaches);
        return List.of(receiveTails[queue], transmitTails[queue], receives[queue], transmits[queue], offloads[queue],
            new RingSetupCheck(card, breaches, in, driver), new RingSetupCheck(card, breaches, out, driver));
    }

    /**
     * The rules for an 82540EM whose memory can be seen.
     *
     * @param breaches where breaches are recorded
     * @param driver   looks at memory on the threads that touch registers
     * @param engine   looks at memory on the card's thread
     * @return who watches, from the card's power-on
     */
    public static StrictRules intel8254x(final Breaches breaches, final DmaReader driver, final DmaReader engine) {
        return new StrictRules(Generation.THE_8254X, breaches, driver, engine, System::nanoTime);
    }

    /**
     * The rules for an 82540EM of which only registers can be seen.
     *
     * @param breaches where breaches are recorded
     * @return who watches, from before the driver touches the card
     */
    public static StrictRules intel8254x(final Breaches breaches) {
        return new StrictRules(Generation.THE_8254X, breaches, null, null, System::nanoTime);
    }

    /**
     * The rules for an 82574L whose memory can be seen.
     *
     * @param breaches where breaches are recorded
     * @param driver   looks at memory on the threads that touch registers
     * @param engine   looks at memory on the card's thread
     * @return who watches, from the card's power-on
     */
    public static StrictRules intel82574(final Breaches breaches, final DmaReader driver, final DmaReader engine) {
        return new StrictRules(Generation.THE_82574, breaches, driver, engine, System::nanoTime);
    }

    /**
     * The rules for an 82574L of which only registers can be seen.
     *
     * @param breaches where breaches are recorded
     * @return who watches, from before the driver touches the card
     */
    public static StrictRules intel82574(final Breaches breaches) {
        return new StrictRules(Generation.THE_82574, breaches, null, null, System::nanoTime);
    }

    /**
     * The rules for an 82576, or a successor, whose memory can be seen: those that it has in common with the cards before it.
     *
     * @param breaches where breaches are recorded
     * @param driver   looks at memory on the threads that touch registers
     * @param engine   looks at memory on the card's thread
     * @return who watches, from the card's power-on
     */
    public static StrictRules intel82576(final Breaches breaches, final DmaReader driver, final DmaReader engine) {
        return new StrictRules(Generation.THE_82576, breaches, driver, engine, System::nanoTime);
    }

    /**
     * What was seen of the driver of a model.
     *
     * @param device a model with {@code rules=strict}
     * @return its record, which goes on
     * @throws IllegalArgumentException if nobody watches it
     */
    public static Breaches of(final ModelDevice device) {
        if (device.observer() instanceof StrictRules rules) {
            return rules.breaches();
        }
        throw new IllegalArgumentException("nobody watches the driver of " + device.name()
            + ": open it with rules=strict, and with a card whose rules are known");
    }

    /**
     * What was seen.
     *
     * @return the record, which goes on
     */
    public Breaches breaches() {
        return breaches;
    }

    @Override
    public void onConfigWrite(final int offset, final int width, final int value) {
        card.configWritten(offset, value);
    }

    @Override
    public void onRead(final int offset, final int value) {
        access.onRead(offset, value);
        for (final RegisterCheck check : checks) {
            check.onRead(offset, value);
        }
    }

    @Override
    public void onWrite(final int offset, final int value) {
        access.onWrite(offset, value);
        if (CardState.isRegister(offset)) {
            for (final RegisterCheck check : checks) {
                check.onWrite(offset, value);
            }
            card.written(offset, value);
        }
    }

    @Override
    public void onReceiveFetch(final int queue, final int index, final long first, final long second) {
        receiveTails[queue].fetched(index, first, second);
        receives[queue].fetched(index, first);
    }

    @Override
    public void onReceiveDone(final int queue, final int index) {
        receiveTails[queue].done(1);
    }

    @Override
    public void onTransmitFetch(final int queue, final int index, final long first, final long second) {
        transmitTails[queue].fetched(index, first, second);
        transmits[queue].fetched(index, first, second);
        offloads[queue].fetched(index, first, second);
    }

    @Override
    public void onTransmitFrame(final int queue, final DirectBuffer frame, final int length) {
        offloads[queue].gathered(frame, length);
    }

    @Override
    public void onTransmitDone(final int queue, final int index) {
        transmitTails[queue].done(transmits[queue].done(index));
    }
}
