package dev.barewire.testkit.wrap;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.CopyLedger;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.SegmentList;
import dev.barewire.driver.card.Card;
import dev.barewire.rings.RxBurst;
import dev.barewire.rings.RxRing;
import dev.barewire.rings.TxRequest;
import dev.barewire.rings.TxRing;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Uses a card's rings as the queues do, over a pool of its own. */
final class RingUser implements AutoCloseable {
    final CopyLedger ledger = new CopyLedger();
    final Card card;
    final RxRing rx;
    final TxRing tx;
    final BufferPool pool;
    final List<Long> completed = new ArrayList<>();
    final List<Integer> flags = new ArrayList<>();
    private final RxBurst burst = new RxBurst(256);
    private final TxRequest request = new TxRequest();

    RingUser(final WrappedDevice device, final FakeCard inner, final int bufferSize, final int buffers) {
        pool = new BufferPool("queue", device.domain(), MemoryKind.ANONYMOUS, bufferSize, buffers);
        card = device.dress(inner, ledger);
        rx = card.rxRing(0);
        tx = card.txRing(0);
        refill();
    }

    void refill() {
        rx.fill(pool);
        if (rx.publish() != RxRing.NOTHING) {
            card.rxDoorbell(0, 1);
        }
    }

    /** Takes whole frames and gives their buffers back. */
    List<byte[]> poll(final int max) {
        final List<byte[]> frames = new ArrayList<>();
        final ByteArrayOutputStream frame = new ByteArrayOutputStream();
        for (int reaped = rx.reap(burst, max); reaped > 0; reaped = frame.size() > 0 ? rx.reap(burst, max) : 0) {
            for (int i = 0; i < reaped; i++) {
                final Buffer buffer = burst.buffer[i];
                for (int k = 0; k < burst.length[i]; k++) {
                    frame.write(buffer.memory().getByte(buffer.base() + k));
                }
                buffer.release();
                if ((burst.flags[i] & RxBurst.END_OF_FRAME) != 0) {
                    flags.add(burst.flags[i]);
                    frames.add(frame.toByteArray());
                    frame.reset();
                }
            }
            refill();
        }
        return frames;
    }

    /** Sends a frame out of one buffer; false if there is no room. */
    boolean send(final byte[] frame, final int requestFlags, final long tag) {
        final SegmentList segments = new SegmentList(1);
        final Buffer buffer = pool.take();
        for (int i = 0; i < frame.length; i++) {
            buffer.memory().putByte(buffer.base() + i, frame[i]);
        }
        segments.append(buffer, 0, frame.length);
        request.clear();
        request.flags = requestFlags;
        if (!tx.post(segments, request, tag)) {
            segments.release();
            return false;
        }
        segments.clear();
        if (tx.publish() != TxRing.NOTHING) {
            card.txDoorbell(0, 1);
        }
        return true;
    }

    void reclaim() {
        if (tx.pending() > 0) {
            tx.reclaim(completed::add);
        }
    }

    /** How many buffers are neither in the pool nor posted. */
    int outstanding() {
        return pool.outstanding() - rx.posted();
    }

    /** Drains both rings and closes all; throws if a buffer is missing. */
    @Override
    public void close() {
        rx.drain();
        tx.drain();
        card.close();
        pool.close();
    }
}
