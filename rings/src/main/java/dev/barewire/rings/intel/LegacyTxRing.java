package dev.barewire.rings.intel;

import dev.barewire.dma.Region;
import dev.barewire.rings.RingMemory;
import dev.barewire.rings.TxRequest;

/**
 * A transmit ring of legacy, context and data descriptors (manual 317453, sections 3.3 and 3.4): the 8254x family and the
 * 82574.
 *
 * <p>A frame that asks for nothing but a VLAN tag goes out in legacy descriptors; the formats may be mixed. The context of
 * a segmentation, which carries the frame's length and which the card keeps apart, is written for each.
 */
public final class LegacyTxRing extends IntelTxRing {
    /**
     * Lays a ring of zeroed descriptors out.
     *
     * @param region               memory that the card may read and write
     * @param offset               where the ring starts in it; its IOVA must be a multiple of 16
     * @param size                 descriptors: a multiple of 8 from 8 to 4096
     * @param maxDataPerDescriptor the most bytes that one descriptor shall point at, up to
     *                             {@link LegacyTxDescriptor#MAX_LENGTH}; longer segments are cut
     */
    public LegacyTxRing(final Region region, final long offset, final int size, final int maxDataPerDescriptor) {
        this(region, offset, size, maxDataPerDescriptor, 0);
    }

    /**
     * Lays a ring of zeroed descriptors out for a card that takes no data across a boundary.
     *
     * @param region               memory that the card may read and write
     * @param offset               where the ring starts in it; its IOVA must be a multiple of 16
     * @param size                 descriptors: a multiple of 8 from 8 to 4096
     * @param maxDataPerDescriptor the most bytes that one descriptor shall point at
     * @param boundary             no descriptor points at both sides of a multiple of it: a power of two no larger than
     *                             that, or 0 if there is none
     */
    public LegacyTxRing(final Region region, final long offset, final int size, final int maxDataPerDescriptor,
        final int boundary) {
        this(IntelRing.memory(region, offset, size, LegacyTxDescriptor.SIZE), maxDataPerDescriptor, boundary);
    }

    LegacyTxRing(final RingMemory memory, final int maxDataPerDescriptor) {
        this(memory, maxDataPerDescriptor, 0);
    }

    LegacyTxRing(final RingMemory memory, final int maxDataPerDescriptor, final int boundary) {
        super(memory, maxDataPerDescriptor, boundary, LegacyTxDescriptor.MAX_LENGTH, LegacyTxDescriptor.STATUS_ERROR);
    }

    /** All offsets and lengths must fit the fields of the descriptors; behind long IPv6 extension headers they do not. */
    @Override
    public boolean supports(final TxRequest request, final int bytes) {
        return TxOffload.fits(request, bytes);
    }

    @Override
    boolean needsContext(final TxRequest request) {
        return TxOffload.needsContext(request);
    }

    @Override
    int contextSlot(final TxRequest request) {
        return TxOffload.segments(request) ? NO_SLOT : 0;
    }

    @Override
    long contextFirst(final TxRequest request) {
        return TxOffload.checksums(request);
    }

    @Override
    long contextSecond(final TxRequest request, final int bytes) {
        return TxOffload.context(request, bytes);
    }

    @Override
    long data(final TxRequest request, final int bytes) {
        return TxOffload.data(request);
    }
}
