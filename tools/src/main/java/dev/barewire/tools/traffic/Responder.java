package dev.barewire.tools.traffic;

import dev.barewire.NicAgent;
import dev.barewire.Packet;
import dev.barewire.TxQueue;
import dev.barewire.Verdict;
import dev.barewire.fallback.Arp;
import dev.barewire.fallback.Ethernet;
import dev.barewire.fallback.FrameHeaders;
import dev.barewire.fallback.FrameHeaders.Fragment;
import dev.barewire.fallback.FrameHeaders.L3;
import dev.barewire.fallback.FrameHeaders.L4;
import dev.barewire.fallback.FrameParser;
import dev.barewire.fallback.Icmp;
import dev.barewire.fallback.InternetChecksum;
import dev.barewire.fallback.Ipv4;
import dev.barewire.fallback.Udp;
import dev.barewire.tools.frames.Octets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Answers ARP, ICMP echo and UDP, and over IPv6 the same with neighbour discovery. An answer is the frame that asked: its
 * headers are edited where they lie, its payload is not touched, and the checksums stay right because addresses and ports
 * only change places (RFC 1624 for what else changes). One thread's; allocates nothing per frame.
 */
final class Responder implements NicAgent.BurstHandler {
    private static final int WAITING = 1024;
    private static final int TIME_TO_LIVE = 64;
    private static final int RIGHT_SUM = 0xffff;

    private final EchoAddresses self;
    private final Ipv6Answers ipv6;
    private final FrameParser parser = new FrameParser();
    private final FrameHeaders headers = new FrameHeaders();
    private final InternetChecksum checksum = InternetChecksum.best();
    private final Octets.OfFrame frame = new Octets.OfFrame();
    private final Packet[] waiting = new Packet[WAITING];
    private int count;
    private final AtomicLong arp = new AtomicLong();
    private final AtomicLong neighbours = new AtomicLong();
    private final AtomicLong pings = new AtomicLong();
    private final AtomicLong datagrams = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong();
    private final AtomicLong full = new AtomicLong();

    Responder(final EchoAddresses self) {
        this.self = self;
        ipv6 = new Ipv6Answers(self, checksum);
    }

    @Override
    public int onBurst(final Packet[] burst, final int received, final TxQueue tx) {
        for (int i = 0; i < received; i++) {
            final Packet packet = burst[i];
            burst[i] = null;
            if (!answer(packet)) {
                packet.release();
            } else if (count < WAITING) {
                waiting[count++] = packet;
            } else {
                packet.release();
                increment(full);
            }
        }
        return count == 0 ? 0 : send(tx);
    }

    private int send(final TxQueue tx) {
        final int sent = tx.send(waiting, count);
        for (int i = sent; i < count; i++) {
            waiting[i - sent] = waiting[i];
        }
        count -= sent;
        return sent;
    }

    /** Makes the frame its own answer; false if it gets none. */
    private boolean answer(final Packet packet) {
        parser.parse(packet.segments(), headers);
        frame.wrap(packet.segments());
        // A group cannot be answered, and who has our own address is not answered.
        if (headers.l3 == L3.NONE || (frame.get8(Ethernet.SOURCE) & 1) != 0 || frame.getMac(Ethernet.SOURCE) == self.mac()) {
            return false;
        }
        if (headers.l3 == L3.ARP) {
            return answerArp(packet.length());
        }
        if (headers.malformed || headers.fragment != Fragment.NONE) {
            return false;
        }
        if (packet.ipChecksum() == Verdict.BAD || packet.l4Checksum() == Verdict.BAD) {
            increment(wrong);
            return false;
        }
        return switch (headers.l3) {
            case IPV4 -> isForMe() && answerIpv4(packet);
            case IPV6 -> self.hasIpv6() && ipv6.isForMe(frame, headers) && answerIpv6(packet);
            default -> false;
        };
    }

    private boolean answerArp(final int length) {
        final int at = headers.l3Offset;
        if (length < at + Arp.LENGTH || frame.get16(at + Arp.OPERATION) != Arp.REQUEST
            || frame.get16(at + Arp.PROTOCOL_TYPE) != Ethernet.TYPE_IPV4 || frame.get8(at + Arp.HARDWARE_LENGTH) != 6
            || frame.get8(at + Arp.PROTOCOL_LENGTH) != 4 || frame.get32(at + Arp.TARGET_PROTOCOL) != self.ipv4()) {
            return false;
        }
        final long asker = frame.getMac(at + Arp.SENDER_HARDWARE);
        final int address = frame.get32(at + Arp.SENDER_PROTOCOL);
        frame.putMac(Ethernet.DESTINATION, frame.getMac(Ethernet.SOURCE));
        frame.putMac(Ethernet.SOURCE, self.mac());
        frame.put16(at + Arp.OPERATION, Arp.REPLY);
        frame.putMac(at + Arp.SENDER_HARDWARE, self.mac());
        frame.put32(at + Arp.SENDER_PROTOCOL, self.ipv4());
        frame.putMac(at + Arp.TARGET_HARDWARE, asker);
        frame.put32(at + Arp.TARGET_PROTOCOL, address);
        increment(arp);
        return true;
    }

