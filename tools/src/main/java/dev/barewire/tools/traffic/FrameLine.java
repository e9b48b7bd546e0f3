package dev.barewire.tools.traffic;

import dev.barewire.Packet;
import dev.barewire.SplitKind;
import dev.barewire.Verdict;
import dev.barewire.fallback.Arp;
import dev.barewire.fallback.Ethernet;
import dev.barewire.fallback.FrameHeaders;
import dev.barewire.fallback.FrameHeaders.Fragment;
import dev.barewire.fallback.FrameHeaders.L3;
import dev.barewire.fallback.FrameHeaders.L4;
import dev.barewire.fallback.FrameParser;
import dev.barewire.fallback.Icmp;
import dev.barewire.fallback.Ipv4;
import dev.barewire.fallback.Ipv6;
import dev.barewire.fallback.Tcp;
import dev.barewire.fallback.Udp;
import dev.barewire.tools.frames.Octets;
import java.util.concurrent.TimeUnit;

/** Writes what a frame is into a line. One thread's; allocates nothing once the line is as long as the longest. */
final class FrameLine {
    private static final long DAY_NANOS = TimeUnit.DAYS.toNanos(1);
    private static final int ADDRESS_GROUPS = 8;
    private static final String HEX = "0123456789abcdef";
    private static final String[] SPLITS = new String[SplitKind.values().length];

    static {
        for (final SplitKind kind : SplitKind.values()) {
            SPLITS[kind.ordinal()] = switch (kind) {
                case NOT_SPLIT -> "not split";
                case CARD_BY_HEADER -> "split by the card after ";
                case CARD_BY_LENGTH -> "split by the card by length after ";
                case VIEW -> "split by view after ";
                case HEADER_COPY -> "split by copy after ";
            };
        }
    }

    private final StringBuilder line = new StringBuilder(512);
    private final FrameParser parser = new FrameParser();
    private final FrameHeaders headers = new FrameHeaders();
    private final Octets.OfFrame octets = new Octets.OfFrame();
    private int frameLength;

    /**
     * Describes a frame.
     *
     * @param packet     the frame
     * @param epochNanos when it came, since 1970
     * @return the line, with its end, until the next call
     */
    StringBuilder of(final Packet packet, final long epochNanos) {
        line.setLength(0);
        frameLength = packet.length();
        parser.parse(packet.segments(), headers);
        octets.wrap(packet.segments());
        time(Math.floorMod(epochNanos, DAY_NANOS));
        line.append(' ').append(packet.length()).append(" bytes ");
        mac(Ethernet.SOURCE);
        line.append(" > ");
        mac(Ethernet.DESTINATION);
        vlans(packet);
        network();
        verdict(", IP checksum ", packet.ipChecksum());
        verdict(headers.l4 == L4.UDP ? ", UDP checksum " : ", TCP checksum ", packet.l4Checksum());
        line.append(", ").append(SPLITS[packet.split().ordinal()]);
        if (packet.split() != SplitKind.NOT_SPLIT) {
            line.append(packet.headerLength());
        }
        return line.append('\n');
    }

    /** UTC, to the microsecond. */
    private void time(final long nanosOfDay) {
        final long micros = nanosOfDay / 1000;
        padded(micros / 3_600_000_000L, 2).append(':');
        padded(micros / 60_000_000 % 60, 2).append(':');
        padded(micros / 1_000_000 % 60, 2).append('.');
        padded(micros % 1_000_000, 6);
    }

    private StringBuilder padded(final long value, final int digits) {
        long bound = 10;
        for (int i = 1; i < digits; i++) {
            if (value < bound) {
                line.append('0');
            }
            bound *= 10;
        }
        return line.append(value);
    }

