package dev.barewire.testkit.model.intel;

/** What the card has found of a received frame and tells of in its last descriptor. */
final class FrameFacts {
    /** Status as legacy descriptors have it, errors eight bits above, the tag that was taken off sixteen above. */
    int findings;
    /** Which queue it goes to. */
    int queue;
    /** Where its headers end; 0 if the card does not know them. */
    int headerLength;
    /** What the hash was computed of, as descriptors have it; 0 for no hash. */
    int hashType;
    int hash;

    int status() {
        return findings & 0xff;
    }

    int errors() {
        return findings >>> 8 & 0xff;
    }

    int tag() {
        return findings >>> 16;
    }
}
