package dev.barewire.rings.virtio;

import static dev.barewire.rings.TxRequest.CWR;
import static dev.barewire.rings.TxRequest.IPV6;
import static dev.barewire.rings.TxRequest.IP_CHECKSUM;
import static dev.barewire.rings.TxRequest.SEGMENT;
import static dev.barewire.rings.TxRequest.SEGMENT_UDP;
import static dev.barewire.rings.TxRequest.TCP_CHECKSUM;
import static dev.barewire.rings.TxRequest.UDP_CHECKSUM;
import static dev.barewire.rings.TxRequest.VLAN;

import dev.barewire.rings.TxRequest;

/** What a frame asks for, in the words of a network device's header (section 5.1.9.2). */
final class NetRequest {
    private static final int SUMS = TCP_CHECKSUM | UDP_CHECKSUM | SEGMENT | SEGMENT_UDP;
    private static final int TCP_CHECKSUM_OFFSET = 16;
    private static final int UDP_CHECKSUM_OFFSET = 6;
    private static final int MAX = 0xffff;

    private NetRequest() {
    }

    /** Whether the device does it, and the values fit the header's fields and the frame. */
    static boolean fits(final TxRequest request, final int bytes, final NetFormat net) {
        final int flags = request.flags;
        if ((flags & (IP_CHECKSUM | VLAN)) != 0) {
            return false;
        }
        if ((flags & SUMS) == 0) {
            return true;
        }
        final int behindChecksum = request.l4Offset + checksumOffset(flags) + Short.BYTES;
        if (!net.checksum() || request.l4Offset <= 0 || request.l4Offset > MAX || behindChecksum > bytes) {
            return false;
        }
        return !segments(flags) || doesSegment(flags, net)
            && request.headerLength >= behindChecksum && request.headerLength <= MAX && request.headerLength < bytes
            && request.mss > 0 && request.mss <= MAX;
    }

    private static boolean doesSegment(final int flags, final NetFormat net) {
        if ((flags & SEGMENT_UDP) != 0) {
            return net.uso() && (flags & SEGMENT) == 0;
        }
        return ((flags & IPV6) != 0 ? net.tso6() : net.tso4()) && ((flags & CWR) == 0 || net.ecn());
    }

    private static boolean segments(final int flags) {
        return (flags & (SEGMENT | SEGMENT_UDP)) != 0;
    }

    /** The header's first quadword; 0 for a frame that asks for nothing. */
    static long head(final TxRequest request) {
        final int flags = request.flags;
        if ((flags & SUMS) == 0) {
            return 0;
        }
        return segments(flags)
            ? NetHeader.head(NetHeader.NEEDS_CHECKSUM, gsoType(flags), request.headerLength, request.mss, request.l4Offset)
            : NetHeader.head(NetHeader.NEEDS_CHECKSUM, NetHeader.GSO_NONE, 0, 0, request.l4Offset);
    }

    /** The word behind it; the number of buffers is 0. */
    static int tail(final TxRequest request) {
        return (request.flags & SUMS) == 0 ? 0 : checksumOffset(request.flags);
    }

    private static int gsoType(final int flags) {
        if ((flags & SEGMENT_UDP) != 0) {
            return NetHeader.GSO_UDP_L4;
        }
        return ((flags & IPV6) != 0 ? NetHeader.GSO_TCPV6 : NetHeader.GSO_TCPV4)
            | ((flags & CWR) != 0 ? NetHeader.GSO_ECN : 0);
    }

    private static int checksumOffset(final int flags) {
        return (flags & (TCP_CHECKSUM | SEGMENT)) != 0 ? TCP_CHECKSUM_OFFSET : UDP_CHECKSUM_OFFSET;
    }
}
