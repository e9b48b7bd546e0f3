package dev.barewire;

/** What has become of a card. */
public enum NicState {
    /** It moves frames. */
    RUNNING,
    /**
     * It is gone from its bus, or the kernel takes it away: it moves nothing any more. Polls and sends give 0, a wait
     * returns at once or within a millisecond. All buffers are accounted for when it is closed, see {@link Nic#close()}, which
     * it should be soon: the kernel waits for that.
     */
    REMOVED,
    /** It was closed. */
    CLOSED
}
