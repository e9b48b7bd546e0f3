package dev.barewire.testkit.model.intel;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** A TCP/IP context (3.3.6; 82576 datasheet, 7.2.2.2) and what the card does by it: sums where it says, and the headers of segments (3.5). */
final class OffloadContext {
    private static final int IPV4_LENGTH = 2;
    private static final int IPV4_ID = 4;
    private static final int IPV6_LENGTH = 4;
    private static final int IPV6_BYTES = 40;
    private static final int UDP_LENGTH = 4;
    private static final int TCP_SEQUENCE = 4;
    private static final int TCP_FLAGS = 13;
    private static final int FIN_PSH = 0x09;

    private static final int IPV4_CHECKSUM = 10;
    private static final int TCP_CHECKSUM = 16;
    private static final int UDP_CHECKSUM = 6;
    private static final int ADVANCED_IPV4 = 1 << 10;
    private static final int ADVANCED_TCP = 1 << 11;

    private boolean tcp;
    private boolean ipv4;
    /** Where sums start, where they go, and their last byte, or 0 for the frame's. */
    private int ipStart;
    private int ipField;
    private int ipLast;
    private int transportStart;
    private int transportField;
    private int transportLast;
    private int headerLength;
    private int mss;
    private int tag;

    void set(final long first, final long second) {
        tcp = (TxDescriptor.command(second) & TxDescriptor.TUCMD_TCP) != 0;
        ipv4 = (TxDescriptor.command(second) & TxDescriptor.TUCMD_IP) != 0;
        ipStart = (int) first & 0xff;
        ipField = (int) first >>> 8 & 0xff;
        ipLast = (int) first >>> 16;
        transportStart = (int) (first >>> 32) & 0xff;
        transportField = (int) (first >>> 40) & 0xff;
        transportLast = (int) (first >>> 48);
        headerLength = (int) (second >>> 40) & 0xff;
        mss = (int) (second >>> 48);
    }

    /** Takes an advanced context, which has the headers' lengths and leaves it to the card where sums go. */
    void setAdvanced(final long first, final long second) {
        tcp = (second & ADVANCED_TCP) != 0;
        ipv4 = (second & ADVANCED_IPV4) != 0;
        ipStart = (int) first >>> 9 & 0x7f;
        ipField = ipStart + IPV4_CHECKSUM;
        transportStart = ipStart + ((int) first & 0x1ff);
        ipLast = transportStart - 1;
        transportField = transportStart + (tcp ? TCP_CHECKSUM : UDP_CHECKSUM);
        transportLast = 0;
        headerLength = transportStart + ((int) (second >>> 40) & 0xff);
        mss = (int) (second >>> 48);
        tag = (int) first >>> 16;
    }

    int headerLength() {
        return headerLength;
    }

    int mss() {
        return mss;
    }

    /** The VLAN tag of an advanced context. */
    int tag() {
        return tag;
    }

    /** Inserts what the packet's options ask for; the buffer's first byte is the frame's. */
    void insertChecksums(final MutableDirectBuffer frame, final int length, final int options) {
        if ((options & TxDescriptor.POPTS_IXSM) != 0) {
            insert(frame, ipStart, ipField, end(length, ipLast), false);
        }
        if ((options & TxDescriptor.POPTS_TXSM) != 0) {
            insert(frame, transportStart, transportField, end(length, transportLast), !tcp);
        }
    }

    private static int end(final int length, final int last) {
        return last == 0 ? length : Math.min(length, last + 1);
    }

    /** What lies in the field is summed as well. */
    static void insert(
        final MutableDirectBuffer frame, final int start, final int offset, final int end, final boolean udp) {
        if (start >= end || offset > frame.capacity() - Short.BYTES) {
            return;
        }
        final int checksum = ~OnesSum.of(frame, start, end) & 0xffff;
        // To UDP a checksum of 0 means that there is none (RFC 768).
        frame.putShort(offset, (short) (checksum == 0 && udp ? 0xffff : checksum), ByteOrder.BIG_ENDIAN);
    }

    /** Makes the prototype's headers those of a segment (3.5.7): lengths, IP identification, sequence number, flags. */
    void editHeaders(final MutableDirectBuffer segment, final int length, final int number, final boolean last) {
        final int ip = ipStart;
        final int transport = transportStart;
        if (ipv4) {
            put16(segment, ip + IPV4_LENGTH, length - ip);
            put16(segment, ip + IPV4_ID, get16(segment, ip + IPV4_ID) + number);
        } else {
            put16(segment, ip + IPV6_LENGTH, length - ip - IPV6_BYTES);
        }
        if (tcp) {
            final int sequence = segment.getInt(transport + TCP_SEQUENCE, ByteOrder.BIG_ENDIAN);
            segment.putInt(transport + TCP_SEQUENCE, sequence + number * mss, ByteOrder.BIG_ENDIAN);
            if (!last) {
                segment.putByte(
                    transport + TCP_FLAGS, (byte) (segment.getByte(transport + TCP_FLAGS) & ~FIN_PSH));
            }
        } else {
            put16(segment, transport + UDP_LENGTH, length - transport);
        }
        addLength(segment, length - transport);
    }

    /** The seed in the field is the pseudo header without its length, which each segment has of its own. */
    private void addLength(final MutableDirectBuffer segment, final int transportLength) {
        put16(segment, transportField, OnesSum.fold((long) get16(segment, transportField) + transportLength));
    }

    private static int get16(final DirectBuffer buffer, final int at) {
        return buffer.getShort(at, ByteOrder.BIG_ENDIAN) & 0xffff;
    }

    private static void put16(final MutableDirectBuffer buffer, final int at, final int value) {
        buffer.putShort(at, (short) value, ByteOrder.BIG_ENDIAN);
    }
}
