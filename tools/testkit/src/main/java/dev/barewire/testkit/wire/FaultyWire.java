package dev.barewire.testkit.wire;

import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * A wire that loses, doubles, reorders, spoils and delays frames of the wire that it wraps, each direction at its own rates.
 * All it does follows from one seed: the same frames in the same order meet the same faults. Each fault that a frame met is
 * counted under its name; what is not counted comes through whole, once and in order.
 *
 * <p>Frames that are held back (up to 1024 each way; with no room for one more it passes unharmed) are let go as later ones
 * pass, and by {@link #poll} and {@link #flush} when their time has come.
 */
public final class FaultyWire implements Wire {
    private final Wire wire;
    private final NanoClock clock;
    /** Under its own lock, since a poll lets go what is due here. */
    private final FaultyDirection sending;
    private final FaultyDirection receiving;
    private final FaultyDirection.Sink outward;
    private final FaultyDirection.Sink inward = this::deliver;
    private final FrameHandler arrival = this::arrive;
    private FrameHandler handler;
    private int delivered;

    /** What can happen to a frame. */
    public enum Fault {
        /** It did not come. */
        LOSS,
        /** It came twice. */
        DUPLICATION,
        /** It was held back so that later ones could overtake it. */
        REORDERING,
        /** Bits of it were turned over. */
        CORRUPTION,
        /** It came late. */
        DELAY
    }

    /**
     * Wraps a wire.
     *
     * @param wire      what carries the frames; closed with this
     * @param seed      what all faults follow from
     * @param sending   what frames meet that are sent here
     * @param receiving what frames meet that are polled here
     */
    public FaultyWire(final Wire wire, final long seed, final WireFaults sending, final WireFaults receiving) {
        this(wire, seed, sending, receiving, SystemNanoClock.INSTANCE);
    }

    FaultyWire(final Wire wire, final long seed, final WireFaults sending, final WireFaults receiving,
        final NanoClock clock) {
        final SplittableRandom random = new SplittableRandom(seed);
        this.wire = wire;
        this.clock = clock;
        this.sending = new FaultyDirection(sending, random.split());
        this.receiving = new FaultyDirection(receiving, random.split());
        this.outward = wire::post;
    }

    @Override
    public boolean send(final DirectBuffer frame, final int offset, final int length) {
        final boolean sent = post(frame, offset, length);
        flush();
        return sent;
    }

    @Override
    public boolean post(final DirectBuffer frame, final int offset, final int length) {
        Frames.checkLength(length);
        synchronized (sending) {
            final long now = clock.nanoTime();
            sending.release(now, Integer.MAX_VALUE, outward);
            return sending.offer(now, frame, offset, length, outward);
        }
    }

    @Override
    public void flush() {
        synchronized (sending) {
            sending.release(clock.nanoTime(), Integer.MAX_VALUE, outward);
            wire.flush();
        }
    }

    @Override
    public int poll(final FrameHandler to, final int limit) {
        if (sending.held() > 0) {
            flush();
        }
        if (receiving.isNone()) {
            return wire.poll(to, limit);
        }
        handler = to;
        int count = 0;
        int came;
        do {
            count += receiving.release(clock.nanoTime(), limit - count, inward);
            delivered = 0;
            // One at a time: each may be followed by others that are due behind it.
            came = count < limit ? wire.poll(arrival, 1) : 0;
            count += delivered;
        } while (came > 0);
        return count;
    }

    private void arrive(final DirectBuffer frame, final int offset, final int length) {
        receiving.offer(clock.nanoTime(), frame, offset, length, inward);
    }

    private boolean deliver(final DirectBuffer frame, final int offset, final int length) {
        delivered++;
        handler.onFrame(frame, offset, length);
        return true;
    }

    /**
     * How many frames that were sent here met a fault.
     *
     * @param fault which
     * @return frames
     */
    public long sent(final Fault fault) {
        return sending.count(fault);
    }

    /**
     * How many frames that came here met a fault.
     *
     * @param fault which
     * @return frames
     */
    public long received(final Fault fault) {
        return receiving.count(fault);
    }

    /**
     * How many frames are held back now, both ways; they are lost if it is closed.
     *
     * @return frames
     */
    public int held() {
        return sending.held() + receiving.held();
    }

    @Override
    public void close() {
        wire.close();
    }
}
