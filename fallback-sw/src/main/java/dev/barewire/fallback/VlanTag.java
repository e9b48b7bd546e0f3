package dev.barewire.fallback;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.CopyLedger;
import dev.barewire.dma.CopySite;
import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.SegmentList;

/** Inserts and strips 802.1Q tags for a card, or a setting, that does not. */
public final class VlanTag {
    /** There was no tag to strip. */
    public static final int NO_TAG = -1;

    private static final int CUT_SEGMENTS = 2;

    private final CopySite site;

    /**
     * Makes one for a queue.
     *
     * @param ledger where the moves that stripping takes are noted
     */
    public VlanTag(final CopyLedger ledger) {
        site = ledger.site("rx.vlan-strip", "the card does not strip VLAN tags");
    }

    /**
     * Inserts a tag behind the addresses, as a segment of its own between two halves of the frame: nothing is copied.
     *
     * @param frame   a frame to send
     * @param control its priority and VLAN, 16 bits
     * @param tags    where the tag comes from, buffers of at least 4 bytes
     * @return false, and the frame as it was, if there is no buffer, no room for two more segments, or no address
     */
    public boolean insert(final SegmentList frame, final int control, final BufferPool tags) {
        if (frame.bytes() < Ethernet.ADDRESSES_LENGTH || frame.capacity() - frame.count() < CUT_SEGMENTS) {
            return false;
        }
        final Buffer tag = tags.take();
        if (tag == null) {
            return false;
        }
        final MappedMemory memory = tag.memory();
        memory.putShortNetworkOrder(tag.base(), (short) Ethernet.TYPE_VLAN);
        memory.putShortNetworkOrder(tag.base() + Ethernet.TAG_CONTROL, (short) control);
        frame.insert(frame.cut(Ethernet.ADDRESSES_LENGTH), tag, 0, Ethernet.TAG_LENGTH);
        return true;
    }

    /**
     * Strips the outer tag by moving the addresses up to the EtherType behind it. Both must lie in the first segment, as
     * they do in every receive buffer.
     *
     * @param frame a received frame, whose first buffer has no other holder
     * @return the tag control information, or {@link #NO_TAG} with the frame as it was
     */
    public int strip(final SegmentList frame) {
        final int tagged = Ethernet.ADDRESSES_LENGTH + Ethernet.TAG_LENGTH;
        if (frame.count() == 0 || frame.length(0) < tagged
            || FrameBytes.u16(frame, Ethernet.TYPE) != Ethernet.TYPE_VLAN) {
            return NO_TAG;
        }
        final int control = FrameBytes.u16(frame, Ethernet.TYPE + Ethernet.TAG_CONTROL);
        final Buffer first = frame.buffer(0);
        final int start = frame.offset(0);
        site.copy(first, start, first, start + Ethernet.TAG_LENGTH, Ethernet.ADDRESSES_LENGTH);
        frame.trimFront(Ethernet.TAG_LENGTH);
        return control;
    }
}
