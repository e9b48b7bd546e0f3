package dev.barewire.tools.bench;

import dev.barewire.testkit.wire.Wire;
import java.util.function.IntSupplier;

/** Takes frames out of a cable as fast as they are sent at its card. */
final class WireDrain {
    private final Wire wire;
    private final int length;
    private int arrived;

    WireDrain(final Wire wire, final int length) {
        this.wire = wire;
        this.length = length;
    }

    /**
     * Drains for a while, and until all has come.
     *
     * @param sender sends a burst, or what the card takes of one, and says how many
     * @return frames that came out of the cable, each second
     */
    double run(final long nanos, final IntSupplier sender) {
        final long start = System.nanoTime();
        long now = start;
        long moved = start;
        long frames = 0;
        int underWay = 0;
        while (now - start < nanos || underWay > 0) {
            if (underWay <= Traffic.MOST_UNDER_WAY - Traffic.BURST && now - start < nanos) {
                underWay += sender.getAsInt();
            }
            arrived = 0;
            wire.poll((frame, offset, bytes) -> arrived += bytes == length ? 1 : 0, Traffic.MOST_UNDER_WAY);
            frames += arrived;
            underWay -= arrived;
            now = System.nanoTime();
            moved = arrived > 0 ? now : moved;
            Traffic.checkMoves(moved, underWay, "the end of the cable");
        }
        return frames * 1e9 / (now - start);
    }
}
