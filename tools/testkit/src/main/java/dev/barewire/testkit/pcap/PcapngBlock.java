package dev.barewire.testkit.pcap;

/** The numbers of pcapng (IETF draft-ietf-opsawg-pcapng), sections 4 and 3.5. */
final class PcapngBlock {
    /** Section 4.1: begins a file, or a section of another byte order. */
    static final int SECTION_HEADER = 0x0a0d0d0a;
    /** Section 4.2. */
    static final int INTERFACE = 1;
    /** Section 4.4: a frame without a time. */
    static final int SIMPLE_PACKET = 3;
    /** Section 4.3: a frame. */
    static final int ENHANCED_PACKET = 6;

    /** Section 4.1: tells the byte order. */
    static final int BYTE_ORDER = 0x1a2b3c4d;
    /** Block type, total length, and total length again behind the body. */
    static final int OVERHEAD = 12;

    /** Section 3.5. */
    static final int END_OF_OPTIONS = 0;
    /** Section 3.5: text. */
    static final int COMMENT = 1;
    /** Section 4.2: the interface's name. */
    static final int INTERFACE_NAME = 2;
    /** Section 4.2: the unit of times, a negative power of 10, or of 2 if the high bit is set. */
    static final int INTERFACE_RESOLUTION = 9;
    /** Section 4.3.1: direction and more. */
    static final int PACKET_FLAGS = 2;
    /** Section 4.3.1: the bits of the direction. */
    static final int DIRECTION = 3;
    /** Section 4.3.1. */
    static final int INBOUND = 1;
    /** Section 4.3.1. */
    static final int OUTBOUND = 2;

    /** LINKTYPE_ETHERNET. */
    static final int ETHERNET = 1;
    /** The power of ten by which times count: nanoseconds. */
    static final int NANOSECONDS = 9;

    private PcapngBlock() {
    }

    /** Blocks and options are filled up to a multiple of 4 bytes. */
    static int padded(final int length) {
        return length + 3 & ~3;
    }
}
