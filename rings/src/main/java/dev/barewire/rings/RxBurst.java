package dev.barewire.rings;

import dev.barewire.dma.Buffer;

/**
 * What a receive ring reaped: one entry for each descriptor that the card has done with, in order. A struct of arrays
 * that is filled again for every burst. It speaks no card's dialect: rings translate status bits to the flags here.
 */
public final class RxBurst {
    /** The last descriptor of a frame; the other flags, but for {@link #BAD_DESCRIPTOR}, and the tag are valid only with it. */
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

    /** The buffer of each descriptor, held by whoever reaps. */
    public final Buffer[] buffer;
    /** How many bytes the card wrote to it, bounded by its capacity. */
    public final int[] length;
    /** Flags. */
    public final int[] flags;
    /** The tag control information of a stripped VLAN tag. */
    public final int[] vlan;

    /**
     * Makes room.
     *
     * @param capacity how many descriptors a burst has at most
     */
    public RxBurst(final int capacity) {
        buffer = new Buffer[capacity];
        length = new int[capacity];
        flags = new int[capacity];
        vlan = new int[capacity];
    }

    /**
     * How many descriptors it has room for.
     *
     * @return the capacity
     */
    public int capacity() {
        return buffer.length;
    }
}
