package dev.barewire;

import java.nio.ByteBuffer;

/** Frames for the queues' tests. Checksums are summed here, word by word, apart from the code under test. */
final class Frames {
    static final int UDP_HEADERS = 14 + 20 + 8;
    static final int TCP_HEADERS = 14 + 20 + 20;

    private Frames() {
    }

    /** Ethernet, IPv4, UDP and a payload of 0, 1, 2 ...; all checksums right. */
    static byte[] udp(final int payload) {
        final ByteBuffer frame = ipv4(17, 8 + payload);
        frame.putShort((short) 4000).putShort((short) 5000).putShort((short) (8 + payload)).putShort((short) 0);
        fill(frame, payload);
        return sealed(frame.array(), 40);
    }

    /** Ethernet, IPv4, TCP without options and a payload; all checksums right. */
    static byte[] tcp(final int payload) {
        final ByteBuffer frame = ipv4(6, 20 + payload);
        frame.putShort((short) 4000).putShort((short) 5000).putInt(1000).putInt(2000)
            .putShort((short) (5 << 12 | 0x18)).putShort((short) 8192).putInt(0);
        fill(frame, payload);
        return sealed(frame.array(), 50);
    }

    private static ByteBuffer ipv4(final int protocol, final int length) {
        final ByteBuffer frame = ByteBuffer.allocate(34 + length);
        frame.put(new byte[] {0x52, 0x54, 0, 0x12, 0x34, 0x56, 2, 0, 0, 0, 0, 1}).putShort((short) 0x0800);
        frame.putShort((short) 0x4500).putShort((short) (20 + length)).putInt(0).put((byte) 64).put((byte) protocol)
            .putShort((short) 0).putInt(0x0a000202).putInt(0x0a00020f);
        return frame;
    }

    private static void fill(final ByteBuffer frame, final int payload) {
        for (int i = 0; i < payload; i++) {
            frame.put((byte) i);
        }
    }

    /** Fills the IPv4 and the transport checksum in. */
    static byte[] sealed(final byte[] frame, final int l4Field) {
        final ByteBuffer bytes = ByteBuffer.wrap(frame);
        bytes.putShort(24, (short) 0).putShort(24, (short) ~sum(bytes, 14, 34, 0));
        final int pseudo = sum(bytes, 26, 34, frame[23] + frame.length - 34);
        bytes.putShort(l4Field, (short) 0).putShort(l4Field, (short) ~sum(bytes, 34, frame.length, pseudo));
        return frame;
    }

    private static int sum(final ByteBuffer bytes, final int from, final int to, final int start) {
        int sum = start;
        for (int i = from; i < to; i += 2) {
            sum += (bytes.get(i) & 0xff) << 8 | (i + 1 < to ? bytes.get(i + 1) & 0xff : 0);
        }
        while (sum > 0xffff) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return sum;
    }
}
