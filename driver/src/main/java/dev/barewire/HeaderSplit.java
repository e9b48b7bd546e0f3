package dev.barewire;

/**
 * Where received frames are split into header and payload.
 *
 * @param mode  by what
 * @param bytes the header's length with {@link Mode#FIXED}, else 0
 */
public record HeaderSplit(Mode mode, int bytes) {
    /** Not at all: the whole frame is payload. */
    public static final HeaderSplit NONE = new HeaderSplit(Mode.NONE, 0);
    /** After the TCP or UDP header; after the IP header of fragments and other protocols; other frames are not split. */
    public static final HeaderSplit AFTER_L4 = new HeaderSplit(Mode.AFTER_L4, 0);

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
        return new HeaderSplit(Mode.FIXED, bytes);
    }
}
