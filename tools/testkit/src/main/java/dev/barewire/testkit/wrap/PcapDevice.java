package dev.barewire.testkit.wrap;

import dev.barewire.SetupException;
import dev.barewire.dma.Buffer;
import dev.barewire.dma.CopyLedger;
import dev.barewire.dma.CopySite;
import dev.barewire.dma.SegmentList;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.card.Card;
import dev.barewire.rings.RxBurst;
import dev.barewire.rings.RxRing;
import dev.barewire.rings.TxRequest;
import dev.barewire.rings.TxRing;
import dev.barewire.testkit.pcap.CaptureWriter;
import dev.barewire.testkit.pcap.CaptureWriter.Direction;
import dev.barewire.testkit.wire.Wired;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Writes every frame that passes between the queues and a card to a pcapng file, with its direction and a time in
 * nanoseconds: that of the poll for a received frame, that of posting for one to send.
 *
 * <p>Received frames are what the card gave, bad ones included, without a VLAN tag that it took off. Frames to send are
 * what the card is asked to send, before it does its part: a checksum that it fills in is still a seed, a frame that it
 * shall cut is whole, a tag that it shall put in is not there.
 *
 * <p>What is recorded is copied (ledger site {@code pcap.record}), by the queue's own thread, which also writes the file
 * a MiB at a time. A file that cannot be written any more stops the recording and nothing else: see {@link #lost()} and
 * the device's facts. By name: {@code pcap:out=FILE:DEVICE}, {@code pcap:out=FILE&snaplen=BYTES:DEVICE}.
 */
public class PcapDevice extends WrappedDevice {
    /** What every file begins with. */
    static final String COMMENT = "Recorded between driver and card: sent frames are as they were handed to the card, before "
        + "it filled in checksums, cut segments or inserted VLAN tags; received ones are as the card gave them.";
    /** How many polls in a row find nothing before the file is brought up to date. */
    private static final int IDLE_POLLS = 1024;

    private final CaptureWriter writer;
    private final Path file;
    private final int snaplen;
    private final long startNanos = System.nanoTime();
    private final long startEpoch = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());

    private PcapDevice(final DeviceAccess inner, final CaptureWriter writer, final Path file, final int snaplen) {
        super(inner, "pcap:out=" + WrapName.escape(file.toString()));
        this.writer = writer;
        this.file = file;
        this.snaplen = snaplen;
    }

    /** One around a device whose cable this process holds. */
    private static final class Cabled extends PcapDevice implements OfWired {
        Cabled(final DeviceAccess inner, final CaptureWriter writer, final Path file, final int snaplen) {
            super(inner, writer, file, snaplen);
        }
    }

    /**
     * Records all of every frame.
     *
     * @param inner the device; it is this one's from now on, unless this throws
     * @param file  where to; overwritten if it is there
     * @return the recording device, which is a {@link Wired} if the inner one is
     * @throws SetupException if the file cannot be written
     */
    public static PcapDevice of(final DeviceAccess inner, final Path file) {
        return of(inner, file, CaptureWriter.MAX_SNAPLEN);
    }

    /**
     * Records the beginning of every frame.
     *
     * @param inner   the device; it is this one's from now on, unless this throws
     * @param file    where to; overwritten if it is there
     * @param snaplen the most bytes to keep of a frame, 1 to {@link CaptureWriter#MAX_SNAPLEN}
     * @return the recording device, which is a {@link Wired} if the inner one is
     * @throws SetupException if the file cannot be written, or the length is out of range
     */
    public static PcapDevice of(final DeviceAccess inner, final Path file, final int snaplen) {
        if (snaplen < 1 || snaplen > CaptureWriter.MAX_SNAPLEN) {
            throw new SetupException("snaplen=" + snaplen + " is no number of bytes to keep of a frame",
                "choose one from 1 to " + CaptureWriter.MAX_SNAPLEN);
        }
        try {
            final CaptureWriter writer = new CaptureWriter(file, inner.name(), COMMENT, snaplen);
            return inner instanceof Wired
                ? new Cabled(inner, writer, file, snaplen) : new PcapDevice(inner, writer, file, snaplen);
        } catch (final IOException refused) {
            throw new SetupException("the capture file " + file + " cannot be written (" + refused + ")",
                "name a file in a folder that this user can write to, with room on its disk", refused);
        }
    }

    /**
     * How many frames were recorded.
     *
     * @return frames of both directions
     */
    public long frames() {
        return writer.frames();
    }

    /**
     * How many frames were not recorded because the file could not be written any more.
     *
     * @return frames of both directions
     */
    public long lost() {
        return writer.lost();
    }

    /** Brings what was recorded so far to the file, for others to read. From any thread; does not throw. */
    public void flush() {
        writer.flush();
    }

    @Override
    Card wrap(final Card card, final CopyLedger ledger) {
        final CopySite site = ledger.site("pcap.record", "frames are written to a capture file");
        return new WrappedCard(card) {
            @Override
            RxRing wrap(final RxRing ring, final int queue) {
                return new Received(ring, site);
            }

            @Override
            TxRing wrap(final TxRing ring, final int queue) {
                return new Sent(ring, site);
            }

            @Override
            Map<String, Long> counts() {
                return Map.of("pcap.recorded", frames(), "pcap.lost", lost());
            }
        };
    }

    @Override
    Map<String, String> ownFacts() {
        final String failure = writer.failure();
        return Map.of("recording", file + (failure.isEmpty() ? "" : ", stopped after " + frames() + " frames: " + failure));
    }

    @Override
    public void close() {
        writer.close();
        super.close();
    }

    private long now() {
        return startEpoch + (System.nanoTime() - startNanos);
    }

    /** A frame as it is put together for the file. */
    private final class Stage {
        private final CopySite site;
        private final byte[] bytes = new byte[snaplen];
        private int captured;
        private int length;

        Stage(final CopySite site) {
            this.site = site;
        }

        void clear() {
            captured = 0;
            length = 0;
        }

        /** Appends a range; one that the CPU may not read counts as cut off. */
        void add(final Buffer buffer, final int offset, final int count) {
            final int kept = Math.min(count, snaplen - captured);
            if (kept > 0 && captured == length && buffer.memory().isReadable()) {
                site.copy(buffer, offset, bytes, captured, kept);
                captured += kept;
            }
            length += count;
        }

        void write(final Direction direction, final long epochNanos) {
            writer.write(direction, epochNanos, bytes, captured, length);
            clear();
        }
    }

    private final class Received extends WrappedRxRing {
        private final Stage stage;
        private int idlePolls;

        Received(final RxRing inner, final CopySite site) {
            super(inner);
            stage = new Stage(site);
        }

        @Override
        public int reap(final RxBurst burst, final int max) {
            final int count = inner.reap(burst, max);
            if (count > 0) {
                idlePolls = 0;
                record(burst, count);
            } else if (++idlePolls == IDLE_POLLS) {
                idlePolls = 0;
                writer.flush();
            }
            return count;
        }

        private void record(final RxBurst burst, final int count) {
            final long now = now();
            for (int i = 0; i < count; i++) {
                final boolean hasHeader = burst.header[i] != null;
                if (hasHeader) {
                    stage.add(burst.header[i], burst.offset[i], burst.headerLength[i]);
                }
                stage.add(burst.buffer[i], hasHeader ? 0 : burst.offset[i], burst.length[i]);
                if ((burst.flags[i] & RxBurst.END_OF_FRAME) != 0) {
                    stage.write(Direction.IN, now);
                }
            }
        }

        @Override
        public void drain() {
            stage.clear();
            inner.drain();
        }
    }

    private final class Sent extends WrappedTxRing {
        private final Stage stage;

        Sent(final TxRing inner, final CopySite site) {
            super(inner);
            stage = new Stage(site);
        }

        /** Looks at the frame first: once it is posted its buffers are no longer this thread's. */
        @Override
        public boolean post(final SegmentList segments, final TxRequest request, final long tag) {
            stage.clear();
            for (int i = 0; i < segments.count(); i++) {
                stage.add(segments.buffer(i), segments.offset(i), segments.length(i));
            }
            final boolean posted = inner.post(segments, request, tag);
            if (posted) {
                stage.write(Direction.OUT, now());
            }
            return posted;
        }
    }
}
