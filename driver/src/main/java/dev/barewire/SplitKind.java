package dev.barewire;

/** How a received frame's header came to be apart from its payload. */
public enum SplitKind {
    /** It is not: no split was asked for, or the frame has no header that the split knows. */
    NOT_SPLIT,
    /** By the card, at the end of the header. */
    CARD_BY_HEADER,
    /** By the card, after a fixed number of bytes. */
    CARD_BY_LENGTH,
    /** By looking: header and payload are views of the buffer that the card filled. Nothing was copied. */
    VIEW,
    /** By copying the header out into a buffer of the header pool; the payload stayed where the card put it. */
    HEADER_COPY
}
