package dev.barewire.rings.intel;

import static dev.barewire.rings.TxRequest.IPV6;
import static dev.barewire.rings.TxRequest.IP_CHECKSUM;
import static dev.barewire.rings.TxRequest.SEGMENT;
import static dev.barewire.rings.TxRequest.SEGMENT_UDP;
import static dev.barewire.rings.TxRequest.TCP_CHECKSUM;
import static dev.barewire.rings.TxRequest.UDP_CHECKSUM;
import static dev.barewire.rings.TxRequest.VLAN;

import dev.barewire.rings.TxRequest;

/**
 * Translates what a frame asks for to the words of its context and data descriptors (manual 317453, sections 3.3.6,
 * 3.3.7 and 3.5).
 */
final class TxOffload {
    /** What needs a context. */
    private static final int CONTEXT = IP_CHECKSUM | TCP_CHECKSUM | UDP_CHECKSUM | SEGMENT;
    private static final int IPV4_CHECKSUM_OFFSET = 10;
    private static final int TCP_CHECKSUM_OFFSET = 16;
    private static final int UDP_CHECKSUM_OFFSET = 6;

    private TxOffload() {
    }

    static boolean needsContext(final TxRequest request) {
        return (request.flags & CONTEXT) != 0;
    }

    static boolean segments(final TxRequest request) {
        return (request.flags & SEGMENT) != 0;
    }

    /** Whether the values fit the descriptors' fields and the frame. */
    static boolean fits(final TxRequest request, final int bytes) {
        if (!needsContext(request)) {
            return (request.flags & SEGMENT_UDP) == 0;
        }
        final int l3 = request.l3Offset;
        final int l4 = request.l4Offset;
        final int behindChecksum = sumsL4(request) ? l4 + l4ChecksumOffset(request) + Short.BYTES : l4;
        if (l3 < 0 || l4 <= l3 || behindChecksum > TxContextDescriptor.MAX_OFFSET || behindChecksum > bytes
            || (request.flags & SEGMENT_UDP) != 0) {
            return false;
        }
        return !segments(request)
            || request.headerLength >= behindChecksum && request.headerLength <= TxContextDescriptor.MAX_HDRLEN
            && request.mss > 0 && request.mss <= TxContextDescriptor.MAX_MSS
            && bytes > request.headerLength && bytes - request.headerLength <= TxContextDescriptor.MAX_PAYLEN;
    }

    /** The context's first quadword. Segmentation makes new IPv4 and TCP headers, so it implies their checksums. */
    static long checksums(final TxRequest request) {
        final int l3 = request.l3Offset;
        final int l4 = request.l4Offset;
        final int ip = sumsIp(request)
            ? TxContextDescriptor.checksum(l3, l3 + IPV4_CHECKSUM_OFFSET, l4 - 1)
            : TxContextDescriptor.checksum(l3, 0, 0);
        final int l4Sum = TxContextDescriptor.checksum(l4, l4 + l4ChecksumOffset(request), 0);
        return TxContextDescriptor.checksums(ip, l4Sum);
    }

    /** The context's second quadword. */
    static long context(final TxRequest request, final int bytes) {
        final int command = (isTcp(request) ? TxContextDescriptor.COMMAND_TCP : 0)
            | ((request.flags & IPV6) == 0 ? TxContextDescriptor.COMMAND_IP : 0);
        if (!segments(request)) {
            return TxContextDescriptor.control(0, command, 0, 0);
        }
        return TxContextDescriptor.control(bytes - request.headerLength, command | TxContextDescriptor.COMMAND_TSE,
            request.headerLength, request.mss);
    }

    /**
     * The control quadword that all data descriptors of a frame share, without length, EOP and RS: the legacy format
     * where no context is needed. POPTS counts in the frame's first descriptor; VLE, the tag and IFCS count in the last,
     * but in the first of a segmentation: they are in all.
     */
    static long data(final TxRequest request) {
        final boolean vlan = (request.flags & VLAN) != 0;
        final int special = vlan ? request.vlan : 0;
        final int command = LegacyTxDescriptor.COMMAND_IFCS | (vlan ? LegacyTxDescriptor.COMMAND_VLE : 0);
        if (!needsContext(request)) {
            return LegacyTxDescriptor.control(0, command, special);
        }
        final int options = (sumsIp(request) ? TxDataDescriptor.OPTION_IXSM : 0)
            | (sumsL4(request) ? TxDataDescriptor.OPTION_TXSM : 0);
        return TxDataDescriptor.control(
            0, command | (segments(request) ? TxDataDescriptor.COMMAND_TSE : 0), options, special);
    }

    private static boolean sumsIp(final TxRequest request) {
        return (request.flags & IPV6) == 0 && (request.flags & (IP_CHECKSUM | SEGMENT)) != 0;
    }

    private static boolean sumsL4(final TxRequest request) {
        return (request.flags & (TCP_CHECKSUM | UDP_CHECKSUM | SEGMENT)) != 0;
    }

    private static int l4ChecksumOffset(final TxRequest request) {
        return isTcp(request) ? TCP_CHECKSUM_OFFSET : UDP_CHECKSUM_OFFSET;
    }

    private static boolean isTcp(final TxRequest request) {
        return (request.flags & (TCP_CHECKSUM | SEGMENT)) != 0;
    }
}
