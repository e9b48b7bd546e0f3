package dev.barewire.testkit.rules;

/**
 * Rules of the 82540EM that nobody can check who sees registers, descriptors and buffers only: why not, and what shows a
 * breach instead.
 */
public enum UncheckedRule {
    /** Up means STATUS.LU. */
    LINK_03("when a driver takes the link for up is its own affair: it may write tails while the cable is out, as this one does;"
        + " link tests hold what it tells"),
    /** Done bit first. */
    RING_07("reads of memory are not seen; a strict model writes a descriptor in two steps, the done bit last, with what makes"
        + " no sense before, so that an early read gives a wrong frame"),
    /** Several descriptors a frame. */
    RX_06("what is made of descriptors that were given back is not seen; frames longer than a buffer are compared"),
    /** Only the last descriptor's findings. */
    RX_07("what is made of descriptors that were given back is not seen; a strict model sets error bits in all but the last of"
        + " a frame, so that a driver that looks there drops it"),
    /** Frames with errors. */
    RX_08("what is made of descriptors that were given back is not seen; hostile garbage-status sets each error bit, and drops"
        + " are counted"),
    /** A ring that ran dry. */
    RX_10("a ring stays empty for as long as the application keeps its buffers; the suite holds that frames flow again"),
    /** No buffer. */
    RX_12("a descriptor without a buffer is a breach of E1K-RING-06 already: no ring of this driver posts one"),
    /** Ignore checksum indication. */
    RXCSUM_01("what is made of the status is not seen; frames with wrong sums are sent, and what is told of them compared"),
    /** Errors beside indications. */
    RXCSUM_02("what is made of the status is not seen; frames with wrong sums are sent, and what is told of them compared"),
    /** Indications that were not asked for. */
    RXCSUM_03("what is made of the status is not seen; the model sets none that RXCSUM does not ask for"),
    /** Whole frames only. */
    TX_12("a frame that was refused is never seen; what is handed over in part is a breach of E1K-RING-14"),
    /** The tag's place. */
    VLAN_02("what is made of descriptors that were given back is not seen; tags that the model took off are compared"),
    /** The hash. */
    FILTER_03("which groups a table is for is not seen; the suite sends frames to groups and to others"),
    /** Hints. */
    INTR_04("whether a driver looks at its ring is not seen; hostile spurious-interrupts and interrupt-storm show what it does"),
    /** The last look. */
    INTR_05("whether a driver looks at its ring is not seen; the suite waits for many thousands of frames one by one"),
    /** Totals. */
    STATS_01("totals are the driver's own; tests compare them with what was sent"),
    /** Full counters. */
    STATS_03("a counter takes 2^32 frames to fill; hostile full-statistics has them full, which is counted"),
    /** Octets. */
    STATS_04("totals are the driver's own; tests compare them with what was sent");

    private final String reason;

    UncheckedRule(final String reason) {
        this.reason = reason;
    }

    /**
     * The rule's id.
     *
     * @return such as {@code E1K-RING-07}
     */
    public String id() {
        return "E1K-" + name().replace('_', '-');
    }

    /**
     * Why it is not checked, and what shows a breach instead.
     *
     * @return a clause
     */
    public String reason() {
        return reason;
    }
}
