package dev.barewire.tools.traffic;

import dev.barewire.MacAddress;
import dev.barewire.fallback.Ethernet;
import dev.barewire.fallback.Ipv4;
import dev.barewire.fallback.Tcp;
import dev.barewire.fallback.Udp;
import dev.barewire.tools.frames.FrameWriter;
import dev.barewire.tools.frames.Octets;
import dev.barewire.tools.frames.Station;

/**
 * The shape of generated frames: Ethernet, IPv4, UDP or TCP, then the payload, which begins with the sequence number and
 * the time of sending, 8 bytes each in network order. Flows differ in their source ports.
 *
 * @param from  the first flow's source
 * @param to    the destination
 * @param flows how many flows
 * @param tcp   TCP or UDP
 */
record FlowFrame(Station from, Station to, int flows, boolean tcp) {
    /** Where in the payload the time of sending stands: nanoseconds since 1970. */
    static final int TIME = 8;
    /** The payload bytes that every frame has. */
    static final int STAMP_LENGTH = 16;
    /** Data offset of 5 words, ACK and PSH. */
    private static final int TCP_PLAIN = 5 << 12 | Tcp.ACK | Tcp.PSH;
    private static final int WINDOW = 0xffff;

    static FlowFrame of(final MacAddress from, final MacAddress to, final int[] addresses, final int[] ports,
        final int flows, final boolean tcp) {
        return new FlowFrame(new Station(from.value(), addresses[0], ports[0]), new Station(to.value(), addresses[1], ports[1]),
            flows, tcp);
    }

    /** Where the payload starts. */
    int payloadOffset() {
        return FrameWriter.L4 + (tcp ? Tcp.MIN_LENGTH : Udp.HEADER_LENGTH);
    }

    /** The least length of a frame, without FCS. */
    int leastLength() {
        return Math.max(FrameWriter.MIN_FRAME, payloadOffset() + STAMP_LENGTH);
    }

    /** Writes all that frames of a length have in common, the IPv4 header's checksum included. */
    void write(final Octets frame, final int length) {
        final int payload = length - payloadOffset();
        if (tcp) {
            FrameWriter.ipv4(frame, Ipv4.PROTOCOL_TCP, from, to, Tcp.MIN_LENGTH + payload);
            frame.put16(FrameWriter.L4 + Tcp.SOURCE_PORT, from.port());
            frame.put16(FrameWriter.L4 + Tcp.DESTINATION_PORT, to.port());
            frame.put32(FrameWriter.L4 + Tcp.SEQUENCE, 0);
            frame.put32(FrameWriter.L4 + Tcp.ACKNOWLEDGEMENT, 0);
            frame.put16(FrameWriter.L4 + Tcp.DATA_OFFSET, TCP_PLAIN);
            frame.put16(FrameWriter.L4 + Tcp.WINDOW, WINDOW);
            frame.put16(FrameWriter.L4 + Tcp.CHECKSUM, 0);
            frame.put16(FrameWriter.L4 + Tcp.URGENT, 0);
        } else {
            FrameWriter.udp(frame, from, to, payload);
        }
        for (int i = STAMP_LENGTH; i < payload; i++) {
            frame.put8(payloadOffset() + i, i);
        }
        FrameWriter.sumIpv4(frame);
    }

    /** Writes what differs from frame to frame. */
    void stamp(final Octets frame, final long sequence, final long epochNanos) {
        frame.put16(FrameWriter.L4 + Udp.SOURCE_PORT, from.port() + (int) (sequence % flows));
        final int at = payloadOffset();
        frame.put32(at, (int) (sequence >>> 32));
        frame.put32(at + 4, (int) sequence);
        frame.put32(at + TIME, (int) (epochNanos >>> 32));
        frame.put32(at + TIME + 4, (int) epochNanos);
    }

    /** The bytes of an Ethernet frame that an MTU does not count. */
    static int overhead() {
        return Ethernet.HEADER_LENGTH;
    }
}
