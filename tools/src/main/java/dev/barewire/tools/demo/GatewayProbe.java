package dev.barewire.tools.demo;

import dev.barewire.Packet;
import dev.barewire.fallback.Arp;
import dev.barewire.fallback.Icmp;
import dev.barewire.tools.frames.FrameWriter;
import dev.barewire.tools.frames.Octets;
import dev.barewire.tools.frames.Station;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Resolves the gateway by ARP and pings it some times, one echo after the other. The data path's thread's. */
final class GatewayProbe {
    /** How many echoes are sent. */
    static final int PINGS = 5;

    private static final long ARP_EVERY = 250_000_000;
    private static final long ECHO_LIMIT = 1_000_000_000;
    private static final int PAYLOAD = 56;
    private static final int IDENTIFIER = 0xb0e;

    private final Station self;
    private final Octets.OfFrame octets = new Octets.OfFrame();
    private final Station unresolved;
    // Progress for other threads: release stores, no fence.
    private final AtomicReference<Station> gateway = new AtomicReference<>();
    private final AtomicInteger replies = new AtomicInteger();
    private final AtomicBoolean done = new AtomicBoolean();
    private int sequence;
    private boolean waiting;
    private long sentAt;

    GatewayProbe(Station self, int gatewayIp) {
        this.self = self;
        this.unresolved = new Station(0, gatewayIp, 0);
        this.sentAt = System.nanoTime() - ARP_EVERY;
    }

    /** Does what is due: asks, pings. */
    void run(long now, Outbox outbox) {
        if (done.getPlain()) {
            return;
        }
        if (gateway.getPlain() == null) {
            if (now - sentAt >= ARP_EVERY) {
                ask(outbox);
                sentAt = now;
            }
        } else if (!waiting || now - sentAt >= ECHO_LIMIT) {
            if (sequence == PINGS) {
                done.setRelease(true);
            } else {
                waiting = true;
                sequence++;
                ping(outbox);
                sentAt = now;
            }
        }
    }

    private void ask(Outbox outbox) {
        Packet packet = outbox.frame(FrameWriter.MIN_FRAME);
        if (packet != null) {
            FrameWriter.arp(octets.wrap(packet.segments()), Arp.REQUEST, self, unresolved);
        }
    }

    private void ping(Outbox outbox) {
        Packet packet = outbox.frame(FrameWriter.ECHO_PAYLOAD + PAYLOAD);
        if (packet != null) {
            octets.wrap(packet.segments());
            FrameWriter.echoRequest(octets, self, gateway.getPlain(), IDENTIFIER, sequence, PAYLOAD);
        }
    }

    /** Takes an ARP reply. */
    void takeArpReply(int ip, long mac) {
        if (gateway.getPlain() == null && ip == unresolved.ip()) {
            gateway.setRelease(new Station(mac, ip, 0));
        }
    }

    /** Takes an echo reply whose checksum is right; the message reaches from {@code from} to {@code end}. */
    void takeEchoReply(Octets frame, int from, int end) {
        if (!waiting || end - from != Icmp.HEADER_LENGTH + PAYLOAD || frame.get16(from + Icmp.IDENTIFIER) != IDENTIFIER
                || frame.get16(from + Icmp.SEQUENCE) != sequence) {
            return;
        }
        for (int i = 0; i < PAYLOAD; i++) {
            if (frame.get8(from + Icmp.HEADER_LENGTH + i) != (i + sequence & 0xff)) {
                return;
            }
        }
        waiting = false;
        replies.setRelease(replies.getPlain() + 1);
    }

    /** {@return the gateway, or null while nobody has answered; from any thread} */
    Station gateway() {
        return gateway.getAcquire();
    }

    /** {@return how many echoes came back whole; from any thread} */
    int replies() {
        return replies.getAcquire();
    }

    /** {@return whether all echoes were answered or given up; from any thread} */
    boolean isDone() {
        return done.getAcquire();
    }
}
