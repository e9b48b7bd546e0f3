package dev.barewire;

import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.card.Card;
import dev.barewire.driver.events.NicEvents;

/** Notices that a card's link changed, or that the card is not there any more, and tells of each once. */
final class NicWatch {
    /** How often a queue that is polled looks whether the card is still there. */
    private static final long LOOK_NANOS = 100_000_000;

    private final Nic nic;
    private final DeviceAccess access;
    private final Card card;
    private final NicCounters counters;
    private LinkState lastLink = LinkState.DOWN;
    private boolean lost;
    private String loss = "";
    /** Written by the thread of receive queue 0. */
    private long lastLook = System.nanoTime();

    NicWatch(final Nic nic, final DeviceAccess access, final Card card, final NicCounters counters) {
        this.nic = nic;
        this.access = access;
        this.card = card;
        this.counters = counters;
    }

    /** Called once, when the card was started: what the link is now is no change. */
    void begin() {
        lastLink = card.link();
    }

    /** Called by the thread of receive queue 0 now and then, however busy it is. */
    void lookAfter(final long now) {
        if (now - lastLook > LOOK_NANOS) {
            lastLook = now;
            if (isGone() || card.needsReset()) {
                link();
            }
        }
    }

    /** The link as the card sees it now. */
    LinkState link() {
        synchronized (nic) {
            if (!isLost() && card.needsReset()) {
                recover();
            }
            final LinkState now = isLost() ? LinkState.DOWN : card.link();
            if (!now.equals(lastLink)) {
                lastLink = now;
                counters.counter(NicCounters.Name.LINK_CHANGES).increment();
                NicEvents.link(nic.name(), now.up(), now.mbps());
            }
            return now;
        }
    }

    /** A card that cannot be what it was before is given up. */
    private void recover() {
        try {
            card.recover();
            NicEvents.reset(nic.name(), "the card asked for it");
            counters.counter(NicCounters.Name.CARD_RECOVERIES).incrementRelease();
            nic.wakeQueues();
        } catch (final SetupException refused) {
            lose(nic.name() + " asked to be reset and could not be set up again: " + refused.getMessage());
        }
    }

    private void lose(final String why) {
        lost = true;
        loss = why;
        counters.counter(NicCounters.Name.DEVICE_LOST).increment();
        NicEvents.fault(nic.name(), why);
    }

    /** Whether the card is not there any more. */
    boolean isLost() {
        synchronized (nic) {
            if (!lost && isGone()) {
                lose(seen());
            }
            return lost;
        }
    }

    /** By what the way to it has heard, or by its registers. */
    private boolean isGone() {
        return !access.fault().isEmpty() || card.isLost();
    }

    /** Whether it was found to be lost. A plain read: a thread that is not told yet is told later. */
    boolean knowsLost() {
        return lost;
    }

    /** Why it was found to be lost; empty while it was not. */
    String loss() {
        synchronized (nic) {
            return loss;
        }
    }

    private String seen() {
        final String reason = access.fault();
        final String seen = card.isLost() ? "its registers read as all ones" + (reason.isEmpty() ? "" : "; ") : "";
        return nic.name() + " is lost: " + seen + reason;
    }
}
