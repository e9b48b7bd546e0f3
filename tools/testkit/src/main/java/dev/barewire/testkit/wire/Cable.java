package dev.barewire.testkit.wire;

import dev.barewire.SetupException;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * An Ethernet cable inside this process: what one end sends, the other polls, in order. It holds a fixed number of bytes in
 * each direction and nothing is lost in it; it allocates nothing once it is made. At each end one thread sends and one polls.
 *
 * <p>Closing either end cuts it for both.
 */
public final class Cable implements AutoCloseable {
    /** Bytes that a cable holds in each direction unless told otherwise: some 29,000 of the shortest frames. */
    public static final int DEFAULT_CAPACITY = 1 << 21;
    /** The least: a ring carries no record longer than an eighth of it. */
    public static final int MIN_CAPACITY = 1 << 20;

    private static final ConcurrentMap<String, Cable> NAMED = new ConcurrentHashMap<>();
    private static final int FRAME = 1;

    private final String name;
    private final End a;
    private final End b;
    private boolean taken;
    private volatile boolean plugged = true;
    private volatile boolean cut;

    /** Makes one that holds {@value #DEFAULT_CAPACITY} bytes in each direction. */
    public Cable() {
        this(DEFAULT_CAPACITY);
    }

    /**
     * Makes one.
     *
     * @param capacity bytes that it holds in each direction, 8 of them with each frame: a power of two, at least
     *                 {@value #MIN_CAPACITY}
     */
    public Cable(final int capacity) {
        this("", capacity);
    }

    private Cable(final String name, final int capacity) {
        if (capacity < MIN_CAPACITY || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException(
                "a cable holds a power of two of bytes, at least " + MIN_CAPACITY + ", not " + capacity);
        }
        this.name = name;
        final OneToOneRingBuffer towardsA = ring(capacity);
        final OneToOneRingBuffer towardsB = ring(capacity);
        a = new End(towardsB, towardsA);
        b = new End(towardsA, towardsB);
    }

    private static OneToOneRingBuffer ring(final int capacity) {
        return new OneToOneRingBuffer(
            new UnsafeBuffer(ByteBuffer.allocateDirect(capacity + RingBufferDescriptor.TRAILER_LENGTH)));
    }

    /**
     * An end of the cable of that name in this process: the first who asks gets one, the second the other. The name is free
     * for a new cable as soon as either end is closed.
     *
     * @param name the cable's name
     * @return the end, which is the caller's to close
     * @throws SetupException if both ends are taken
     */
    public static Wire named(final String name) {
        final Wire[] end = new Wire[1];
        NAMED.compute(name, (same, known) -> {
            final Cable cable = known == null ? new Cable(name, DEFAULT_CAPACITY) : known;
            if (cable.taken) {
                throw new SetupException("both ends of cable '" + name + "' are taken, and a cable has no third",
                    "close what holds an end, or choose another name");
            }
            cable.taken = known != null;
            end[0] = known == null ? cable.a : cable.b;
            return cable;
        });
        return end[0];
    }

    /**
     * One end.
     *
     * @return always the same
     */
    public Wire a() {
        return a;
    }

    /**
     * The other end.
     *
     * @return always the same
     */
    public Wire b() {
        return b;
    }

    /**
     * Pulls the cable out, or puts it back. While it is out nothing can be sent, and what polls find is thrown away.
     *
     * @param up false to pull it out
     */
    public void link(final boolean up) {
        plugged = up;
    }

    /** Cuts it for good, and frees its name. Closing twice does nothing. */
    @Override
    public void close() {
        cut = true;
        NAMED.remove(name, this);
    }

    private final class End implements Wire {
        private final OneToOneRingBuffer out;
        private final OneToOneRingBuffer in;
        private final MessageHandler frames = this::onRecord;
        private final MessageHandler nobody = (type, buffer, offset, length) -> { };
        private FrameHandler handler;

        End(final OneToOneRingBuffer out, final OneToOneRingBuffer in) {
            this.out = out;
            this.in = in;
        }

        @Override
        public boolean send(final DirectBuffer frame, final int offset, final int length) {
            Frames.checkLength(length);
            return plugged && !cut && out.write(FRAME, frame, offset, length);
        }

        @Override
        public int poll(final FrameHandler to, final int limit) {
            if (cut) {
                return 0;
            }
            if (!plugged) {
                in.read(nobody);
                return 0;
            }
            handler = to;
            // The ring stops where it wraps: what lies behind is as much waiting as what lies before.
            final int count = in.read(frames, limit);
            return count == limit ? count : count + in.read(frames, limit - count);
        }

        private void onRecord(final int type, final MutableDirectBuffer buffer, final int offset, final int length) {
            handler.onFrame(buffer, offset, length);
        }

        @Override
        public void close() {
            Cable.this.close();
        }

        @Override
        public String toString() {
            return (this == a ? "end A" : "end B") + " of cable " + (name.isEmpty() ? "without a name" : "'" + name + "'");
        }
    }
}
