package dev.barewire.testkit.model.intel;

/**
 * What differs between the cards of the family and is a number.
 *
 * @param queues        receive queues, and as many to send
 * @param receiveFirst  where the registers of the first receive queue start, and
 * @param transmitFirst those of the first to send
 * @param queueBytes    from the registers of one queue to those of the next
 * @param queueEnable   the bit of a receive queue's control register that switches it on; 0 if all that is always on
 * @param receiveBuffer the card's packet buffer for what it receives, in bytes
 * @param transmitBuffer the one for what it sends
 * @param reading       how it reads the headers of what it receives
 * @param sums          whether QEMU's model of it looks at checksums as well
 * @param udpStatus     the status bit that says that a UDP checksum was looked at
 * @param word          where EERD has a word's number
 * @param eerdDone      the bit of EERD that says that a word was read
 */
record Design(int queues, int receiveFirst, int transmitFirst, int queueBytes, int queueEnable, int receiveBuffer,
    int transmitBuffer, Reading reading, boolean sums, int udpStatus, int word, int eerdDone) {

    /** How headers are read, and what hashes choose. */
    enum Reading {
        /** Not at all. */
        NONE(0, 0, 0),
        /** The 82574: the highest bit of an entry of the redirection table is the queue (317694, 7.1.11). */
        THE_82574(1, 7, 1),
        /** The 82576: the lowest bits are (82576 datasheet, 7.1.1). */
        THE_82576(2, 0, 7);

        /** What MRQC says where hashes choose a queue. */
        final int mode;
        final int queueShift;
        final int queueMask;

        Reading(final int mode, final int queueShift, final int queueMask) {
            this.mode = mode;
            this.queueShift = queueShift;
            this.queueMask = queueMask;
        }
    }

    /** Where a receive queue's registers start. */
    int receiveRing(final int queue) {
        return receiveFirst + queue * queueBytes;
    }

    /** Where a transmit queue's registers start. */
    int transmitRing(final int queue) {
        return transmitFirst + queue * queueBytes;
    }

    /** Whether descriptors are the 82576's. */
    boolean isAdvanced() {
        return reading == Reading.THE_82576;
    }

    /** PBA as the card powers on: KiB to receive, and to send. */
    int packetBuffers() {
        return transmitBuffer >> 10 << 16 | receiveBuffer >> 10;
    }
}
