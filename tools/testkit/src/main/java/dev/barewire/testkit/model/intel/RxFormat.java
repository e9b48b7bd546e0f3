package dev.barewire.testkit.model.intel;

/** How a queue's receive descriptors are laid out. */
enum RxFormat {
    /** One buffer, which the write-back leaves as it is (317453, 3.2.3). */
    LEGACY(16),
    /** One buffer; the card writes over all of the descriptor (317694, 7.1.4). */
    EXTENDED(16),
    /** A header's buffer and three more (317694, 7.1.5). */
    PACKET_SPLIT(32),
    /** One buffer, as extended, but for what is told beside the hash (82576 datasheet, 7.1.5). */
    ADVANCED(16),
    /** A buffer, and one for the headers that the card knows. */
    ADVANCED_SPLIT(16),
    /** A buffer, and one in which every frame starts. */
    ADVANCED_ALWAYS(16);

    /** Of a descriptor. */
    final int bytes;

    RxFormat(final int bytes) {
        this.bytes = bytes;
    }
}
