package dev.barewire.testkit.model;

import dev.barewire.MacAddress;
import java.nio.ByteBuffer;

/** Frames with right checksums, summed here word by word. */
final class TestFrames {
    static final int L3 = 14;
    static final int IPV4_L4 = 34;
    static final int IPV6_L4 = 54;
    static final int UDP = 17;
    static final int TCP = 6;

    private TestFrames() {
    }

    static byte[] udp(final MacAddress to, final int payload) {
        return ipv4(to, UDP, payload);
    }

    static byte[] tcp(final MacAddress to, final int payload) {
        return ipv4(to, TCP, payload);
    }

    static byte[] ipv4(final MacAddress to, final int protocol, final int payload) {
        final int l4 = header(protocol) + payload;
        final ByteBuffer frame = ByteBuffer.allocate(IPV4_L4 + l4);
        ethernet(frame, to, 0x0800);
        frame.putShort((short) 0x4500).putShort((short) (20 + l4)).putInt(0x1234_0000).put((byte) 64)
            .put((byte) protocol).putShort((short) 0).putInt(0x0a000202).putInt(0x0a00020f);
        transport(frame, protocol, payload);
        return sealed(frame.array());
    }

    static byte[] ipv6(final MacAddress to, final int protocol, final int payload) {
        final int l4 = header(protocol) + payload;
        final ByteBuffer frame = ByteBuffer.allocate(IPV6_L4 + l4);
        ethernet(frame, to, 0x86dd);
        frame.putInt(0x6000_0000).putShort((short) l4).put((byte) protocol).put((byte) 64)
            .putLong(0xfd00_0000_0000_0001L).putLong(2).putLong(0xfd00_0000_0000_0001L).putLong(3);
        transport(frame, protocol, payload);
        return sealed(frame.array());
    }

    private static void ethernet(final ByteBuffer frame, final MacAddress to, final int type) {
        for (int i = 0; i < 6; i++) {
            frame.put((byte) to.octet(i));
        }
        frame.put(new byte[] {2, 0, 0, 0, 0, 1}).putShort((short) type);
    }

    static int header(final int protocol) {
        return protocol == UDP ? 8 : 20;
    }

    private static void transport(final ByteBuffer frame, final int protocol, final int payload) {
        frame.putShort((short) 4000).putShort((short) 5000);
        if (protocol == UDP) {
            frame.putShort((short) (8 + payload)).putShort((short) 0);
        } else {
            frame.putInt(1000).putInt(2000).putShort((short) (5 << 12 | 0x19)).putShort((short) 8192).putInt(0);
        }
        for (int i = 0; i < payload; i++) {
            frame.put((byte) (i * 7 + payload));
        }
    }

    /** Fills all checksums in. */
    static byte[] sealed(final byte[] frame) {
        final ByteBuffer bytes = ByteBuffer.wrap(frame);
        final boolean v4 = bytes.getShort(12) == 0x0800;
        final int l4 = v4 ? IPV4_L4 : IPV6_L4;
        final int protocol = frame[v4 ? 23 : 20];
        final int field = l4 + (protocol == UDP ? 6 : 16);
        if (v4) {
            bytes.putShort(24, (short) 0).putShort(24, (short) ~sum(bytes, L3, l4, 0));
        }
        final int pseudo = sum(bytes, v4 ? 26 : 22, l4, protocol + frame.length - l4);
        bytes.putShort(field, (short) 0).putShort(field, (short) ~sum(bytes, l4, frame.length, pseudo));
        return frame;
    }

    /** Takes the checksums out, as an application does that wants them filled in. */
    static byte[] unsealed(final byte[] frame) {
        final byte[] bare = frame.clone();
        final boolean v4 = bare[12] == 0x08;
        final int l4 = v4 ? IPV4_L4 : IPV6_L4;
        final int field = l4 + (bare[v4 ? 23 : 20] == UDP ? 6 : 16);
        if (v4) {
            bare[24] = 0;
            bare[25] = 0;
        }
        bare[field] = 0x55;
        bare[field + 1] = 0x55;
        return bare;
    }

    static int sum(final ByteBuffer bytes, final int from, final int to, final int start) {
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
