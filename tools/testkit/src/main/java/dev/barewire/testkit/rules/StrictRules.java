package dev.barewire.testkit.rules;

import dev.barewire.testkit.model.CardObserver;
import dev.barewire.testkit.model.ModelDevice;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;

/**
 * Watches a driver keep its card's rules. As {@link CardObserver} it hears what a model tells; where only registers can be
 * seen the calls for descriptors and frames never come, and their rules are silent.
 */
public final class StrictRules implements CardObserver {
    private final Breaches breaches;
    private final CardState card = new CardState();
    private final AccessCheck access;
    private final RegisterCheck[] checks;
    private final TailCheck receiveTail;
    private final TailCheck transmitTail;
    private final ReceiveCheck receive;
    private final TransmitCheck transmit;
    private final OffloadCheck offload;

    StrictRules(final Breaches breaches, final DmaReader driver, final DmaReader engine, final LongSupplier clock) {
        this.breaches = breaches;
        access = new AccessCheck(card, breaches);
        receiveTail = new ReceiveTailCheck(card, breaches, driver);
        transmitTail = new TransmitTailCheck(card, breaches, driver);
        receive = new ReceiveCheck(card, breaches, driver, engine);
        transmit = new TransmitCheck(card, breaches, engine);
        offload = new OffloadCheck(card, breaches);
        checks = new RegisterCheck[] {
            receiveTail, transmitTail, receive, transmit, offload,
            new RingSetupCheck(card, breaches, RingRegisters.RECEIVE, driver),
            new RingSetupCheck(card, breaches, RingRegisters.TRANSMIT, driver),
            new ResetCheck(card, breaches, clock),
            new LinkCheck(card, breaches),
            new NvmCheck(card, breaches),
            new FilterCheck(card, breaches),
            new InterruptCheck(card, breaches),
            new StatisticsCheck(card, breaches)};
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
        return new StrictRules(breaches, driver, engine, System::nanoTime);
    }

    /**
     * The rules for an 82540EM of which only registers can be seen.
     *
     * @param breaches where breaches are recorded
     * @return who watches, from before the driver touches the card
     */
    public static StrictRules intel8254x(final Breaches breaches) {
        return new StrictRules(breaches, null, null, System::nanoTime);
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
    public void onReceiveFetch(final int index, final long first, final long second) {
        receiveTail.fetched(index, first, second);
        receive.fetched(index, first);
    }

    @Override
    public void onReceiveDone(final int index) {
        receiveTail.done(1);
    }

    @Override
    public void onTransmitFetch(final int index, final long first, final long second) {
        transmitTail.fetched(index, first, second);
        transmit.fetched(index, first, second);
        offload.fetched(index, first, second);
    }

    @Override
    public void onTransmitFrame(final DirectBuffer frame, final int length) {
        offload.gathered(frame, length);
    }

    @Override
    public void onTransmitDone(final int index) {
        transmitTail.done(transmit.done(index));
    }
}
