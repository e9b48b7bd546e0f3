package dev.barewire.testkit.wire;

/** What holds of every frame on a wire. */
final class Frames {
    private Frames() {
    }

    /** Refuses a length that no wire carries: whoever sends it has miscounted. */
    static void checkLength(final int length) {
        if (length < 1 || length > Wire.MAX_FRAME) {
            throw new IllegalArgumentException("a wire carries frames of 1 to " + Wire.MAX_FRAME + " bytes, not " + length);
        }
    }
}
