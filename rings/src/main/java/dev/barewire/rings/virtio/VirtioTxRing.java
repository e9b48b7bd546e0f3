package dev.barewire.rings.virtio;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.Region;
import dev.barewire.dma.SegmentList;
import dev.barewire.rings.RingMemory;
import dev.barewire.rings.TxRequest;
import dev.barewire.rings.TxRing;

/**
 * A transmit ring of a network device (section 5.1.9.2), over a split or a packed virtqueue.
 *
 * <p>The device reads its header in front of each frame. Where a frame's first segment has room for it in front and nobody
 * else holds that buffer, the header is written there, and takes no descriptor; else it lies in the ring's own memory, in a
 * place for each chain. With indirect descriptors a frame of up to {@value #TABLE} descriptors takes one of the ring's.
 *
 * <p>A device may send frames in any order; each is completed by itself. One that asks for segmentation comes with its IP
 * header whole and the pseudo-header's sum, length included, in its checksum field ({@link #segmentsWholeHeaders()}).
 */
public final class VirtioTxRing implements TxRing {
    /** The most entries of an indirect table; a longer frame goes out in the ring's own descriptors. */
    static final int TABLE = 32;
    private static final int TABLE_BYTES = TABLE * SplitLayout.DESCRIPTOR_BYTES;
    /** The distance of two headers in the ring's own memory. */
    private static final int HEADER_STRIDE = 32;

    private final RingMemory memory;
    private final Virtqueue queue;
    private final NetFormat net;
    private final int netHeaderBytes;
    private final int table;
    private final int headers;
    private final int tables;
    private final TxHolds holds;
    private final long[] tags;

    /**
     * Lays a ring out.
     *
     * @param region memory that the device may read and write
     * @param offset where the ring starts in it; its IOVA must be a multiple of 64
     * @param format the virtqueue
     * @param net    the header in front of frames, and what the device does for a frame
     */
    public VirtioTxRing(final Region region, final long offset, final VirtqueueFormat format, final NetFormat net) {
        this(Virtqueue.memory(region, offset, bytesFor(format)), format, net);
    }

    VirtioTxRing(final RingMemory memory, final VirtqueueFormat format, final NetFormat net) {
        if (format.size() < 2) {
            throw new IllegalArgumentException("a header and a frame need a queue of 2 descriptors, not " + format.size());
        }
        this.memory = memory;
        this.net = net;
        this.netHeaderBytes = net.headerBytes();
        this.table = format.indirect() ? Math.min(TABLE, format.size()) : 0;
        this.headers = format.bytes();
        this.tables = headers + format.size() * HEADER_STRIDE;
        this.holds = new TxHolds(format.size(), format.size() * Math.max(1, table));
        this.tags = new long[format.size()];
        this.queue = Virtqueue.of(memory, format);
    }

    /**
     * How much memory a ring takes.
     *
     * @param format the virtqueue
     * @return bytes
     */
    public static int bytesFor(final VirtqueueFormat format) {
        return format.bytes() + format.size() * (HEADER_STRIDE + (format.indirect() ? TABLE_BYTES : 0));
    }

    /** The device must have agreed to it, and all offsets and lengths must fit the header's fields. */
    @Override
    public boolean supports(final TxRequest request, final int bytes) {
        return NetRequest.fits(request, bytes, net);
    }

