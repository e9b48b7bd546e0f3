package dev.barewire.fallback;

import java.io.ByteArrayOutputStream;
import java.util.Random;

/** Builds frames byte by byte, and sums them by the definition: written apart from the code under test. */
final class FrameBuilder {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    static FrameBuilder ethernet(final int... types) {
        final FrameBuilder frame = new FrameBuilder().hex("525400123456 020000000001");
        for (int i = 0; i < types.length; i++) {
            frame.u16(types[i]);
            if (i < types.length - 1) {
                frame.u16(0x2000 + 100 + i);
            }
        }
        return frame;
    }

    FrameBuilder hex(final String digits) {
        final String packed = digits.replace(" ", "");
        for (int i = 0; i < packed.length(); i += 2) {
            out.write(Integer.parseInt(packed.substring(i, i + 2), 16));
        }
        return this;
    }

    FrameBuilder u8(final int value) {
        out.write(value);
        return this;
    }

    FrameBuilder u16(final int value) {
        return u8(value >>> 8).u8(value);
    }

    FrameBuilder u32(final long value) {
        return u16((int) (value >>> 16)).u16((int) value);
    }

    FrameBuilder zeros(final int count) {
        out.writeBytes(new byte[count]);
        return this;
    }

    FrameBuilder random(final int count, final long seed) {
        final byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        out.writeBytes(bytes);
        return this;
    }

    /** An IPv4 header with 4-byte words of options; the checksum is right. */
    FrameBuilder ipv4(final int protocol, final int payload, final int optionWords, final int fragment) {
        final FrameBuilder header = new FrameBuilder().u8(0x45 + optionWords).u8(0).u16(20 + 4 * optionWords + payload)
            .u16(0xBEEF).u16(fragment).u8(64).u8(protocol).u16(0).hex("0A00020F 0A000202");
        for (int i = 0; i < optionWords; i++) {
            header.hex("01010101");
        }
        final byte[] bytes = header.bytes();
        final int checksum = 0xFFFF - naiveSum(bytes, 0, bytes.length);
        bytes[10] = (byte) (checksum >>> 8);
        bytes[11] = (byte) checksum;
        out.writeBytes(bytes);
        return this;
    }

    FrameBuilder ipv6(final int next, final int payload) {
        return u32(0x60012345L).u16(payload).u8(next).u8(64)
            .hex("FD000000000000000000000000000001 FD0000000000000000000000000000FE");
    }

    /** A TCP header with 4-byte words of options and a checksum of 0. */
    FrameBuilder tcp(final int flags, final int optionWords) {
        u16(40000).u16(80).u32(0xFFFF_FF00L).u32(77).u8(5 + optionWords << 4).u8(flags).u16(8192).u16(0).u16(0);
        for (int i = 0; i < optionWords; i++) {
            hex("01010101");
        }
        return this;
    }

    FrameBuilder udp(final int payload) {
        return u16(5353).u16(53).u16(8 + payload).u16(0);
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    /** The one's complement sum by the definition: word by word, the carry brought round at once. */
    static int naiveSum(final byte[] bytes, final int from, final int to) {
        int sum = 0;
        for (int i = from; i < to; i += 2) {
            final int high = bytes[i] & 0xFF;
            final int low = i + 1 < to ? bytes[i + 1] & 0xFF : 0;
            sum += high * 256 + low;
            if (sum > 65535) {
                sum -= 65535;
            }
        }
        return sum;
    }

    /** The checksum that a TCP or UDP message over IPv4 or IPv6 without extension headers should carry. */
    static int naiveTransportChecksum(final byte[] frame, final int l3, final int l4, final int end, final int protocol) {
        final boolean four = frame[l3] >>> 4 == 4;
        final int field = l4 + (protocol == 6 ? 16 : 6);
        final byte[] message = frame.clone();
        message[field] = 0;
        message[field + 1] = 0;
        final FrameBuilder pseudo = new FrameBuilder();
        pseudo.out.write(frame, l3 + (four ? 12 : 8), four ? 8 : 32);
        pseudo.u32(end - l4).u32(protocol);
        pseudo.out.write(message, l4, end - l4);
        return 0xFFFF - naiveSum(pseudo.bytes(), 0, pseudo.bytes().length);
    }
}
