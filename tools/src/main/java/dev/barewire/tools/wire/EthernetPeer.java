package dev.barewire.tools.wire;

import dev.barewire.fallback.Arp;
import dev.barewire.fallback.Ethernet;
import dev.barewire.fallback.Icmp;
import dev.barewire.fallback.Ipv4;
import dev.barewire.fallback.Udp;
import dev.barewire.testkit.wire.StreamWire;
import dev.barewire.tools.frames.FrameWriter;
import dev.barewire.tools.frames.InternetSum;
import dev.barewire.tools.frames.Octets;
import dev.barewire.tools.frames.Station;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A station at the outer end of a {@link StreamWire}: answers ARP and ping, resolves and pings others, exchanges UDP
 * datagrams of any size that a frame can have. It verifies every checksum and ignores all else.
 */
public final class EthernetPeer implements AutoCloseable {
    private static final int QUEUED = 4096;

    private final StreamWire wire;
    private final Station self;
    private final Thread reader;
    private final BlockingQueue<Station> arpReplies = new ArrayBlockingQueue<>(QUEUED);
    private final BlockingQueue<ByteBuffer> echoReplies = new ArrayBlockingQueue<>(QUEUED);
    private final BlockingQueue<ByteBuffer> datagrams = new ArrayBlockingQueue<>(QUEUED);
    private final AtomicInteger wrongSums = new AtomicInteger();
    private volatile IOException failure;

    /**
     * Plugs a station in.
     *
     * @param wire the cable, which is closed with the station
     * @param self its addresses, and the UDP port that it takes datagrams at
     */
    public EthernetPeer(StreamWire wire, Station self) {
        this.wire = wire;
        this.self = self;
        this.reader = Thread.ofPlatform().daemon().name("ethernet-peer").start(this::read);
    }

    private void read() {
        ByteBuffer frame = ByteBuffer.allocateDirect(StreamWire.MAX_FRAME);
        Octets octets = new Octets.OfByteBuffer(frame);
        try {
            while (wire.receive(frame)) {
                take(frame, octets);
            }
            failure = new IOException("the wire's other side has hung up");
        } catch (IOException e) {
            failure = e;
        }
    }

    private void take(ByteBuffer frame, Octets octets) throws IOException {
        if (frame.limit() < Ethernet.HEADER_LENGTH) {
            return;
        }
        int type = octets.get16(Ethernet.TYPE);
        if (type == Ethernet.TYPE_ARP && frame.limit() >= Ethernet.HEADER_LENGTH + Arp.LENGTH) {
            takeArp(octets);
        } else if (type == Ethernet.TYPE_IPV4 && isForMe(frame, octets)) {
            int end = FrameWriter.IP + octets.get16(FrameWriter.IP + Ipv4.TOTAL_LENGTH);
            int protocol = octets.get8(FrameWriter.IP + Ipv4.PROTOCOL);
            if (protocol == Ipv4.PROTOCOL_ICMP && end >= FrameWriter.ECHO_PAYLOAD) {
                takeIcmp(frame.limit(end), octets);
            } else if (protocol == Ipv4.PROTOCOL_UDP && end >= FrameWriter.UDP_PAYLOAD) {
                takeUdp(frame.limit(end), octets);
            }
        }
    }

    /** Whether it is a whole IPv4 packet to this station, without options and with a right header checksum. */
    private boolean isForMe(ByteBuffer frame, Octets octets) {
        int ip = FrameWriter.IP;
        if (frame.limit() < FrameWriter.L4 || octets.getMac(Ethernet.DESTINATION) != self.mac()
                || octets.get8(ip + Ipv4.VERSION_LENGTH) != 0x45 || octets.get32(ip + Ipv4.DESTINATION) != self.ip()) {
            return false;
        }
        int fragment = octets.get16(ip + Ipv4.FRAGMENT) & (Ipv4.MORE_FRAGMENTS | Ipv4.FRAGMENT_OFFSET);
        return fragment == 0 && ip + octets.get16(ip + Ipv4.TOTAL_LENGTH) <= frame.limit()
                && isRight(InternetSum.of(octets, ip, Ipv4.MIN_LENGTH, 0));
    }

    private boolean isRight(int sum) {
        if (sum != 0xffff) {
            wrongSums.incrementAndGet();
        }
        return sum == 0xffff;
    }

    private void takeArp(Octets frame) throws IOException {
        int arp = Ethernet.HEADER_LENGTH;
        Station from = new Station(frame.getMac(arp + Arp.SENDER_HARDWARE), frame.get32(arp + Arp.SENDER_PROTOCOL), 0);
        if (frame.get32(arp + Arp.TARGET_PROTOCOL) != self.ip()) {
            return;
        }
        if (frame.get16(arp + Arp.OPERATION) == Arp.REQUEST) {
            sendArp(Arp.REPLY, from);
        } else if (frame.getMac(Ethernet.DESTINATION) == self.mac()) {
            arpReplies.offer(from);
        }
    }

