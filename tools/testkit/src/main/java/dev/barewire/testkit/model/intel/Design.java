package dev.barewire.testkit.model.intel;

/**
 * What differs between the cards of the family and is a number.
 *
 * @param queues        receive queues, and as many to send
 * @param queueBytes    from the registers of one queue to those of the next
 * @param receiveBuffer the card's packet buffer for what it receives, in bytes
 * @param transmitBuffer the one for what it sends
 * @param classifies    whether it reads the headers of what it receives
 * @param sums          whether QEMU's model of it looks at checksums as well
 * @param udpStatus     the status bit that says that a UDP checksum was looked at
 * @param word          where EERD has a word's number
 * @param eerdDone      the bit of EERD that says that a word was read
 */
record Design(int queues, int queueBytes, int receiveBuffer, int transmitBuffer, boolean classifies, boolean sums,
    int udpStatus, int word, int eerdDone) {

    /** Where a receive queue's registers start. */
    int receiveRing(final int queue) {
        return Register.RDBAL + queue * queueBytes;
    }

    /** Where a transmit queue's registers start. */
    int transmitRing(final int queue) {
        return Register.TDBAL + queue * queueBytes;
    }

    /** PBA as the card powers on: KiB to receive, and to send. */
    int packetBuffers() {
        return transmitBuffer >> 10 << 16 | receiveBuffer >> 10;
    }
}
