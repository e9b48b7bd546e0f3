package dev.barewire.fallback;

/** What looking at a received frame's checksum gave. */
public enum ChecksumVerdict {
    /** The sum is right. */
    GOOD,
    /** The sum is wrong. */
    BAD,
    /** There is none to check: not IP, a fragment, another protocol, IPv6's header, UDP over IPv4 that sends none. */
    NONE,
    /** It could not be checked, since the frame is cut short or contradicts itself. */
    UNCHECKED
}
