package dev.barewire.testkit.wire;

import java.time.Duration;

/**
 * How often a wire does wrong to frames in one direction: the share of frames, from 0 to 1, that meets each fault. A frame
 * may be met by several; a lost one by no other.
 *
 * @param loss        the frame does not come
 * @param duplication it comes twice
 * @param reordering  up to 8 of the frames behind it overtake it
 * @param corruption  bits of one of its bytes are turned over
 * @param delay       it comes later by {@link #time}; others overtake it
 * @param time        how long a delayed frame takes
 */
public record WireFaults(
    double loss, double duplication, double reordering, double corruption, double delay, Duration time) {
    /** A wire that does nothing wrong. */
    public static final WireFaults NONE = new WireFaults(0, 0, 0, 0, 0, Duration.ZERO);

    /** Refuses what is no share. */
    public WireFaults {
        for (final double share : new double[] {loss, duplication, reordering, corruption, delay}) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("a fault meets a share of frames from 0 to 1, not " + share);
            }
        }
    }

    /**
     * The same with another rate of loss.
     *
     * @param share of frames, 0 to 1
     * @return the faults
     */
    public WireFaults loss(final double share) {
        return new WireFaults(share, duplication, reordering, corruption, delay, time);
    }

    /**
     * The same with another rate of duplication.
     *
     * @param share of frames, 0 to 1
     * @return the faults
     */
    public WireFaults duplication(final double share) {
        return new WireFaults(loss, share, reordering, corruption, delay, time);
    }

    /**
     * The same with another rate of reordering.
     *
     * @param share of frames, 0 to 1
     * @return the faults
     */
    public WireFaults reordering(final double share) {
        return new WireFaults(loss, duplication, share, corruption, delay, time);
    }

    /**
     * The same with another rate of corruption.
     *
     * @param share of frames, 0 to 1
     * @return the faults
     */
    public WireFaults corruption(final double share) {
        return new WireFaults(loss, duplication, reordering, share, delay, time);
    }

    /**
     * The same with another delay.
     *
     * @param share    of frames, 0 to 1
     * @param duration how long each of them takes
     * @return the faults
     */
    public WireFaults delay(final double share, final Duration duration) {
        return new WireFaults(loss, duplication, reordering, corruption, share, duration);
    }
}
