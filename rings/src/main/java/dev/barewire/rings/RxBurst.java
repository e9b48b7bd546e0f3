package dev.barewire.rings;

import dev.barewire.dma.Buffer;

/**
 * What a receive ring reaped: an entry for each buffer that the card has filled, in order. A struct of arrays that is
 * filled again for every burst. It speaks no card's dialect: rings translate status bits to the flags here.
 *
 * <p>An entry's bytes are those in {@link #header}, if it has one, and then those in {@link #buffer}. A card that puts
 * headers apart fills a header buffer with a frame's first entry; one that splits after a fixed length does so too.
 */
public final class RxBurst {
    /**
     * The last entry of a frame; the other flags, but for {@link #BAD_DESCRIPTOR} and {@link #HEADER_SPLIT}, tag and hash
     * are valid only with it.
     */
    public static final int END_OF_FRAME = 1;
    /** The card found the frame bad: CRC, symbol, sequence, receive error. */
    public static final int FRAME_ERROR = 1 << 1;
    /** The card verified the IPv4 header checksum, see {@link #IP_BAD}. */
    public static final int IP_CHECKED = 1 << 2;
    /** The IPv4 header checksum is wrong. */
    public static final int IP_BAD = 1 << 3;
    /** The card verified the TCP or UDP checksum, see {@link #L4_BAD}. */
    public static final int L4_CHECKED = 1 << 4;
    /** The TCP or UDP checksum is wrong. */
    public static final int L4_BAD = 1 << 5;
    /** The card took a VLAN tag off; it is in {@link #vlan}. */
    public static final int VLAN_STRIPPED = 1 << 6;
    /** This descriptor, or an earlier one of the frame, made no sense, so that nothing of the frame can be trusted. */
    public static final int BAD_DESCRIPTOR = 1 << 7;
    /** With an entry that has a header buffer: the card found the end of the header, and cut there. */
    public static final int HEADER_SPLIT = 1 << 8;
    /** The card computed a hash of the frame's flow; it is in {@link #hash}. */
    public static final int HASHED = 1 << 9;
    /**
     * The frame never was on a wire, so that its bytes are as they were sent, but its TCP or UDP checksum is not there yet:
     * the sum of all bytes from {@link #checksumStart} on is to be put {@link #checksumOffset} bytes behind that. Both lie
     * inside the frame.
     */
    public static final int L4_PARTIAL = 1 << 10;
    /** The frame stands for several packets of a flow, each with {@link #mss} bytes of payload but perhaps the last. */
    public static final int COALESCED = 1 << 11;

    /** The buffer that the card put the entry's first bytes into, apart from the rest; null if it did not. */
    public final Buffer[] header;
    /** How many bytes the card wrote to {@link #header}, bounded by what it was told of its size. */
    public final int[] headerLength;
    /** The buffer of each entry, never null, held by whoever reaps. */
    public final Buffer[] buffer;
    /** How many bytes the card wrote to {@link #buffer}, bounded by its capacity; 0 if all went into the header's. */
    public final int[] length;
    /**
     * Where an entry's bytes start in the first buffer that it has: behind what a card of that kind writes in front of a
     * frame. A ring whose card writes nothing there leaves it 0.
     */
    public final int[] offset;
    /** Flags. */
    public final int[] flags;
    /** The tag control information of a stripped VLAN tag. */
    public final int[] vlan;
    /** The hash of the flow. */
    public final int[] hash;
    /** Where a sum that is still to be made starts, in bytes from the frame's first. */
    public final int[] checksumStart;
    /** Where it goes, in bytes behind its start. */
    public final int[] checksumOffset;
    /** Payload bytes of each packet that a frame stands for. */
    public final int[] mss;

    /**
     * Makes room.
     *
     * @param capacity how many entries a burst has at most
     */
    public RxBurst(final int capacity) {
        header = new Buffer[capacity];
        headerLength = new int[capacity];
        buffer = new Buffer[capacity];
        length = new int[capacity];
        offset = new int[capacity];
        flags = new int[capacity];
        vlan = new int[capacity];
        hash = new int[capacity];
        checksumStart = new int[capacity];
        checksumOffset = new int[capacity];
        mss = new int[capacity];
    }

    /**
     * How many entries it has room for.
     *
     * @return the capacity
     */
    public int capacity() {
        return buffer.length;
    }
}
