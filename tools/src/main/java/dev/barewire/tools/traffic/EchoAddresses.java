package dev.barewire.tools.traffic;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Who a responder is.
 *
 * @param mac   its Ethernet address
 * @param ipv4  its IPv4 address
 * @param high  the first half of its IPv6 address; 0 for none, with the second half
 * @param low   the second half
 * @param port  the UDP port at which it echoes
 */
record EchoAddresses(long mac, int ipv4, long high, long low, int port) {
    /**
     * Reads addresses.
     *
     * @param ip   IPv4, with or without the length of its network, of which a responder makes no use
     * @param ipv6 IPv6, or null
     * @param port the UDP port
     * @return who it is, but for its Ethernet address
     * @throws IllegalArgumentException saying what can be given
     */
    static EchoAddresses parse(final String ip, final String ipv6, final int port) {
        final int slash = ip.indexOf('/');
        if (slash >= 0 && !ip.substring(slash + 1).matches("[0-9]|[12][0-9]|3[0-2]")) {
            throw new IllegalArgumentException("--ip " + ip + ": a network's length is from /0 to /32");
        }
        final int address = Ipv4Address.parse("--ip", slash < 0 ? ip : ip.substring(0, slash));
        if (address >>> 28 >= 0xe || address >>> 24 == 0 || address >>> 24 == 0x7f) {
            throw new IllegalArgumentException("--ip " + ip + " is no address that a station can have on a network");
        }
        if (port < 1 || port > 0xffff) {
            throw new IllegalArgumentException("--port " + port + ": a port to echo at is from 1 to 65535");
        }
        final byte[] six = ipv6 == null ? new byte[16] : ipv6(ipv6);
        return new EchoAddresses(0, address, half(six, 0), half(six, 8), port);
    }

    private static byte[] ipv6(final String text) {
        try {
            // With a colon in it, it is never looked up as a name.
            if (text.contains(":") && InetAddress.getByName(text) instanceof Inet6Address address && !address.isMulticastAddress()
                && !address.isAnyLocalAddress()) {
                return address.getAddress();
            }
        } catch (final UnknownHostException unreadable) {
            throw new IllegalArgumentException("--ipv6 " + text + " is no IPv6 address: write one such as fd00::2", unreadable);
        }
        throw new IllegalArgumentException("--ipv6 " + text + " is no IPv6 address of a station: write one such as fd00::2");
    }

    private static long half(final byte[] address, final int from) {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = value << Byte.SIZE | address[from + i] & 0xff;
        }
        return value;
    }

    EchoAddresses at(final long address) {
        return new EchoAddresses(address, ipv4, high, low, port);
    }

    boolean hasIpv6() {
        return (high | low) != 0;
    }
}