    private void sendArp(int operation, Station to) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(FrameWriter.MIN_FRAME);
        FrameWriter.arp(new Octets.OfByteBuffer(frame), operation, self, to);
        wire.send(frame);
    }

    private void takeIcmp(ByteBuffer frame, Octets octets) throws IOException {
        int icmp = FrameWriter.L4;
        if (!isRight(InternetSum.of(octets, icmp, frame.limit() - icmp, 0))) {
            return;
        }
        int type = octets.get8(icmp + Icmp.TYPE);
        if (type == Icmp.ECHO_REPLY) {
            echoReplies.offer(copyOf(frame, 0));
        } else if (type == Icmp.ECHO_REQUEST) {
            ByteBuffer answer = copyOf(frame, 0);
            Octets reply = new Octets.OfByteBuffer(answer);
            Station to = new Station(octets.getMac(Ethernet.SOURCE), octets.get32(FrameWriter.IP + Ipv4.SOURCE), 0);
            FrameWriter.ipv4(reply, Ipv4.PROTOCOL_ICMP, self, to, frame.limit() - icmp);
            reply.put8(icmp + Icmp.TYPE, Icmp.ECHO_REPLY);
            reply.put16(icmp + Icmp.CHECKSUM, 0);
            reply.put16(icmp + Icmp.CHECKSUM, ~InternetSum.of(reply, icmp, frame.limit() - icmp, 0));
            FrameWriter.sumIpv4(reply);
            wire.send(answer);
        }
    }

    private void takeUdp(ByteBuffer frame, Octets octets) {
        int udp = FrameWriter.L4;
        int length = octets.get16(udp + Udp.LENGTH);
        if (length < Udp.HEADER_LENGTH || udp + length > frame.limit()
                || octets.get16(udp + Udp.DESTINATION_PORT) != self.port()) {
            return;
        }
        if (octets.get16(udp + Udp.CHECKSUM) == 0
                || isRight(InternetSum.of(octets, udp, length, InternetSum.udpPseudoHeader(octets)))) {
            datagrams.offer(copyOf(frame.limit(udp + length), FrameWriter.UDP_PAYLOAD));
        }
    }

    private static ByteBuffer copyOf(ByteBuffer frame, int from) {
        return ByteBuffer.allocate(frame.limit() - from).put(0, frame, from, frame.limit() - from);
    }

    /**
     * Asks who has an address, once a quarter of a second.
     *
     * @param ip the address
     * @param limit how long to ask
     * @return who has it, or null if nobody answered
     * @throws IOException if the cable is cut
     */
    public Station resolve(int ip, Duration limit) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < deadline) {
            sendArp(Arp.REQUEST, new Station(0, ip, 0));
            long until = System.nanoTime() + 250_000_000;
            for (Station reply = poll(arpReplies, until); reply != null; reply = poll(arpReplies, until)) {
                if (reply.ip() == ip) {
                    return reply;
                }
            }
        }
        return null;
    }

    /**
     * Pings a station, one echo after the other.
     *
     * @param to the station
     * @param count how many echoes
     * @param bytes of payload in each
     * @param limit how long to wait for each
     * @return how many replies came that have the right number and all of the payload
     * @throws IOException if the cable is cut
     */
    public int ping(Station to, int count, int bytes, Duration limit) throws IOException {
        int identifier = System.identityHashCode(to) & 0xffff;
        int replies = 0;
        for (int sequence = 1; sequence <= count; sequence++) {
            ByteBuffer request = ByteBuffer.allocate(FrameWriter.ECHO_PAYLOAD + bytes);
            FrameWriter.echoRequest(new Octets.OfByteBuffer(request), self, to, identifier, sequence, bytes);
            wire.send(request);
            long until = System.nanoTime() + limit.toNanos();
            ByteBuffer reply = poll(echoReplies, until);
            while (reply != null && !isReplyTo(request, reply)) {
                reply = poll(echoReplies, until);
            }
            replies += reply == null ? 0 : 1;
        }
        return replies;
    }

    /** Another station may answer for the one that was asked, as QEMU's user network does. */
    private static boolean isReplyTo(ByteBuffer request, ByteBuffer reply) {
        int from = FrameWriter.L4 + Icmp.IDENTIFIER;
        int bytes = request.capacity() - from;
        long asked = new Octets.OfByteBuffer(request).getMac(Ethernet.DESTINATION);
        return reply.capacity() == request.capacity() && new Octets.OfByteBuffer(reply).getMac(Ethernet.SOURCE) == asked
                && reply.slice(from, bytes).equals(request.slice(from, bytes));
    }

    private <T> T poll(BlockingQueue<T> queue, long until) throws IOException {
        try {
            T item = queue.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (item == null && failure != null) {
                throw failure;
            }
            return item;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /**
     * Sends a UDP datagram.
     *
     * @param to who gets it
     * @param payload from its position to its limit
     * @throws IOException if the cable is cut
     */
    public void send(Station to, ByteBuffer payload) throws IOException {
        int bytes = payload.remaining();
        ByteBuffer frame = ByteBuffer.allocate(Math.max(FrameWriter.MIN_FRAME, FrameWriter.UDP_PAYLOAD + bytes));
        Octets octets = new Octets.OfByteBuffer(frame);
        FrameWriter.udp(octets, self, to, bytes);
        frame.put(FrameWriter.UDP_PAYLOAD, payload, payload.position(), bytes);
        payload.position(payload.limit());
        FrameWriter.sumUdp(octets);
        wire.send(frame);
    }

    /**
     * Takes a UDP datagram that came to this station's port.
     *
     * @param nanos how long to wait
     * @return its payload, or null if none came
     * @throws IOException if the cable is cut
     */
    public ByteBuffer receive(long nanos) throws IOException {
        return poll(datagrams, System.nanoTime() + nanos);
    }

    /** {@return how many frames were dropped because of a wrong checksum} */
    public int wrongSums() {
        return wrongSums.get();
    }

    /** Unplugs the station. */
    @Override
    public void close() throws IOException {
        wire.close();
        try {
            reader.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