    /** Addressed to this station, by one that can be answered: neither a group, nor nobody, nor itself. */
    private boolean isForMe() {
        final int source = frame.get32(headers.l3Offset + Ipv4.SOURCE);
        return frame.getMac(Ethernet.DESTINATION) == self.mac()
            && frame.get32(headers.l3Offset + Ipv4.DESTINATION) == self.ipv4()
            && source != self.ipv4() && source >>> 28 < 0xe && source >>> 24 != 0 && source >>> 24 != 0x7f;
    }

    private boolean answerIpv4(final Packet packet) {
        if (!(isPing() ? answerPing(packet) : answerDatagram())) {
            return false;
        }
        final int ip = headers.l3Offset;
        swapMacs();
        final int source = frame.get32(ip + Ipv4.SOURCE);
        frame.put32(ip + Ipv4.SOURCE, self.ipv4());
        frame.put32(ip + Ipv4.DESTINATION, source);
        final int before = frame.get16(ip + Ipv4.TIME_TO_LIVE);
        frame.put8(ip + Ipv4.TIME_TO_LIVE, TIME_TO_LIVE);
        adjust(frame, ip + Ipv4.CHECKSUM, before, frame.get16(ip + Ipv4.TIME_TO_LIVE));
        return true;
    }

    private boolean isPing() {
        return headers.protocol == Ipv4.PROTOCOL_ICMP && headers.l4End - headers.l4Offset >= Icmp.HEADER_LENGTH
            && frame.get16(headers.l4Offset + Icmp.TYPE) == Icmp.ECHO_REQUEST << 8;
    }

    private boolean answerPing(final Packet packet) {
        final int icmp = headers.l4Offset;
        if (checksum.sum(packet.segments(), icmp, headers.l4End) != RIGHT_SUM) {
            increment(wrong);
            return false;
        }
        frame.put16(icmp + Icmp.TYPE, Icmp.ECHO_REPLY << 8);
        adjust(frame, icmp + Icmp.CHECKSUM, Icmp.ECHO_REQUEST << 8, Icmp.ECHO_REPLY << 8);
        increment(pings);
        return true;
    }

    /** One who echoes himself is not answered, or the two would never stop. */
    private boolean answerDatagram() {
        final int udp = headers.l4Offset;
        if (headers.l4 != L4.UDP || frame.get16(udp + Udp.DESTINATION_PORT) != self.port()) {
            return false;
        }
        final int port = frame.get16(udp + Udp.SOURCE_PORT);
        if (port == self.port() || port == 0) {
            return false;
        }
        frame.put16(udp + Udp.SOURCE_PORT, self.port());
        frame.put16(udp + Udp.DESTINATION_PORT, port);
        increment(datagrams);
        return true;
    }

    private boolean answerIpv6(final Packet packet) {
        if (ipv6.isSolicitation(frame, headers)) {
            if (!ipv6.answerSolicitation(frame, headers, packet.segments())) {
                return false;
            }
            increment(neighbours);
            return true;
        }
        if (frame.getMac(Ethernet.DESTINATION) != self.mac()) {
            return false;
        }
        if (ipv6.isPing(frame, headers)) {
            if (!ipv6.answerPing(frame, headers, packet.segments())) {
                increment(wrong);
                return false;
            }
            increment(pings);
        } else if (!answerDatagram()) {
            return false;
        }
        swapMacs();
        ipv6.swapAddresses(frame, headers);
        return true;
    }

    private void swapMacs() {
        frame.putMac(Ethernet.DESTINATION, frame.getMac(Ethernet.SOURCE));
        frame.putMac(Ethernet.SOURCE, self.mac());
    }

    /** Follows a change of 16 bits in a checksum (RFC 1624, equation 3). */
    static void adjust(final Octets frame, final int field, final int before, final int after) {
        int sum = (~frame.get16(field) & 0xffff) + (~before & 0xffff) + after;
        sum = (sum & 0xffff) + (sum >>> 16);
        frame.put16(field, ~((sum & 0xffff) + (sum >>> 16)));
    }

    /** This thread's alone to write. */
    private static void increment(final AtomicLong counter) {
        counter.setRelease(counter.getPlain() + 1);
    }

    /** Gives back what waits; when the thread has stopped. */
    void stop() {
        for (int i = 0; i < count; i++) {
            waiting[i].release();
        }
        count = 0;
    }

    long arpAnswers() {
        return arp.getAcquire();
    }

    long neighbourAnswers() {
        return neighbours.getAcquire();
    }

    long pingAnswers() {
        return pings.getAcquire();
    }

    long datagramAnswers() {
        return datagrams.getAcquire();
    }

    /** Frames not answered because a checksum was wrong. */
    long wrongSums() {
        return wrong.getAcquire();
    }

    /** Answers dropped because too many waited to be sent. */
    long dropped() {
        return full.getAcquire();
    }
}
