package dev.barewire.tools.traffic;

import dev.barewire.NicAgent;
import dev.barewire.Packet;
import dev.barewire.TxQueue;
import dev.barewire.dma.CopySite;
import dev.barewire.dma.SegmentList;
import dev.barewire.testkit.pcap.CaptureWriter;
import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicLong;

/** What is done with each frame of a queue that is dumped: into a capture, or into a line. One thread's. */
final class FrameTap implements NicAgent.BurstHandler {
    private final AtomicLong left;
    private final Sink sink;
    private boolean unflushed;

    /** Where frames go. */
    interface Sink {
        void take(Packet packet, long epochNanos);

        /** Nothing more came for now. */
        void flush();
    }

    /**
     * Makes one.
     *
     * @param left how many frames are still wanted, of all queues together
     * @param sink where they go
     */
    FrameTap(final AtomicLong left, final Sink sink) {
        this.left = left;
        this.sink = sink;
    }

    @Override
    public int onBurst(final Packet[] burst, final int count, final TxQueue tx) {
        final long now = EpochClock.nanos();
        for (int i = 0; i < count; i++) {
            if (left.getAndDecrement() > 0) {
                sink.take(burst[i], now);
            }
            burst[i].release();
            burst[i] = null;
        }
        if (count > 0) {
            unflushed = true;
        } else if (unflushed) {
            unflushed = false;
            sink.flush();
        }
        return 0;
    }

    /** A line for each frame. */
    static final class Lines implements Sink {
        private final FrameLine line = new FrameLine();
        private final PrintWriter out;
        private char[] characters = new char[1024];

        Lines(final PrintWriter out) {
            this.out = out;
        }

        @Override
        public void take(final Packet packet, final long epochNanos) {
            final StringBuilder text = line.of(packet, epochNanos);
            if (text.length() > characters.length) {
                characters = new char[2 * text.length()];
            }
            text.getChars(0, text.length(), characters, 0);
            out.write(characters, 0, text.length());
        }

        @Override
        public void flush() {
            out.flush();
        }
    }

    /** A capture for Wireshark. The first bytes of each frame are copied, which the card's ledger tells of. */
    static final class Capture implements Sink {
        private final CaptureWriter file;
        private final CopySite site;
        private final byte[] bytes;

        Capture(final CaptureWriter file, final CopySite site, final int snap) {
            this.file = file;
            this.site = site;
            bytes = new byte[snap];
        }

        @Override
        public void take(final Packet packet, final long epochNanos) {
            final SegmentList segments = packet.segments();
            int captured = 0;
            for (int i = 0; i < segments.count() && captured < bytes.length; i++) {
                final int length = Math.min(segments.length(i), bytes.length - captured);
                site.copy(segments.buffer(i), segments.offset(i), bytes, captured, length);
                captured += length;
            }
            file.write(CaptureWriter.Direction.IN, epochNanos, bytes, captured, packet.length());
        }

        @Override
        public void flush() {
            file.flush();
        }
    }
}
