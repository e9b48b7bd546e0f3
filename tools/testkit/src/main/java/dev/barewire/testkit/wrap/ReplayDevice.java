package dev.barewire.testkit.wrap;

import dev.barewire.SetupException;
import dev.barewire.dma.CopyLedger;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.card.Card;
import dev.barewire.rings.RxRing;
import dev.barewire.testkit.pcap.CaptureFile;
import dev.barewire.testkit.wire.Wired;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Lets the frames of a capture file come in, beside those of the card: into the buffers that queue 0 has posted, over as
 * many as each takes, and at no other time than the queue has buffers. The card's address filters do not apply to them.
 * They are copied in (ledger site {@code pcap.replay}).
 *
 * <p>By name: {@code pcap:in=FILE:DEVICE}, with {@code &pace=recorded}, {@code &times=N} or {@code &times=forever},
 * {@code &sent=yes}.
 */
public class ReplayDevice extends WrappedDevice {
    private final Options options;
    private final CaptureFile file;
    private final Replay replay;
    private ReplayRxRing ring;

    /**
     * What is replayed, and how.
     *
     * @param file           a pcap or pcapng file
     * @param atRecordedPace whether the gaps between frames are kept; if not, they come as fast as they are polled
     * @param times          how often all of it, {@link Long#MAX_VALUE} for ever
     * @param withSent       whether frames come in that the file says were sent
     */
    public record Options(Path file, boolean atRecordedPace, long times, boolean withSent) {
        /**
         * Received frames only, once, as fast as they are polled.
         *
         * @param file a pcap or pcapng file
         * @return the options
         */
        public static Options of(final Path file) {
            return new Options(file, false, 1, false);
        }
    }

    private ReplayDevice(final DeviceAccess inner, final Options options, final CaptureFile file) {
        super(inner, "pcap:in=" + WrapName.escape(options.file.toString()));
        this.options = options;
        this.file = file;
        this.replay = new Replay(file.bytes(), frames(file, options), options.atRecordedPace, options.times);
    }

    /** One around a device whose cable this process holds. */
    private static final class Cabled extends ReplayDevice implements OfWired {
        Cabled(final DeviceAccess inner, final Options options, final CaptureFile file) {
            super(inner, options, file);
        }
    }

    /**
     * Lets frames of a file come in from a device.
     *
     * @param inner   the device; it is this one's from now on, unless this throws
     * @param options what and how
     * @return the replaying device, which is a {@link Wired} if the inner one is
     * @throws SetupException if the file cannot be read, or has no frame to replay
     */
    public static ReplayDevice of(final DeviceAccess inner, final Options options) {
        final CaptureFile file = CaptureFile.read(options.file);
        if (options.times < 1) {
            throw new SetupException("times=" + options.times + " replays nothing", "choose 1 or more, or 'forever'");
        }
        if (frames(file, options).isEmpty()) {
            throw new SetupException("the capture file " + options.file + " has no frame that was received, of "
                + file.frames().size() + " in all", "name another file, or replay sent frames as well: sent=yes");
        }
        return inner instanceof Wired ? new Cabled(inner, options, file) : new ReplayDevice(inner, options, file);
    }

    private static List<CaptureFile.Frame> frames(final CaptureFile file, final Options options) {
        return file.frames().stream().filter(frame -> options.withSent || !frame.isSent()).toList();
    }

    /**
     * How many frames have come in.
     *
     * @return frames, each as often as it came
     */
    public long frames() {
        return replay.replayed();
    }

    /**
     * Whether all of it has come in.
     *
     * @return true when no frame is left
     */
    public boolean isFinished() {
        return replay.isFinished();
    }

    @Override
    Card wrap(final Card card, final CopyLedger ledger) {
        return new WrappedCard(card) {
            @Override
            RxRing wrap(final RxRing inner, final int queue) {
                if (queue != 0) {
                    return inner;
                }
                ring = new ReplayRxRing(card, inner, replay,
                    ledger.site("pcap.replay", "frames of a capture file are received"));
                return ring;
            }

            @Override
            Map<String, Long> counts() {
                return Map.of("pcap.replayed", frames());
            }
        };
    }

    @Override
    Map<String, String> ownFacts() {
        return Map.of("replaying", options.file + ", " + frames(file, options).size() + " of " + file.frames().size()
            + " frames, " + (options.times == Long.MAX_VALUE ? "for ever" : options.times + " times")
            + (options.atRecordedPace ? ", at recorded pace" : ", as fast as they are polled")
            + (file.isCut() ? "; the file ends in the middle of a frame" : ""));
    }

    @Override
    public InterruptSource interrupts() {
        return new ImpatientInterrupts(super.interrupts(), () -> ring != null && ring.isWaiting());
    }
}
