package dev.barewire;

/**
 * The state of a card's link.
 *
 * @param up         whether there is one
 * @param mbps       its speed in megabits a second; 0 when there is none
 * @param fullDuplex whether both ends may send at once
 */
public record LinkState(boolean up, int mbps, boolean fullDuplex) {
    /** No link. */
    public static final LinkState DOWN = new LinkState(false, 0, false);

    @Override
    public String toString() {
        return up ? mbps + " Mb/s " + (fullDuplex ? "full" : "half") + " duplex" : "down";
    }
}
