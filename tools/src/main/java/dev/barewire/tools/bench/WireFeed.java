package dev.barewire.tools.bench;

import dev.barewire.testkit.wire.Wire;
import java.util.function.IntSupplier;
import org.agrona.concurrent.UnsafeBuffer;

/** Puts frames into a cable as fast as they are received at its card. */
final class WireFeed {
    private final Wire wire;
    private final UnsafeBuffer frame;

    WireFeed(final Wire wire, final int length) {
        this.wire = wire;
        frame = TestFrame.onHeap(length);
    }

    /**
     * Feeds for a while, and until all has come.
     *
     * @param receiver takes what has come and says how many
     * @return frames received, each second
     */
    double run(final long nanos, final IntSupplier receiver) {
        final long start = System.nanoTime();
        long now = start;
        long moved = start;
        long received = 0;
        int underWay = 0;
        while (now - start < nanos || underWay > 0) {
            if (underWay <= Traffic.MOST_UNDER_WAY - Traffic.BURST && now - start < nanos) {
                int posted = 0;
                while (posted < Traffic.BURST && wire.post(frame, 0, frame.capacity())) {
                    posted++;
                }
                wire.flush();
                underWay += posted;
            }
            final int count = receiver.getAsInt();
            received += count;
            underWay -= count;
            if (count == 0) {
                wire.flush();
            }
            now = System.nanoTime();
            moved = count > 0 ? now : moved;
            Traffic.checkMoves(moved, underWay, "the card");
        }
        return received * 1e9 / (now - start);
    }
}
