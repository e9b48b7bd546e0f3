package dev.barewire.tools.suite;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Builds frames header by header as the RFCs have them, lengths and checksums filled in, without any code of the driver:
 * what cards and drivers make of frames is held against it.
 */
final class FrameBuilder {
    static final long BROADCAST = 0xffff_ffff_ffffL;
    /** The card's address in tests that name none. */
    static final long CARD = 0x5254_0012_3456L;
    /** The far station. */
    static final long FAR = 0x0200_0000_0001L;
    static final int MIN_FRAME = 60;
    static final int TCP = 6;
    static final int UDP = 17;

    /** The sequence number of every TCP segment before it is cut. */
    static final int SEQUENCE = 0x01020304;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private long to = CARD;
    private long from = FAR;
    private boolean padded;
    private int ip = -1;
    private int version;
    private int l4 = -1;
    private int protocol;
    private boolean summed = true;
    private int port = 1000;

    /** {@return a frame that the card sends to the far station} */
    static FrameBuilder sent() {
        return new FrameBuilder().to(FAR).from(CARD);
    }

    FrameBuilder to(long station) {
        to = station;
        return this;
    }

    FrameBuilder from(long station) {
        from = station;
        return this;
    }

    private void ethernet() {
        if (out.size() == 0) {
            put48(to);
            put48(from);
        }
    }

    /** A VLAN tag of EtherType 0x8100 (or a service tag). */
    FrameBuilder tag(int type, int control) {
        ethernet();
        return put16(type).put16(control);
    }

    FrameBuilder tag(int control) {
        return tag(0x8100, control);
    }

    FrameBuilder type(int etherType) {
        ethernet();
        return put16(etherType);
    }

    FrameBuilder ipv4(int carried, byte... options) {
        return ipv4(carried, 0x4000, options);
    }

    /** An IPv4 header (RFC 791, 3.1) with its flags and fragment offset. */
    FrameBuilder ipv4(int carried, int fragment, byte[] options) {
        type(0x0800);
        ip = out.size();
        version = 4;
        protocol = carried;
        put16(0x4000 | (5 + options.length / 4) << 8).put16(0).put16(0x1234).put16(fragment).put16(64 << 8 | carried).put16(0);
        put16(0x0a00).put16(0x0002).put16(0x0a00).put16(0x0001);
        return bytes(options);
    }

    /** An IPv6 header (RFC 8200, 3). */
    FrameBuilder ipv6(int next) {
        type(0x86dd);
        ip = out.size();
        version = 6;
        protocol = next;
        put16(0x6000).put16(0).put16(0).put16(next << 8 | 64);
        for (int end = 2; end > 0; end--) {
            put16(0xfd00).put16(0).put16(0).put16(0).put16(0).put16(0).put16(0).put16(end);
        }
        return this;
    }

    /** A hop-by-hop or destination options header of 8 bytes times units; it carries the next. */
    FrameBuilder extension(int next, int units) {
        put16(next << 8 | units - 1);
        bytes(new byte[units * 8 - 2]);
        protocol = next;
        return this;
    }

    /** An IPv6 fragment header. */
    FrameBuilder fragment(int next, int field) {
        put16(next << 8).put16(field).put16(0x5555).put16(0xaaaa);
        protocol = next;
        return this;
    }

    /** The source port of the header to come. */
    FrameBuilder port(int source) {
        port = source;
        return this;
    }

    FrameBuilder udp() {
        l4 = out.size();
        return put16(port).put16(2000).put16(0).put16(0);
    }

    /** Options fill up to whole words. */
    FrameBuilder tcp(byte... options) {
        l4 = out.size();
        put16(port).put16(2000).put16(SEQUENCE >>> 16).put16(SEQUENCE).put16(0).put16(0);
        return put16((5 + options.length / 4) << 12 | 0x18).put16(0xffff).put16(0).put16(0).bytes(options);
    }

    /** Leaves the transport's checksum at 0. */
    FrameBuilder withoutSum() {
        summed = false;
        return this;
    }

    FrameBuilder payload(int length, int seed) {
        return bytes(noise(length, seed));
    }

