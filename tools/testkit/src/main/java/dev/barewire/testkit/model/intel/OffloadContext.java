package dev.barewire.testkit.model.intel;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** A TCP/IP context (3.3.6) and what the card does by it: sums where it says, and the headers of segments (3.5). */
final class OffloadContext {
    private static final int IPV4_LENGTH = 2;
    private static final int IPV4_ID = 4;
    private static final int IPV6_LENGTH = 4;
    private static final int IPV6_BYTES = 40;
    private static final int UDP_LENGTH = 4;
    private static final int TCP_SEQUENCE = 4;
    private static final int TCP_FLAGS = 13;
    private static final int FIN_PSH = 0x09;

    private long checksums;
    private long control;

    void set(final long first, final long second) {
        checksums = first;
        control = second;
    }

    int payload() {
        return (int) control & 0xf_ffff;
    }

    int headerLength() {
        return (int) (control >>> 40) & 0xff;
    }

    int mss() {
        return (int) (control >>> 48);
    }

    private boolean isTcp() {
        return (TxDescriptor.command(control) & TxDescriptor.TUCMD_TCP) != 0;
    }

    private boolean isIpv4() {
        return (TxDescriptor.command(control) & TxDescriptor.TUCMD_IP) != 0;
    }

    private int ipStart() {
        return (int) checksums & 0xff;
    }

    private int transportStart() {
        return (int) (checksums >>> 32) & 0xff;
    }

    /** Inserts what the packet's options ask for; the buffer's first byte is the frame's. */
    void insertChecksums(final MutableDirectBuffer frame, final int length, final int options) {
        if ((options & TxDescriptor.POPTS_IXSM) != 0) {
            insert(frame, length, (int) checksums, false);
        }
        if ((options & TxDescriptor.POPTS_TXSM) != 0) {
            insert(frame, length, (int) (checksums >>> 32), !isTcp());
        }
    }

    /** Start, offset and inclusive end, of which 0 means the frame's; what lies in the field is summed as well. */
    private static void insert(final MutableDirectBuffer frame, final int length, final int fields, final boolean udp) {
        final int last = fields >>> 16;
        insert(frame, fields & 0xff, fields >>> 8 & 0xff, last == 0 ? length : Math.min(length, last + 1), udp);
    }

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
        final int ip = ipStart();
        final int transport = transportStart();
        if (isIpv4()) {
            put16(segment, ip + IPV4_LENGTH, length - ip);
            put16(segment, ip + IPV4_ID, get16(segment, ip + IPV4_ID) + number);
        } else {
            put16(segment, ip + IPV6_LENGTH, length - ip - IPV6_BYTES);
        }
        if (isTcp()) {
            final int sequence = segment.getInt(transport + TCP_SEQUENCE, ByteOrder.BIG_ENDIAN);
            segment.putInt(transport + TCP_SEQUENCE, sequence + number * mss(), ByteOrder.BIG_ENDIAN);
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
        final int field = (int) (checksums >>> 40) & 0xff;
        put16(segment, field, OnesSum.fold((long) get16(segment, field) + transportLength));
    }

    private static int get16(final DirectBuffer buffer, final int at) {
        return buffer.getShort(at, ByteOrder.BIG_ENDIAN) & 0xffff;
    }

    private static void put16(final MutableDirectBuffer buffer, final int at, final int value) {
        buffer.putShort(at, (short) value, ByteOrder.BIG_ENDIAN);
    }
}
