package dev.barewire;

/**
 * Where received frames are split into header and payload.
 *
 * @param mode  by what
 * @param bytes the header's length with {@link Mode#FIXED}, else 0
 * @param always whether frames that the card does not split, and short ones, shall lie in its header buffers as well
 */
public record HeaderSplit(Mode mode, int bytes, boolean always) {
    /** Not at all: the whole frame is payload. */
    public static final HeaderSplit NONE = new HeaderSplit(Mode.NONE, 0, false);
    /** After the TCP or UDP header; after the IP header of fragments and other protocols; other frames are not split. */
    public static final HeaderSplit AFTER_L4 = new HeaderSplit(Mode.AFTER_L4, 0, false);

    /** By what a split finds its place. */
    public enum Mode {
        /** No split. */
        NONE,
        /** The end of the headers. */
        AFTER_L4,
        /** A number of bytes. */
        FIXED
    }

    /** Checks the length. */
    public HeaderSplit {
        if (mode == Mode.FIXED ? bytes < 1 || bytes > 1024 : bytes != 0) {
            throw new IllegalArgumentException("a fixed header split takes 1 to 1024 bytes, not " + bytes);
        }
    }

    /**
     * After a fixed number of bytes; a shorter frame is all header.
     *
     * @param bytes 1 to 1024
     * @return the split
     */
    public static HeaderSplit fixed(final int bytes) {
        return new HeaderSplit(Mode.FIXED, bytes, false);
    }

    /**
     * Has a card that puts headers apart let every frame start in a header buffer: one that fits there lies there wholly, and
     * takes no room from payload buffers. For cards that leave the choice (82576); what is header and what payload is told
     * just the same.
     *
     * @return a changed copy
     */
    public HeaderSplit usingHeaderBuffersAlways() {
        return new HeaderSplit(mode, bytes, true);
    }
}