    FrameBuilder bytes(String text) {
        return bytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    FrameBuilder bytes(byte... more) {
        ethernet();
        out.writeBytes(more);
        return this;
    }

    /** Fills up to the least length of a frame. */
    FrameBuilder pad() {
        padded = true;
        return this;
    }

    /** Bytes that are the same for the same seed and different for others. */
    static byte[] noise(int length, int seed) {
        byte[] bytes = new byte[length];
        int state = seed * 0x9E3779B9 + 1;
        for (int i = 0; i < length; i++) {
            state ^= state << 13;
            state ^= state >>> 17;
            state ^= state << 5;
            bytes[i] = (byte) state;
        }
        return bytes;
    }

    /** {@return the frame, lengths and checksums right} */
    byte[] build() {
        byte[] frame = out.toByteArray();
        if (ip >= 0) {
            finish(frame);
        }
        return padded && frame.length < MIN_FRAME ? Arrays.copyOf(frame, MIN_FRAME) : frame;
    }

    /** Fills in lengths and checksums of a frame that has all its bytes. */
    private void finish(byte[] frame) {
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        if (version == 4) {
            bytes.putShort(ip + 2, (short) (frame.length - ip));
            bytes.putShort(ip + 10, (short) ~sum(frame, ip, ip + (frame[ip] & 15) * 4, 0));
        } else {
            bytes.putShort(ip + 4, (short) (frame.length - ip - 40));
        }
        if (l4 >= 0) {
            if (protocol == UDP) {
                bytes.putShort(l4 + 4, (short) (frame.length - l4));
            }
            if (summed) {
                sumTransport(frame, ip, version, l4, protocol, frame.length);
            }
        }
    }

    /**
     * Cuts a TCP frame into segments as a sender would have made them (RFC 9293): each with its own sequence number, IPv4
     * identification, lengths and checksums; FIN and PSH only in the last.
     */
    static List<byte[]> cut(byte[] frame, int ip, int version, int l4, int header, int mss) {
        List<byte[]> segments = new ArrayList<>();
        for (int at = header; at < frame.length; at += mss) {
            int payload = Math.min(mss, frame.length - at);
            byte[] segment = Arrays.copyOf(frame, header + payload);
            System.arraycopy(frame, at, segment, header, payload);
            ByteBuffer bytes = ByteBuffer.wrap(segment);
            if (version == 4) {
                bytes.putShort(ip + 2, (short) (segment.length - ip));
                bytes.putShort(ip + 4, (short) (bytes.getShort(ip + 4) + segments.size()));
                bytes.putShort(ip + 10, (short) 0);
                bytes.putShort(ip + 10, (short) ~sum(segment, ip, l4, 0));
            } else {
                bytes.putShort(ip + 4, (short) (segment.length - ip - 40));
            }
            bytes.putInt(l4 + 4, bytes.getInt(l4 + 4) + at - header);
            if (at + payload < frame.length) {
                segment[l4 + 13] &= ~0x09;
            }
            sumTransport(segment, ip, version, l4, TCP, segment.length);
            segments.add(segment.length < MIN_FRAME ? Arrays.copyOf(segment, MIN_FRAME) : segment);
        }
        return segments;
    }

    /** Puts the TCP or UDP checksum in; the addresses are those of the IP header. */
    static void sumTransport(byte[] frame, int ip, int version, int l4, int protocol, int end) {
        int at = l4 + (protocol == UDP ? 6 : 16);
        frame[at] = 0;
        frame[at + 1] = 0;
        int addresses = version == 4 ? sum(frame, ip + 12, ip + 20, 0) : sum(frame, ip + 8, ip + 40, 0);
        int checksum = ~sum(frame, l4, end, addresses + protocol + (end - l4)) & 0xffff;
        if (protocol == UDP && checksum == 0) {
            checksum = 0xffff;
        }
        frame[at] = (byte) (checksum >>> 8);
        frame[at + 1] = (byte) checksum;
    }

    /** The Internet checksum's sum (RFC 1071), folded. */
    static int sum(byte[] bytes, int from, int end, int start) {
        long sum = start;
        for (int i = from; i < end; i++) {
            sum += (bytes[i] & 0xff) << ((i - from) % 2 == 0 ? 8 : 0);
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (int) sum;
    }

    private FrameBuilder put16(int value) {
        out.write(value >>> 8);
        out.write(value);
        return this;
    }

    private void put48(long value) {
        put16((int) (value >>> 32)).put16((int) (value >>> 16)).put16((int) value);
    }
}
