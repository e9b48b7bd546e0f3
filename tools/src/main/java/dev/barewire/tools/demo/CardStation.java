package dev.barewire.tools.demo;

import dev.barewire.NicAgent;
import dev.barewire.Packet;
import dev.barewire.TxQueue;
import dev.barewire.Verdict;
import dev.barewire.dma.Segment;
import dev.barewire.fallback.Arp;
import dev.barewire.fallback.Ethernet;
import dev.barewire.fallback.FrameHeaders;
import dev.barewire.fallback.FrameHeaders.L3;
import dev.barewire.fallback.FrameHeaders.L4;
import dev.barewire.fallback.FrameParser;
import dev.barewire.fallback.Icmp;
import dev.barewire.fallback.InternetChecksum;
import dev.barewire.fallback.Ipv4;
import dev.barewire.fallback.Udp;
import dev.barewire.tools.frames.Octets;
import dev.barewire.tools.frames.Station;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The demo's data path: answers ARP and ping out of the frame that asked, probes the gateway, hands datagrams to the
 * {@link FileKeeper}. Frames whose checksum is wrong are dropped and counted. One thread's; allocates nothing per frame.
 */
final class CardStation implements NicAgent.BurstHandler {
    private final Station self;
    private final Outbox outbox;
    private final GatewayProbe probe;
    private final FileKeeper keeper;
    private final FrameParser parser = new FrameParser();
    private final FrameHeaders headers = new FrameHeaders();
    private final InternetChecksum checksum = InternetChecksum.best();
    private final Octets.OfFrame octets = new Octets.OfFrame();
    private long frames;
    private long verifiedFrames;
    private long wrongFrames;
    private long arpAnswers;
    private long echoAnswers;
    private final AtomicBoolean idle = new AtomicBoolean(true);

    CardStation(Station self, Outbox outbox, GatewayProbe probe, FileKeeper keeper) {
        this.self = self;
        this.outbox = outbox;
        this.probe = probe;
        this.keeper = keeper;
    }

    @Override
    public int onBurst(Packet[] burst, int count, TxQueue tx) {
        long now = System.nanoTime();
        frames += count;
        for (int i = 0; i < count; i++) {
            Packet packet = burst[i];
            burst[i] = null;
            if (!take(packet, now)) {
                packet.release();
            }
        }
        probe.run(now, outbox);
        keeper.run(now, outbox);
        int sent = outbox.flush();
        frames += sent;
        idle.setRelease(outbox.isIdle());
        return sent;
    }

    /** {@return true if the packet was sent on, so that it is not to be released} */
    private boolean take(Packet packet, long now) {
        if (packet.ipChecksum() == Verdict.BAD || packet.l4Checksum() == Verdict.BAD) {
            wrongFrames++;
            return false;
        }
        parser.parse(packet.segments(), headers);
        if (headers.l3 == L3.ARP) {
            return takeArp(packet);
        }
        if (headers.l3 != L3.IPV4 || headers.malformed || headers.fragment != FrameHeaders.Fragment.NONE) {
            return false;
        }
        octets.wrap(packet.segments());
        if (octets.get32(headers.l3Offset + Ipv4.DESTINATION) != self.ip()
                || octets.getMac(Ethernet.DESTINATION) != self.mac()) {
            return false;
        }
        if (headers.protocol == Ipv4.PROTOCOL_ICMP) {
            return takeIcmp(packet);
        }
        if (headers.l4 == L4.UDP && octets.get16(headers.l4Offset + Udp.DESTINATION_PORT) == self.port()) {
            if (packet.l4Checksum() == Verdict.GOOD) {
                verifiedFrames++;
            }
            keeper.take(packet, headers, now, frames);
        }
        return false;
    }

    private boolean takeArp(Packet packet) {
        int arp = headers.l3Offset;
        if (packet.segments().length(0) < arp + Arp.LENGTH || arp != Ethernet.HEADER_LENGTH) {
            return false;
        }
        octets.wrap(packet.segments());
        if (octets.get32(arp + Arp.TARGET_PROTOCOL) != self.ip()) {
            return false;
        }
        int operation = octets.get16(arp + Arp.OPERATION);
        long mac = octets.getMac(arp + Arp.SENDER_HARDWARE);
        int ip = octets.get32(arp + Arp.SENDER_PROTOCOL);
        if (operation != Arp.REQUEST) {
            probe.takeArpReply(ip, mac);
            return false;
        }
        octets.putMac(Ethernet.DESTINATION, mac);
        octets.putMac(Ethernet.SOURCE, self.mac());
        octets.put16(arp + Arp.OPERATION, Arp.REPLY);
        octets.putMac(arp + Arp.TARGET_HARDWARE, mac);
        octets.put32(arp + Arp.TARGET_PROTOCOL, ip);
        octets.putMac(arp + Arp.SENDER_HARDWARE, self.mac());
        octets.put32(arp + Arp.SENDER_PROTOCOL, self.ip());
        arpAnswers++;
        outbox.forward(packet);
        return true;
    }

    private boolean takeIcmp(Packet packet) {
        int icmp = headers.l4Offset;
        if (headers.l4End - icmp < Icmp.HEADER_LENGTH) {
            return false;
        }
        if (checksum.sum(packet.segments(), icmp, headers.l4End) != 0xffff) {
            wrongFrames++;
            return false;
        }
        int type = octets.get8(icmp + Icmp.TYPE);
        if (type == Icmp.ECHO_REPLY) {
            probe.takeEchoReply(octets, icmp, headers.l4End);
        } else if (type == Icmp.ECHO_REQUEST) {
            answerEcho(icmp);
            echoAnswers++;
            outbox.forward(packet);
            return true;
        }
        return false;
    }

    /** Turns a request into its reply, in place; the IPv4 header's sum stays right when the addresses change places. */
    private void answerEcho(int icmp) {
        octets.putMac(Ethernet.DESTINATION, octets.getMac(Ethernet.SOURCE));
        octets.putMac(Ethernet.SOURCE, self.mac());
        int ip = headers.l3Offset;
        octets.put32(ip + Ipv4.DESTINATION, octets.get32(ip + Ipv4.SOURCE));
        octets.put32(ip + Ipv4.SOURCE, self.ip());
        octets.put8(icmp + Icmp.TYPE, Icmp.ECHO_REPLY);
        // The message's sum has lost 0x0800, so its complement gains as much (RFC 1624).
        int sum = octets.get16(icmp + Icmp.CHECKSUM) + (Icmp.ECHO_REQUEST << 8);
        octets.put16(icmp + Icmp.CHECKSUM, (sum & 0xffff) + (sum >>> 16));
    }

    /** {@return whether nothing waits to be sent, as of the last duty cycle; from any thread} */
    boolean isIdle() {
        return idle.getAcquire();
    }

    /** {@return datagrams whose UDP checksum was found right; when the data path has stopped} */
    long verifiedFrames() {
        return verifiedFrames;
    }

    /** {@return frames dropped because a checksum was wrong; when the data path has stopped} */
    long wrongFrames() {
        return wrongFrames;
    }

    /** {@return ARP requests answered; when the data path has stopped} */
    long arpAnswers() {
        return arpAnswers;
    }

    /** {@return pings answered; when the data path has stopped} */
    long echoAnswers() {
        return echoAnswers;
    }
}
