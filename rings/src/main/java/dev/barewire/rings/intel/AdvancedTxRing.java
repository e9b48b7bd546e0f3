package dev.barewire.rings.intel;

import dev.barewire.dma.Region;
import dev.barewire.rings.RingMemory;
import dev.barewire.rings.TxRequest;

/**
 * A transmit ring of advanced context and data descriptors (82576 datasheet, section 7.2): the 82576 and its
 * successors.
 *
 * <p>All that a frame asks for needs a context, a VLAN tag too. The card keeps one for segmentation and one for the rest.
 */
public final class AdvancedTxRing extends IntelTxRing {
    /**
     * Lays a ring of zeroed descriptors out.
     *
     * @param region               memory that the card may read and write
     * @param offset               where the ring starts in it; the card wants an IOVA that is a multiple of 128
     * @param size                 descriptors: a multiple of 8 from 8 to 4096
     * @param maxDataPerDescriptor the most bytes that one descriptor shall point at, up to
     *                             {@link AdvancedTxDataDescriptor#MAX_LENGTH}; longer segments are cut
     * @param boundary             no descriptor points at both sides of a multiple of it: a power of two no larger than
     *                             that, or 0 if there is none
     */
    public AdvancedTxRing(final Region region, final long offset, final int size, final int maxDataPerDescriptor,
        final int boundary) {
        this(IntelRing.memory(region, offset, size, LegacyTxDescriptor.SIZE), maxDataPerDescriptor, boundary);
    }

    AdvancedTxRing(final RingMemory memory, final int maxDataPerDescriptor, final int boundary) {
        super(memory, maxDataPerDescriptor, boundary, AdvancedTxDataDescriptor.MAX_LENGTH, 0);
    }

    /** All lengths must fit the fields of the descriptors; very long IPv6 extension headers do not. */
    @Override
    public boolean supports(final TxRequest request, final int bytes) {
        return AdvancedTxOffload.fits(request, bytes);
    }

    @Override
    boolean needsContext(final TxRequest request) {
        // That a packet is IPv6 asks for nothing by itself.
        return (request.flags & ~TxRequest.IPV6) != 0;
    }

    @Override
    int contextSlot(final TxRequest request) {
        return AdvancedTxOffload.slot(request);
    }

    @Override
    long contextFirst(final TxRequest request) {
        return AdvancedTxOffload.lengths(request);
    }

    @Override
    long contextSecond(final TxRequest request, final int bytes) {
        return AdvancedTxOffload.context(request);
    }

    @Override
    long data(final TxRequest request, final int bytes) {
        return AdvancedTxOffload.data(request, bytes);
    }
}
