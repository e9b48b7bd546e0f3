package dev.barewire.testkit.wrap;

import dev.barewire.testkit.pcap.CaptureFile.Frame;
import java.util.List;

/** Which frame of a capture file comes next, and when. One thread moves on; any may look. */
final class Replay {
    private final byte[] bytes;
    private final List<Frame> frames;
    private final boolean atRecordedPace;
    private long timesLeft;
    private int index;
    private boolean started;
    private long startNanos;
    private volatile long replayed;
    private volatile boolean finished;

    Replay(final byte[] bytes, final List<Frame> frames, final boolean atRecordedPace, final long times) {
        this.bytes = bytes;
        this.frames = frames;
        this.atRecordedPace = atRecordedPace;
        this.timesLeft = times;
    }

    byte[] bytes() {
        return bytes;
    }

    /** The next frame if its time has come, else null. The clock runs from the first call. */
    Frame due(final long nowNanos) {
        if (finished) {
            return null;
        }
        if (!started) {
            started = true;
            startNanos = nowNanos;
        }
        final Frame frame = frames.get(index);
        final long gap = frame.nanos() - frames.getFirst().nanos();
        return atRecordedPace && nowNanos - startNanos < gap ? null : frame;
    }

    /** The frame that was due has come in. */
    void next() {
        replayed = replayed + 1;
        if (++index == frames.size()) {
            index = 0;
            started = false;
            finished = --timesLeft == 0;
        }
    }

    long replayed() {
        return replayed;
    }

    boolean isFinished() {
        return finished;
    }
}
