package dev.barewire.testkit.wrap;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferSource;
import dev.barewire.driver.card.Card;
import dev.barewire.rings.RxRing;
import java.util.ArrayDeque;

/**
 * A receive ring that can give frames of its own beside the card's. Of the buffers that the queue posts it keeps a few
 * back for them, never more than the card has; to the queue they are posted like the others.
 */
abstract class SpareRxRing extends WrappedRxRing {
    /** Buffers that are kept back: those of a frame of 16 KiB in the smallest buffers that a card has. */
    static final int SPARES = 64;

    private final Card card;
    private final int queue;
    private final ArrayDeque<Buffer> spares = new ArrayDeque<>(SPARES);
    private final CardSource forCard = new CardSource();
    private BufferSource source;
    private BufferSource headers;

    SpareRxRing(final Card card, final int queue, final RxRing inner) {
        super(inner);
        this.card = card;
        this.queue = queue;
    }

    /** What the card posts from: the queue's source, less what is kept back, and that too when there is nothing else. */
    private final class CardSource implements BufferSource {
        @Override
        public Buffer take() {
            for (;;) {
                final Buffer buffer = source.take();
                if (buffer == null) {
                    return spares.size() > inner.posted() ? spares.poll() : null;
                }
                if (spares.size() >= Math.min(SPARES, inner.posted())) {
                    return buffer;
                }
                keep(buffer);
            }
        }

        @Override
        public int bufferSize() {
            return source.bufferSize();
        }
    }

    private void keep(final Buffer buffer) {
        buffer.moveTo(Buffer.Place.RECEIVE_RING);
        spares.add(buffer);
    }

    @Override
    public int fill(final BufferSource from, final BufferSource headersFrom) {
        source = from;
        headers = headersFrom;
        final int count = inner.fill(forCard, headers);
        while (spares.size() < SPARES) {
            final Buffer buffer = source.take();
            if (buffer == null) {
                break;
            }
            keep(buffer);
        }
        return count;
    }

    /** Gives the card new buffers; the queue itself does so only for what it reaps, or when it sees the card starve. */
    final void refill() {
        if (source == null) {
            return;
        }
        fill(source, headers);
        final int tail = inner.publish();
        if (tail != NOTHING) {
            card.rxDoorbell(queue, tail);
        }
    }

    /** Whether the card may have too few buffers for a long frame. */
    final boolean isCardStarved() {
        return inner.posted() < SPARES;
    }

    final int spares() {
        return spares.size();
    }

    /** A buffer for a frame of one's own, held by the caller; only when there are {@link #spares()}. */
    final Buffer spare() {
        return spares.remove();
    }

    @Override
    public int posted() {
        return inner.posted() + spares.size();
    }

    @Override
    public void drain() {
        inner.drain();
        while (!spares.isEmpty()) {
            spares.remove().release();
        }
        source = null;
        headers = null;
    }
}
