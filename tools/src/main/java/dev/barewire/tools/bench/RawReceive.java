package dev.barewire.tools.bench;

import dev.barewire.testkit.wire.Wired;

/** Frames into a card without a driver, from the end of its cable. */
final class RawReceive implements Traffic {
    private final RawE1000 card;
    private final WireFeed feed;

    RawReceive(final String device, final int length) {
        card = new RawE1000(device);
        card.startReceive();
        feed = new WireFeed(((Wired) card.access).wire(), length);
    }

    @Override
    public double framesPerSecond(final long nanos) {
        return feed.run(nanos, card::receiveBurst);
    }

    @Override
    public void close() {
        card.close();
    }
}
