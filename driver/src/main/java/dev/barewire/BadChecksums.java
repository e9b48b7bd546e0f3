package dev.barewire;

/**
 * What becomes of received frames whose IP, TCP or UDP checksum is wrong. Where they are not delivered, neither are frames
 * whose headers contradict themselves, so that it is not known what their checksums cover.
 */
public enum BadChecksums {
    /** The application gets them as they are, marked by {@link Packet#ipChecksum} and {@link Packet#l4Checksum}. */
    DELIVER,
    /** They are dropped, under {@link NicCounters.Name#RX_DROP_CHECKSUM}. */
    WITHHOLD,
    /**
     * The application gets them marked, with all that follows the headers set to zero where it lies: behind the Ethernet
     * header, if the others cannot be read.
     */
    SCRUB
}
