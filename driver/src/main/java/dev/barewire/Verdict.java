package dev.barewire;

/** What is known of a received frame's checksum. */
public enum Verdict {
    /** It was verified and is right. */
    GOOD,
    /** It was verified and is wrong. */
    BAD,
    /** The frame has none: not IP, a fragment, a UDP datagram over IPv4 sent without. */
    NONE,
    /** Nobody looked: verification is off, or the frame is cut short. */
    UNCHECKED
}
