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
 * Translates what a frame asks for to the words of its advanced context and data descriptors (82576 datasheet, section 7.2).
 */
final class AdvancedTxOffload {
    private static final int CHECKSUMS = IP_CHECKSUM | TCP_CHECKSUM | UDP_CHECKSUM;
    /** What the card wants at least of the headers whose lengths it is told. */
    private static final int MIN_MACLEN = 14;
    private static final int MIN_IPLEN = 20;
    private static final int MIN_L4LEN = 12;
    /** What it wants of all of them at most. */
    private static final int MAX_HEADERS = 512;
    private static final int MAX_MSS = 9216;
    private static final int CHECKSUM_SLOT = 0;
    private static final int SEGMENT_SLOT = 1;

    private AdvancedTxOffload() {
    }

    /** Whether the values fit the descriptors' fields and the frame. */
    static boolean fits(final TxRequest request, final int bytes) {
        if ((request.flags & SEGMENT_UDP) != 0) {
            return false;
        }
        if ((request.flags & (CHECKSUMS | SEGMENT)) == 0) {
            return true;
        }
        final int ip = request.l4Offset - request.l3Offset;
        if (request.l3Offset < MIN_MACLEN || request.l3Offset > AdvancedTxContextDescriptor.MAX_MACLEN
            || ip < MIN_IPLEN || ip > AdvancedTxContextDescriptor.MAX_IPLEN || request.l4Offset > bytes) {
            return false;
        }
        final int l4 = request.headerLength - request.l4Offset;
        return !segments(request)
            || l4 >= MIN_L4LEN && l4 <= AdvancedTxContextDescriptor.MAX_L4LEN && request.headerLength <= MAX_HEADERS
            && request.mss > 0 && request.mss <= MAX_MSS
            && bytes > request.headerLength && bytes - request.headerLength <= AdvancedTxDataDescriptor.MAX_PAYLEN;
    }

    /** Segmentations have a context of their own, so that they and other frames may alternate. */
    static int slot(final TxRequest request) {
        return segments(request) ? SEGMENT_SLOT : CHECKSUM_SLOT;
    }

    /** The context's first quadword. */
    static long lengths(final TxRequest request) {
        final int vlan = (request.flags & VLAN) != 0 ? request.vlan : 0;
        return AdvancedTxContextDescriptor.lengths(request.l3Offset, request.l4Offset - request.l3Offset, vlan);
    }

    /** The context's second quadword. */
    static long context(final TxRequest request) {
        final int command = ((request.flags & IPV6) == 0 ? AdvancedTxContextDescriptor.COMMAND_IPV4 : 0)
            | ((request.flags & (TCP_CHECKSUM | SEGMENT)) != 0 ? AdvancedTxContextDescriptor.COMMAND_TCP : 0);
        return segments(request)
            ? AdvancedTxContextDescriptor.control(
                command, SEGMENT_SLOT, request.headerLength - request.l4Offset, request.mss)
            : AdvancedTxContextDescriptor.control(command, CHECKSUM_SLOT, 0, 0);
    }

    /**
     * The control quadword that all data descriptors of a frame share, without length, EOP and RS. Segmentation makes new
     * IPv4 and TCP headers, so it implies their checksums.
     */
    static long data(final TxRequest request, final int bytes) {
        final boolean segments = segments(request);
        final int command = AdvancedTxDataDescriptor.COMMAND_IFCS
            | ((request.flags & VLAN) != 0 ? AdvancedTxDataDescriptor.COMMAND_VLE : 0)
            | (segments ? AdvancedTxDataDescriptor.COMMAND_TSE : 0);
        final boolean sumsIp = (request.flags & IPV6) == 0 && (request.flags & (IP_CHECKSUM | SEGMENT)) != 0;
        final boolean sumsL4 = (request.flags & (TCP_CHECKSUM | UDP_CHECKSUM | SEGMENT)) != 0;
        return AdvancedTxDataDescriptor.control(0, command,
            (sumsIp ? AdvancedTxDataDescriptor.OPTION_IXSM : 0) | (sumsL4 ? AdvancedTxDataDescriptor.OPTION_TXSM : 0),
            slot(request), segments ? bytes - request.headerLength : bytes);
    }

    private static boolean segments(final TxRequest request) {
        return (request.flags & SEGMENT) != 0;
    }
}
