package dev.barewire.testkit.wrap;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.CopySite;
import dev.barewire.driver.card.Card;
import dev.barewire.rings.RxBurst;
import dev.barewire.rings.RxRing;
import dev.barewire.testkit.pcap.CaptureFile.Frame;

/** A receive ring that reaps what the card received, and behind it frames of a capture file whose time has come. */
final class ReplayRxRing extends SpareRxRing {
    private final Replay replay;
    private final CopySite site;
    /** The card's last frame has not ended: nothing may come between its parts. */
    private boolean isCardMidFrame;
    /** How much of the replayed frame has been given: a burst may end within it. */
    private int given;

    ReplayRxRing(final Card card, final RxRing inner, final Replay replay, final CopySite site) {
        super(card, 0, inner);
        this.replay = replay;
        this.site = site;
    }

    @Override
    public int reap(final RxBurst burst, final int max) {
        if (isCardStarved()) {
            refill();
        }
        final int limit = Math.min(max, burst.capacity());
        int count = 0;
        if (given == 0) {
            count = inner.reap(burst, limit);
            if (count > 0) {
                isCardMidFrame = (burst.flags[count - 1] & RxBurst.END_OF_FRAME) == 0;
            }
        }
        return isCardMidFrame || replay.isFinished() ? count : replay(burst, count, limit);
    }

    private int replay(final RxBurst burst, final int from, final int limit) {
        final long now = System.nanoTime();
        int count = from;
        while (count < limit && spares() > 0) {
            final Frame frame = replay.due(now);
            if (frame == null) {
                break;
            }
            give(frame, burst, count++);
        }
        return count;
    }

    /** Fills one buffer. */
    private void give(final Frame frame, final RxBurst burst, final int entry) {
        final Buffer buffer = spare();
        final int length = Math.min(buffer.capacity(), frame.length() - given);
        site.copy(replay.bytes(), frame.offset() + given, buffer, 0, length);
        buffer.moveTo(Buffer.Place.APPLICATION);
        given += length;
        final boolean isLast = given == frame.length();
        burst.header[entry] = null;
        burst.buffer[entry] = buffer;
        burst.offset[entry] = 0;
        burst.length[entry] = length;
        burst.flags[entry] = isLast ? RxBurst.END_OF_FRAME : 0;
        burst.vlan[entry] = 0;
        if (isLast) {
            given = 0;
            replay.next();
        }
    }

    @Override
    public boolean isReady() {
        return inner.isReady() || spares() > 0 && replay.due(System.nanoTime()) != null;
    }

    /** Whether there may be something to reap before the card interrupts. */
    boolean isWaiting() {
        return !replay.isFinished() || isCardStarved();
    }

    @Override
    public void drain() {
        super.drain();
        isCardMidFrame = false;
        given = 0;
    }
}
