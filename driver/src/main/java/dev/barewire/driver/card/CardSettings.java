package dev.barewire.driver.card;

/**
 * How a card shall be set up: what the configuration, the profile and the offload plan came to.
 *
 * @param rxDescriptors    descriptors of a receive ring
 * @param txDescriptors    descriptors of a transmit ring
 * @param rxBufferSize     bytes of a receive buffer, one that the card has
 * @param txDataLimit      the most bytes that one transmit descriptor may carry
 * @param longFrames       whether frames above 1522 bytes are taken in
 * @param receiveChecksums whether the card shall verify checksums
 * @param vlanTags         whether the card shall take VLAN tags off and put them in
 */
public record CardSettings(
    int rxDescriptors,
    int txDescriptors,
    int rxBufferSize,
    int txDataLimit,
    boolean longFrames,
    boolean receiveChecksums,
    boolean vlanTags) {
}
