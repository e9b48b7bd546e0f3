package dev.barewire.fallback;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.CopyLedger;
import dev.barewire.dma.CopySite;
import dev.barewire.dma.Region;
import dev.barewire.dma.SegmentList;

/**
 * Header split for a card without it, where the header shall lie in a pool of its own: the header is copied out and the
 * payload stays in the buffers that the card filled. (Where the payload may stay behind its header, no copy is needed:
 * the header's length alone says where to cut.) Payload is copied only to a place that the application prescribes.
 */
public final class HeaderCopySplit {
    private final BufferPool headers;
    private final CopySite headerSite;
    private final CopySite payloadSite;

    /**
     * Makes a splitter for one receive queue.
     *
     * @param headers  where headers shall lie
     * @param ledger   where copies are noted
     * @param received the memory that frames arrive in
     * @throws UnsupportedOperationException if the CPU can not do it on that memory
     */
    public HeaderCopySplit(final BufferPool headers, final CopyLedger ledger, final Region... received) {
        CpuAccess.requireWritable(headers.region(), "header split in software");
        for (final Region region : received) {
            CpuAccess.requireReadable(region, "header split in software");
        }
        this.headers = headers;
        this.headerSite = ledger.site("rx.header-split", "the card does not split headers");
        this.payloadSite = ledger.site("rx.payload-placement", "the card cannot place payload where it was asked for");
    }

    /**
     * The longest header that can be moved.
     *
     * @return bytes
     */
    public int headerSize() {
        return headers.bufferSize();
    }

    /**
     * Moves the header into a buffer of the header pool: segment 0 becomes the header, the payload follows where it lies.
     *
     * @param frame        a received frame
     * @param headerLength bytes of header, at least 1
     * @return false, and the frame as it was, if the pool is empty, the header does not fit into its buffers or into the
     *     frame, or the list is full
     */
    public boolean split(final SegmentList frame, final int headerLength) {
        if (headerLength <= 0 || headerLength > frame.bytes() || headerLength > headers.bufferSize()
            || frame.count() == frame.capacity() && headerLength < frame.length(0)) {
            return false;
        }
        final Buffer header = headers.take();
        if (header == null) {
            return false;
        }
        FrameBytes.gather(frame, 0, headerLength, header, 0, headerSite);
        frame.trimFront(headerLength);
        frame.insert(0, header, 0, headerLength);
        return true;
    }

    /**
     * Copies the payload to a prescribed place; the frame then borrows it from there and the card's buffers are free.
     *
     * @param frame        a received frame
     * @param headerLength bytes of header, which stay where they are
     * @param target       the buffer, which the caller goes on holding and which is none of the frame's
     * @param offset       where in it
     * @return false, and the frame as it was, if it does not fit there or the list is full
     */
    public boolean placePayload(
        final SegmentList frame, final int headerLength, final Buffer target, final int offset) {
        final int length = frame.bytes() - headerLength;
        if (headerLength < 0 || length < 0 || offset < 0 || offset > target.capacity() - length) {
            return false;
        }
        if (length == 0) {
            return true;
        }
        final int last = frame.count() - 1;
        if (frame.count() == frame.capacity() && headerLength > frame.bytes() - frame.length(last)) {
            return false;
        }
        FrameBytes.gather(frame, headerLength, length, target, offset, payloadSite);
        frame.truncate(headerLength);
        frame.lend(target, offset, length);
        return true;
    }
}
