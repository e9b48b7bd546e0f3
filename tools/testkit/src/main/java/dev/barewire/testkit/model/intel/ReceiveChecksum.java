package dev.barewire.testkit.model.intel;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** What the card finds of a received frame's checksums (3.2.9): status bits, and error bits eight above them. */
final class ReceiveChecksum {
    private static final int ETHERTYPE = 12;
    private static final int ETHERNET = 14;
    private static final int TAG_BYTES = 4;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int TCP_BYTES = 20;
    private static final int UDP_BYTES = 8;
    private static final int GOOD = 0xffff;
    private static final int FRAGMENT = 0x3fff;
    private static final int IP_BAD = RxDescriptor.IPE << 8;
    private static final int L4_BAD = RxDescriptor.TCPE << 8;

    private ReceiveChecksum() {
    }

    /**
     * Judges a frame.
     *
     * @param udpStatus what is told of a UDP checksum that was looked at
     */
    static int judge(final DirectBuffer frame, final int start, final int length, final RegisterFile registers,
        final boolean tagged, final int udpStatus) {
        final int rxcsum = registers.get(Register.RXCSUM);
        final int l3 = start + ETHERNET + (tagged ? TAG_BYTES : 0);
        final int end = start + length;
        final int type = length < ETHERNET ? 0 : u16(frame, start + ETHERTYPE + (tagged ? TAG_BYTES : 0));
        int found = 0;
        if (type == IPV4 && end - l3 >= 20) {
            found = ipv4(frame, l3, end, rxcsum, udpStatus);
        } else if (type == IPV6 && end - l3 >= 40 && (rxcsum & Bits.RXCSUM_TUOFL) != 0
            && !registers.has(Register.RFCTL, Bits.RFCTL_IPV6_XSUM_DIS)) {
            found = ipv6(frame, l3, end, udpStatus);
        }
        return found == 0 ? RxDescriptor.IXSM : found;
    }

    private static int ipv4(final DirectBuffer frame, final int l3, final int end, final int rxcsum, final int udpStatus) {
        final int header = (frame.getByte(l3) & 0xf) * 4;
        final int total = u16(frame, l3 + 2);
        if (frame.getByte(l3) >>> 4 != 4 || header < 20 || header > end - l3) {
            return 0;
        }
        int found = 0;
        if ((rxcsum & Bits.RXCSUM_IPOFL) != 0) {
            found = RxDescriptor.IPCS | (OnesSum.of(frame, l3, l3 + header) == GOOD ? 0 : IP_BAD);
        }
        final boolean whole = (u16(frame, l3 + 6) & FRAGMENT) == 0 && total >= header && total <= end - l3;
        if ((rxcsum & Bits.RXCSUM_TUOFL) != 0 && whole) {
            found |= transport(frame, l3 + header, l3 + total, frame.getByte(l3 + 9) & 0xff,
                OnesSum.of(frame, l3 + 12, l3 + 20), udpStatus);
        }
        return found;
    }

    private static int ipv6(final DirectBuffer frame, final int l3, final int end, final int udpStatus) {
        final int payload = u16(frame, l3 + 4);
        return payload > end - l3 - 40 ? 0
            : transport(frame, l3 + 40, l3 + 40 + payload, frame.getByte(l3 + 6) & 0xff, OnesSum.of(frame, l3 + 8, l3 + 40),
                udpStatus);
    }

    private static int transport(
        final DirectBuffer frame, final int l4, final int end, final int protocol, final int addresses, final int udpStatus) {
        int length = end - l4;
        if (protocol == UDP && length >= UDP_BYTES) {
            length = u16(frame, l4 + 4);
            if (length < UDP_BYTES || length > end - l4) {
                return 0;
            }
        } else if (protocol != TCP || length < TCP_BYTES) {
            return 0;
        }
        final int sum = OnesSum.fold((long) OnesSum.of(frame, l4, l4 + length) + addresses + protocol + length);
        // A datagram that says it has no checksum is summed all the same.
        final boolean none = protocol == UDP && u16(frame, l4 + 6) == 0;
        return (protocol == UDP ? udpStatus : RxDescriptor.TCPCS) | (sum == GOOD && !none ? 0 : L4_BAD);
    }

    private static int u16(final DirectBuffer frame, final int at) {
        return frame.getShort(at, ByteOrder.BIG_ENDIAN) & 0xffff;
    }
}
