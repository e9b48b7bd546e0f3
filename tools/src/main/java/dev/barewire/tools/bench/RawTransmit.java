package dev.barewire.tools.bench;

import dev.barewire.testkit.wire.Wired;

/** Frames out of a card without a driver, to the end of its cable. */
final class RawTransmit implements Traffic {
    private final RawE1000 card;
    private final WireDrain drain;
    private final int length;

    RawTransmit(final String device, final int length) {
        this.length = length;
        card = new RawE1000(device);
        card.startTransmit(length);
        drain = new WireDrain(((Wired) card.access).wire(), length);
    }

    @Override
    public double framesPerSecond(final long nanos) {
        return drain.run(nanos, () -> card.sendBurst(length) ? BURST : 0);
    }

    @Override
    public void close() {
        card.close();
    }
}
