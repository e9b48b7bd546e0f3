package dev.barewire.tools.frames;

import dev.barewire.fallback.Arp;
import dev.barewire.fallback.Ethernet;
import dev.barewire.fallback.Icmp;
import dev.barewire.fallback.Ipv4;
import dev.barewire.fallback.Udp;

/** Writes headers into frames from byte 0. Checksums are 0 until asked for. Allocates nothing. */
public final class FrameWriter {
    /** The least length of a frame, without FCS. */
    public static final int MIN_FRAME = 60;
    /** Where an IPv4 header stands. */
    public static final int IP = Ethernet.HEADER_LENGTH;
    /** Where what IPv4 carries stands. */
    public static final int L4 = IP + Ipv4.MIN_LENGTH;
    /** Where a UDP payload starts. */
    public static final int UDP_PAYLOAD = L4 + Udp.HEADER_LENGTH;
    /** Where the payload of an ICMP echo starts. */
    public static final int ECHO_PAYLOAD = L4 + Icmp.HEADER_LENGTH;

    private static final int TIME_TO_LIVE = 64;
    private static final int DO_NOT_FRAGMENT = 0x4000;

    private FrameWriter() {
    }

    /**
     * Writes an Ethernet header.
     *
     * @param frame the frame
     * @param to destination
     * @param from source
     * @param type EtherType
     */
    public static void ethernet(Octets frame, long to, long from, int type) {
        frame.putMac(Ethernet.DESTINATION, to);
        frame.putMac(Ethernet.SOURCE, from);
        frame.put16(Ethernet.TYPE, type);
    }

    /**
     * Writes a whole ARP frame of {@link #MIN_FRAME} bytes.
     *
     * @param frame the frame
     * @param operation {@link Arp#REQUEST} or {@link Arp#REPLY}
     * @param from who sends it
     * @param to who is asked or answered; in a request its Ethernet address is what is wanted
     */
    public static void arp(Octets frame, int operation, Station from, Station to) {
        boolean request = operation == Arp.REQUEST;
        ethernet(frame, request ? Station.BROADCAST : to.mac(), from.mac(), Ethernet.TYPE_ARP);
        int arp = Ethernet.HEADER_LENGTH;
        frame.put16(arp + Arp.HARDWARE_TYPE, 1);
        frame.put16(arp + Arp.PROTOCOL_TYPE, Ethernet.TYPE_IPV4);
        frame.put8(arp + Arp.HARDWARE_LENGTH, 6);
        frame.put8(arp + Arp.PROTOCOL_LENGTH, 4);
        frame.put16(arp + Arp.OPERATION, operation);
        frame.putMac(arp + Arp.SENDER_HARDWARE, from.mac());
        frame.put32(arp + Arp.SENDER_PROTOCOL, from.ip());
        frame.putMac(arp + Arp.TARGET_HARDWARE, request ? 0 : to.mac());
        frame.put32(arp + Arp.TARGET_PROTOCOL, to.ip());
        for (int at = arp + Arp.LENGTH; at < MIN_FRAME; at += 2) {
            frame.put16(at, 0);
        }
    }

    /**
     * Writes Ethernet and IPv4 headers.
     *
     * @param frame the frame
     * @param protocol what it carries
     * @param from source
     * @param to destination
     * @param bytes how much it carries
     */
    public static void ipv4(Octets frame, int protocol, Station from, Station to, int bytes) {
        ethernet(frame, to.mac(), from.mac(), Ethernet.TYPE_IPV4);
        frame.put16(IP + Ipv4.VERSION_LENGTH, 0x4500);
        frame.put16(IP + Ipv4.TOTAL_LENGTH, Ipv4.MIN_LENGTH + bytes);
        frame.put16(IP + Ipv4.IDENTIFICATION, 0);
        frame.put16(IP + Ipv4.FRAGMENT, DO_NOT_FRAGMENT);
        frame.put8(IP + Ipv4.TIME_TO_LIVE, TIME_TO_LIVE);
        frame.put8(IP + Ipv4.PROTOCOL, protocol);
        frame.put16(IP + Ipv4.CHECKSUM, 0);
        frame.put32(IP + Ipv4.SOURCE, from.ip());
        frame.put32(IP + Ipv4.DESTINATION, to.ip());
    }

    /**
     * Writes Ethernet, IPv4 and UDP headers; the payload is the caller's to write at {@link #UDP_PAYLOAD}.
     *
     * @param frame the frame
     * @param from source
     * @param to destination
     * @param bytes of payload
     */
    public static void udp(Octets frame, Station from, Station to, int bytes) {
        ipv4(frame, Ipv4.PROTOCOL_UDP, from, to, Udp.HEADER_LENGTH + bytes);
        frame.put16(L4 + Udp.SOURCE_PORT, from.port());
        frame.put16(L4 + Udp.DESTINATION_PORT, to.port());
        frame.put16(L4 + Udp.LENGTH, Udp.HEADER_LENGTH + bytes);
        frame.put16(L4 + Udp.CHECKSUM, 0);
    }

    /**
     * Writes a whole ICMP echo request with all its checksums; payload byte i is {@code i + sequence}.
     *
     * @param frame the frame
     * @param from source
     * @param to destination
     * @param identifier which ping
     * @param sequence which echo of it
     * @param bytes of payload
     */
    public static void echoRequest(Octets frame, Station from, Station to, int identifier, int sequence, int bytes) {
        ipv4(frame, Ipv4.PROTOCOL_ICMP, from, to, Icmp.HEADER_LENGTH + bytes);
        frame.put16(L4 + Icmp.TYPE, Icmp.ECHO_REQUEST << 8);
        frame.put16(L4 + Icmp.CHECKSUM, 0);
        frame.put16(L4 + Icmp.IDENTIFIER, identifier);
        frame.put16(L4 + Icmp.SEQUENCE, sequence);
        for (int i = 0; i < bytes; i++) {
            frame.put8(ECHO_PAYLOAD + i, i + sequence);
        }
        frame.put16(L4 + Icmp.CHECKSUM, ~InternetSum.of(frame, L4, Icmp.HEADER_LENGTH + bytes, 0));
        sumIpv4(frame);
    }

    /**
     * Fills in the IPv4 header's checksum, where it is 0 now.
     *
     * @param frame the frame
     */
    public static void sumIpv4(Octets frame) {
        frame.put16(IP + Ipv4.CHECKSUM, ~InternetSum.of(frame, IP, Ipv4.MIN_LENGTH, 0));
    }

    /**
     * Fills in a UDP datagram's checksum and its IPv4 header's, where they are 0 now; the payload is in place.
     *
     * @param frame the frame
     */
    public static void sumUdp(Octets frame) {
        int sum = InternetSum.of(frame, L4, frame.get16(L4 + Udp.LENGTH), InternetSum.udpPseudoHeader(frame));
        // A sum of 0 is sent as its other form, since 0 says that there is none (RFC 768).
        frame.put16(L4 + Udp.CHECKSUM, sum == 0xffff ? sum : ~sum);
        sumIpv4(frame);
    }
}