    @Override
    public boolean segmentsWholeHeaders() {
        return true;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the frame has no bytes or its request is not one that {@link #supports}
     */
    @Override
    public boolean post(final SegmentList segments, final TxRequest request, final long tag) {
        if (segments.bytes() == 0 || !NetRequest.fits(request, segments.bytes(), net)) {
            throw refusal(request, segments.bytes());
        }
        final boolean inFront = hasRoomInFront(segments);
        final int entries = filled(segments) + (inFront ? 0 : 1);
        final boolean isIndirect = entries > 1 && entries <= table;
        if ((isIndirect ? 1 : entries) > queue.free) {
            return false;
        }
        final int id = queue.begin(isIndirect ? 1 : entries);
        tags[id] = tag;
        if (inFront) {
            final Buffer buffer = segments.buffer(0);
            writeHeader(buffer.memory(), buffer.base() + segments.offset(0) - netHeaderBytes, request);
        } else {
            writeHeader(headers + id * HEADER_STRIDE, request);
        }
        if (isIndirect) {
            writeTable(id, segments, inFront, entries);
        } else {
            writeChain(id, segments, inFront);
        }
        queue.end();
        hold(id, segments);
        return true;
    }

    /** Whether the device's header can be written in front of a frame: there is room, and nobody else can look at it. */
    private boolean hasRoomInFront(final SegmentList segments) {
        final Buffer buffer = segments.buffer(0);
        return segments.length(0) > 0 && segments.offset(0) >= netHeaderBytes && buffer.holders() == 1
            && buffer.memory().isWritable();
    }

    private void writeHeader(final MappedMemory target, final long at, final TxRequest request) {
        target.putLong(at, NetRequest.head(request));
        target.putInt(at + NetHeader.TAIL, NetRequest.tail(request));
        if (netHeaderBytes == NetHeader.HASH_BYTES) {
            target.putLong(at + NetHeader.HASH, 0);
        }
    }

    /** Only where it differs: most frames ask for the same. */
    private void writeHeader(final int at, final TxRequest request) {
        final long head = NetRequest.head(request);
        final int tail = NetRequest.tail(request);
        if (memory.getLong(at) != head) {
            memory.putLong(at, head);
        }
        if (memory.getInt(at + NetHeader.TAIL) != tail) {
            memory.putInt(at + NetHeader.TAIL, tail);
        }
    }

    private long headerIova(final int id) {
        return memory.iova() + headers + (long) id * HEADER_STRIDE;
    }

    private void writeChain(final int id, final SegmentList segments, final boolean inFront) {
        int front = netHeaderBytes;
        if (!inFront) {
            queue.add(headerIova(id), netHeaderBytes, 0);
            front = 0;
        }
        for (int i = 0; i < segments.count(); i++) {
            if (segments.length(i) > 0) {
                queue.add(segments.iova(i) - front, segments.length(i) + front, 0);
                front = 0;
            }
        }
    }

    private void writeTable(final int id, final SegmentList segments, final boolean inFront, final int entries) {
        final int at = tables + id * TABLE_BYTES;
        int front = netHeaderBytes;
        int entry = 0;
        if (!inFront) {
            queue.addToTable(at, entry++, false, headerIova(id), netHeaderBytes);
            front = 0;
        }
        for (int i = 0; i < segments.count(); i++) {
            if (segments.length(i) > 0) {
                queue.addToTable(at, entry, entry + 1 == entries, segments.iova(i) - front, segments.length(i) + front);
                entry++;
                front = 0;
            }
        }
        queue.add(memory.iova() + at, entries * SplitLayout.DESCRIPTOR_BYTES, Virtqueue.INDIRECT);
    }

    /** Takes a frame's holds; empty segments' go back at once. */
    private void hold(final int id, final SegmentList segments) {
        for (int i = 0; i < segments.count(); i++) {
            final Buffer buffer = segments.buffer(i);
            if (segments.length(i) > 0) {
                buffer.moveTo(Buffer.Place.TRANSMIT_RING);
                holds.add(id, buffer);
            } else {
                buffer.release();
            }
        }
    }

    private static int filled(final SegmentList segments) {
        int count = 0;
        for (int i = 0; i < segments.count(); i++) {
            count += segments.length(i) > 0 ? 1 : 0;
        }
        return count;
    }

    @Override
    public int descriptorsFor(final SegmentList segments, final TxRequest request) {
        final int entries = filled(segments) + 1;
        return entries <= table ? 1 : entries;
    }

    /** All of them; with indirect descriptors a frame may have more segments than that. */
    @Override
    public int capacity() {
        return queue.size;
    }

    /** {@inheritDoc} It is what a notification carries with VIRTIO_F_NOTIFICATION_DATA in the upper half (2.9). */
    @Override
    public int publish() {
        return queue.publish();
    }

    /** {@inheritDoc} Here: in the order in which the device sent them. */
    @Override
    public int reclaim(final Completion completion) {
        int sent = 0;
        for (int id = queue.take(); id != Virtqueue.NONE; id = queue.take()) {
            holds.release(id);
            sent++;
            if (completion != null) {
                completion.onSent(tags[id]);
            }
        }
        return sent;
    }

    /** {@inheritDoc} Ids that stand for no frame and indexes that cannot be count too. */
    @Override
    public long disorders() {
        return queue.disorders();
    }

    @Override
    public int pending() {
        return queue.chains();
    }

    @Override
    public void drain() {
        for (int id = 0; id < tags.length; id++) {
            holds.release(id);
        }
        queue.reset();
    }

    /**
     * Where the device finds the queue.
     *
     * @return its areas
     */
    public VirtqueueAreas areas() {
        return queue.areas();
    }

    /** Lets the device interrupt for the next frame that it has sent; reclaim once more behind a full fence. */
    public void enableInterrupts() {
        queue.enableInterrupts();
    }

    /** Asks the device not to interrupt; it may still do so. A new ring starts like this. */
    public void disableInterrupts() {
        queue.disableInterrupts();
    }

    private static IllegalArgumentException refusal(final TxRequest request, final int bytes) {
        return new IllegalArgumentException(bytes == 0 ? "a frame without bytes cannot be sent"
            : "the device did not agree to do this for a frame of " + bytes + " bytes: flags 0x"
            + Integer.toHexString(request.flags) + ", L4 at " + request.l4Offset + ", headers of " + request.headerLength
            + ", MSS " + request.mss + "; do it in software");
    }
}
