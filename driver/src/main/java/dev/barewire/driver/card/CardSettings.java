package dev.barewire.driver.card;

import dev.barewire.profiles.Offload;
import java.util.Set;

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
 * @param hardware         what the offload plan gives to the card
 * @param maxFrame         the longest frame that is received or sent, in bytes without FCS
 * @param largeReceive     whether the card may give several packets of a flow as one frame
 * @param withheld         names of features that are not to be used, for cards with which features are agreed on
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
    int moderationNanos,
    Set<Offload> hardware,
    int maxFrame,
    boolean largeReceive,
    Set<String> withheld) {
    /** The most entries that a table can be given with; Intel's cards have so many. */
    public static final int MAX_RSS_TABLE = 128;

    /**
     * Settings of a card with which no features are agreed on.
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
    public CardSettings(
        final int rxDescriptors, final int txDescriptors, final int rxBufferSize, final RxSplit split, final int txDataLimit,
        final int txBoundary, final boolean longFrames, final boolean receiveChecksums, final boolean vlanTags,
        final boolean vectors, final byte[] rssKey, final int queues, final int[] rssTable, final int moderationNanos) {
        this(rxDescriptors, txDescriptors, rxBufferSize, split, txDataLimit, txBoundary, longFrames, receiveChecksums, vlanTags,
            vectors, rssKey, queues, rssTable, moderationNanos, Set.of(), 0, false, Set.of());
    }

    /**
     * Whether the offload plan gives something to the card.
     *
     * @param offload what
     * @return true if the card shall do it
     */
    public boolean hardware(final Offload offload) {
        return hardware.contains(offload);
    }

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
