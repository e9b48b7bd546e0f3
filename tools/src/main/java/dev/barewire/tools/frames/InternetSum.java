package dev.barewire.tools.frames;

import dev.barewire.fallback.Ethernet;
import dev.barewire.fallback.Ipv4;
import dev.barewire.fallback.Udp;

/** The Internet checksum, as plain as RFC 1071 has it: a second opinion on what cards and fast kernels compute. */
public final class InternetSum {
    private InternetSum() {
    }

    /**
     * Adds up bytes.
     *
     * @param bytes the bytes
     * @param from where the range starts
     * @param length its length
     * @param start what to start from: 0, or the sum of a pseudo header
     * @return the folded sum, 0 to 65535; the checksum is its complement. Over a range with a right checksum it is 65535
     */
    public static int of(Octets bytes, int from, int length, int start) {
        long sum = start;
        for (int i = 0; i < length - 1; i += 2) {
            sum += bytes.get16(from + i);
        }
        if (length % 2 != 0) {
            sum += bytes.get8(from + length - 1) << 8;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (int) sum;
    }

    /**
     * Adds up the IPv4 pseudo header of a UDP datagram in a frame without VLAN tag and IP options.
     *
     * @param frame the frame
     * @return the folded sum
     */
    public static int udpPseudoHeader(Octets frame) {
        int udp = Ethernet.HEADER_LENGTH + Ipv4.MIN_LENGTH;
        int start = Ipv4.PROTOCOL_UDP + frame.get16(udp + Udp.LENGTH);
        return of(frame, Ethernet.HEADER_LENGTH + Ipv4.SOURCE, 8, start);
    }
}