    private void hex(final int value, final int digits) {
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            line.append(HEX.charAt(value >>> shift & 0xf));
        }
    }

    private void mac(final int at) {
        for (int i = 0; i < 6; i++) {
            hex(octets.get8(at + i), 2);
            if (i < 5) {
                line.append(':');
            }
        }
    }

    private void vlans(final Packet packet) {
        if (packet.hasVlan()) {
            line.append(" VLAN ").append(packet.vlan() & 0xfff).append(" (taken off)");
        }
        if (headers.vlanTags > 0) {
            line.append(" VLAN ").append(headers.outerTag & 0xfff);
        }
        if (headers.vlanTags > 1) {
            line.append(" VLAN ").append(headers.innerTag & 0xfff);
        }
    }

    private void network() {
        switch (headers.l3) {
            case IPV4, IPV6 -> ip();
            case ARP -> arp();
            case OTHER -> {
                line.append(headers.etherType < Ethernet.MIN_TYPE ? " 802.3 length " : " EtherType 0x");
                hex(headers.etherType, 4);
            }
            case NONE -> line.append(" too short");
        }
        if (headers.malformed) {
            line.append(" malformed");
        }
    }

    private void arp() {
        final int arp = headers.l3Offset;
        line.append(" ARP");
        if (frameLength < arp + Arp.LENGTH) {
            line.append(" cut short");
        } else if (octets.get16(arp + Arp.OPERATION) == Arp.REQUEST) {
            line.append(" who has ");
            ipv4(arp + Arp.TARGET_PROTOCOL);
            line.append(" tell ");
            ipv4(arp + Arp.SENDER_PROTOCOL);
        } else {
            line.append(" operation ").append(octets.get16(arp + Arp.OPERATION)).append(": ");
            ipv4(arp + Arp.SENDER_PROTOCOL);
            line.append(" is at ");
            mac(arp + Arp.SENDER_HARDWARE);
        }
    }

    private void ip() {
        final boolean v4 = headers.l3 == L3.IPV4;
        line.append(v4 ? " IPv4" : " IPv6");
        if (headers.l3HeaderLength == 0) {
            return;
        }
        line.append(' ');
        address(headers.l3Offset + (v4 ? Ipv4.SOURCE : Ipv6.SOURCE), Tcp.SOURCE_PORT);
        line.append(" > ");
        address(headers.l3Offset + (v4 ? Ipv4.DESTINATION : Ipv6.DESTINATION), Tcp.DESTINATION_PORT);
        if (headers.fragment != Fragment.NONE) {
            line.append(headers.fragment == Fragment.FIRST ? " first fragment" : " later fragment");
        }
        transport();
    }

    private void transport() {
        final int at = headers.l4Offset;
        switch (headers.l4) {
            case UDP -> line.append(" UDP payload ").append(headers.l4End - at - Udp.HEADER_LENGTH);
            case TCP -> {
                line.append(" TCP ");
                flags(octets.get8(at + Tcp.FLAGS));
                line.append(" seq ").append(octets.get32(at + Tcp.SEQUENCE) & 0xffff_ffffL).append(" payload ")
                    .append(headers.l4End - headers.headerLength);
            }
            default -> protocol(at);
        }
    }

    private void protocol(final int at) {
        final boolean icmp = headers.protocol == (headers.l3 == L3.IPV4 ? Ipv4.PROTOCOL_ICMP : Ipv6.NEXT_ICMP);
        if (icmp && at > 0 && headers.fragment != Fragment.LATER && headers.l4End - at >= Icmp.HEADER_LENGTH) {
            line.append(" ICMP type ").append(octets.get8(at + Icmp.TYPE)).append(" code ").append(octets.get8(at + Icmp.CODE));
        } else {
            line.append(" protocol ").append(headers.protocol);
        }
    }

    private void flags(final int flags) {
        final String names = "FSRPAUEC";
        for (int i = 0; i < names.length(); i++) {
            if ((flags >>> i & 1) != 0) {
                line.append(names.charAt(i));
            }
        }
    }

    private void address(final int at, final int port) {
        if (headers.l3 == L3.IPV4) {
            ipv4(at);
        } else {
            for (int i = 0; i < ADDRESS_GROUPS; i++) {
                hex(octets.get16(at + 2 * i), 4);
                line.append(i < ADDRESS_GROUPS - 1 ? ":" : "");
            }
        }
        if (headers.hasTransport()) {
            line.append(headers.l3 == L3.IPV4 ? ':' : '.').append(octets.get16(headers.l4Offset + port));
        }
    }

    private void ipv4(final int at) {
        for (int i = 0; i < 4; i++) {
            line.append(octets.get8(at + i)).append(i < 3 ? "." : "");
        }
    }

    private void verdict(final String what, final Verdict verdict) {
        if (verdict == Verdict.GOOD || verdict == Verdict.BAD) {
            line.append(what).append(verdict == Verdict.GOOD ? "good" : "BAD");
        }
    }
}
