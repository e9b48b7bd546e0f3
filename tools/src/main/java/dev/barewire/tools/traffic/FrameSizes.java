package dev.barewire.tools.traffic;

import java.util.Arrays;

/** The lengths of generated frames. */
final class FrameSizes {
    /** The simple Internet mix: 7 packets of 40 bytes, 4 of 576 and 1 of 1500, as frames without FCS. */
    private static final int[] IMIX = {60, 590, 60, 60, 590, 60, 1514, 60, 590, 60, 60, 590};

    private FrameSizes() {
    }

    /**
     * Reads a size.
     *
     * @param text  bytes without FCS, or {@code imix}
     * @param least the shortest frame that has room for the headers and the stamp
     * @param most  the longest by the MTU
     * @return the lengths, to be sent in turn
     * @throws IllegalArgumentException saying what can be given
     */
    static int[] parse(final String text, final int least, final int most) {
        final int[] lengths;
        if (text.equals("imix")) {
            lengths = Arrays.stream(IMIX).map(length -> Math.max(least, length)).toArray();
        } else if (text.matches("\\d{1,6}")) {
            lengths = new int[] {Integer.parseInt(text)};
        } else {
            throw new IllegalArgumentException("--size " + text + ": give bytes of a frame without FCS, or imix");
        }
        for (final int length : lengths) {
            if (length < least || length > most) {
                throw new IllegalArgumentException("--size " + text + ": a frame without FCS has " + least + " to " + most
                    + " bytes here; headers and stamp take the least, --mtu sets the most");
            }
        }
        return lengths;
    }
}
