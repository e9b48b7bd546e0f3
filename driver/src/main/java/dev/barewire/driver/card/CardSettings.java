package dev.barewire.driver.card;

/**
 * How a card shall be set up: what the configuration, the profile and the offload plan came to.
 *
 * @param rxDescriptors    descriptors of a receive ring
 * @param txDescriptors    descriptors of a transmit ring
 * @param rxBufferSize     bytes of a receive buffer, one that the card has
 * @param split            how the card puts headers apart
 * @param txDataLimit      the most bytes that one transmit descriptor may carry
 * @param txBoundary       what no transmit descriptor's data may go across a multiple of; 0 if they may
 * @param longFrames       whether frames above 1522 bytes are taken in
 * @param receiveChecksums whether the card shall verify checksums
 * @param vlanTags         whether the card shall take VLAN tags off and put them in
 * @param vectors          whether the card's interrupts are messages with a vector for each cause (MSI-X)
 * @param rssKey           the key of the hash that the card tells of frames and chooses a queue by; empty for no hash
 * @param queues           receive queues, and as many to send
 * @param rssTable         the queue of each hash, repeated until the card's table is full; empty spreads evenly
 * @param moderationNanos  the least time between two interrupts of a vector; 0 for none
 */
public record CardSettings(
    int rxDescriptors,
    int txDescriptors,
    int rxBufferSize,
    RxSplit split,
    int txDataLimit,
    int txBoundary,
    boolean longFrames,
    boolean receiveChecksums,
    boolean vlanTags,
    boolean vectors,
    byte[] rssKey,
    int queues,
    int[] rssTable,
    int moderationNanos) {
    /** The most entries that a table can be given with; Intel's cards have so many. */
    public static final int MAX_RSS_TABLE = 128;

    /**
     * Which queue an entry of the card's redirection table names.
     *
     * @param entry from 0, the lowest bits of a frame's hash
     * @return the queue
     */
    public int queueOf(final int entry) {
        return rssTable.length == 0 ? entry % queues : rssTable[entry % rssTable.length];
    }
}
