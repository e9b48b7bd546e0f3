package dev.barewire;

import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.card.Card;
import dev.barewire.rings.RxRing;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * How a receive queue's thread sleeps until its card interrupts. A card that interrupts for nothing costs a wake-up; one
 * that goes on doing so is heard only once in a while.
 */
final class RxSleep {
    /** So many interrupts in a row with nothing received are a storm. */
    private static final int STORM = 64;
    /** How long the card is not listened to then. */
    private static final long CALM_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Nic nic;
    private final Card card;
    private final int queue;
    private final InterruptSource interrupts;
    private final int vector;
    /** Without a vector for each queue only queue 0 asks the card, for its link: the others just nap. */
    private final boolean asksCard;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final AtomicCounter wakeups;
    private final AtomicCounter spurious;
    private final AtomicCounter storms;
    /** The card had a cause when nobody waited for it: it may have interrupted, which the next wait then finds. */
    private boolean unheard;
    private int inVain;

    RxSleep(final Nic nic, final Card card, final int queue, final InterruptSource interrupts) {
        this.nic = nic;
        this.card = card;
        this.queue = queue;
        this.interrupts = interrupts;
        this.vector = card.vector(queue);
        this.asksCard = queue == 0 || interrupts.vectors() > 0;
        wakeups = nic.counters().counter(NicCounters.Name.WAKEUPS, queue);
        spurious = nic.counters().counter(NicCounters.Name.INTERRUPTS_SPURIOUS, queue);
        storms = nic.counters().counter(NicCounters.Name.INTERRUPT_STORMS, queue);
    }

    /** Sleeps; true if there may be something to poll. */
    boolean await(final RxRing ring, final int millis) {
        if (nic.watch().knowsLost()) {
            LockSupport.parkNanos(millis == 0 ? 0 : CALM_NANOS);
            return false;
        }
        if (!asksCard) {
            return ring.isReady() || interrupts.await(vector, millis) || ring.isReady();
        }
        if (inVain >= STORM && millis != 0) {
            LockSupport.parkNanos(CALM_NANOS);
        }
        card.enableInterrupt(queue);
        // The unmasking must be on its way before the ring is looked at, or a frame could fall between the two.
        VarHandle.fullFence();
        final boolean waited = !ring.isReady();
        final boolean fired = waited && interrupts.await(vector, millis);
        final boolean ready = ring.isReady();
        if (card.disableInterrupt(queue)) {
            nic.watch().link();
        }
        judge(fired && !woken.compareAndSet(true, false), waited && ready);
        interrupts.rearm(vector);
        if (fired || ready) {
            wakeups.getAndAddPlain(1);
        }
        return fired || ready;
    }

    /** Whether the card had reason to interrupt. */
    private void judge(final boolean interrupted, final boolean ready) {
        final boolean cause = card.hadCause(queue);
        if (interrupted && !cause && !unheard) {
            spurious.getAndAddPlain(1);
            // It may have been the kernel, not the card: that the card goes.
            nic.watch().link();
        }
        unheard = !interrupted && cause;
        inVain = interrupted && !ready ? inVain + 1 : 0;
        if (inVain == STORM) {
            storms.getAndAddPlain(1);
        }
    }

    /** Makes {@link #await} return, now or at its next call. From any thread. */
    void wake() {
        woken.set(true);
        interrupts.wake(vector);
    }
}
