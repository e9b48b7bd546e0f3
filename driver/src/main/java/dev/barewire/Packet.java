package dev.barewire;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.Segment;
import dev.barewire.dma.SegmentList;
import dev.barewire.rings.TxRequest;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A frame: a list of segments, each where it already lies, and what is known or wanted of it.
 *
 * <p>A packet that {@link RxQueue#poll} gave is the application's until it is sent or released. One to send comes from
 * {@link TxQueue#packet()} and is built by appending segments, or is a received one sent on. Packets are reused: after
 * {@link #release()} or a successful {@link TxQueue#send} the object must not be touched.
 */
public final class Packet {
    /** What the driver adds to a frame: padding, and a VLAN tag, which cuts the segment that it goes into. */
    static final int DRIVER_SEGMENTS = 3;

    private static final VarHandle IN_USE;

    static {
        try {
            IN_USE = MethodHandles.lookup().findVarHandle(Packet.class, "inUse", boolean.class);
        } catch (final ReflectiveOperationException error) {
            throw new ExceptionInInitializerError(error);
        }
    }

    private final PacketPool pool;
    private final int room;
    private final SegmentList segments;
    private final Segment header = new Segment();
    private final Segment[] payload;
    private final TxRequest request = new TxRequest();
    private boolean inUse;
    private int headerLength;
    private SplitKind split = SplitKind.NOT_SPLIT;
    private Verdict ipChecksum = Verdict.UNCHECKED;
    private Verdict l4Checksum = Verdict.UNCHECKED;
    private int vlan;
    private long tag;
    private boolean checksumsRequested;
    private int mss;
    private int coalescedSize;
    private boolean hashed;
    private int hash;

    Packet(final PacketPool pool, final int room) {
        this.pool = pool;
        this.room = room;
        this.segments = new SegmentList(room + DRIVER_SEGMENTS);
        this.payload = new Segment[room + DRIVER_SEGMENTS];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = new Segment();
        }
    }

    // ---- what it is made of

    /**
     * Its segments, header first. Each holds its buffer; the list is the packet's and must not be emptied.
     *
     * @return the list
     */
    public SegmentList segments() {
        return segments;
    }

    /**
     * The length of the frame, without FCS.
     *
     * @return bytes
     */
    public int length() {
        return segments.bytes();
    }

    /**
     * How much of the frame is header.
     *
     * @return bytes, all in the first segment; 0 when it is not split
     */
    public int headerLength() {
        return headerLength;
    }

    /**
     * How it was split.
     *
     * @return the kind
     */
    public SplitKind split() {
        return split;
    }

    /**
     * The header.
     *
     * @return a read-only view, valid until this packet is released or sent; empty when it is not split
     */
    public Segment header() {
        return header.wrap(segments.buffer(0), segments.offset(0), headerLength, false);
    }

    /**
     * The header, to be edited in place, such as for a swap of MAC addresses.
     *
     * @return a writable view
     * @throws UnsupportedOperationException if the buffer is lent or detached as well, so that others may be reading it
     */
    public Segment editHeader() {
        final Buffer buffer = segments.buffer(0);
        if (buffer.holders() != 1) {
            throw new UnsupportedOperationException("buffer " + buffer + " has " + buffer.holders()
                + " holders; only a sole owner may edit a header in place");
        }
        return header.wrap(buffer, segments.offset(0), headerLength == 0 ? segments.length(0) : headerLength, true);
    }

    /**
     * How many segments the payload lies in.
     *
     * @return 0 for a frame that is all header
     */
    public int payloadSegments() {
        return segments.count() - firstPayload();
    }

    /**
     * A segment of the payload.
     *
     * @param index 0 to {@link #payloadSegments()} - 1
     * @return a writable view, valid until this packet is released or sent
     */
    public Segment payload(final int index) {
        final int skip = index == 0 ? headerInFirst() : 0;
        final int at = firstPayload() + index;
        return payload[index].wrap(
            segments.buffer(at), segments.offset(at) + skip, segments.length(at) - skip, true);
    }

    /**
     * Detaches the payload, which then outlives this packet: its holds move to a list of the application's.
     *
     * @param target where to; its entries keep their buffers until it is released
     */
    public void detachPayload(final SegmentList target) {
        final int straddling = headerInFirst();
        if (straddling > 0) {
            segments.split(0, straddling);
        }
        segments.moveTo(headerLength == 0 ? 0 : 1, target);
    }

    /** The index of the first segment with payload in it. */
    private int firstPayload() {
        return headerLength > 0 && segments.length(0) == headerLength ? 1 : 0;
    }

    /** How many header bytes stand before the payload in the segment where the payload starts. */
    private int headerInFirst() {
        return firstPayload() == 1 ? 0 : headerLength;
    }

    // ---- what is known of a received frame

    /**
     * What is known of the IPv4 header checksum.
     *
     * @return the verdict; {@link Verdict#NONE} for IPv6 and everything else
     */
    public Verdict ipChecksum() {
        return ipChecksum;
    }

    /**
     * What is known of the TCP or UDP checksum.
     *
     * @return the verdict
     */
    public Verdict l4Checksum() {
        return l4Checksum;
    }

    /**
     * Whether a VLAN tag was taken off a received frame, or shall be put into one to send.
     *
     * @return true if {@link #vlan()} holds
     */
    public boolean hasVlan() {
        return vlan >= 0;
    }

    /**
     * The tag control information of {@link #hasVlan()}: priority in bits 15 to 13, VLAN id in bits 11 to 0.
     *
     * @return 16 bits, or -1
     */
    public int vlan() {
        return vlan;
    }

    /**
     * Whether the card told a hash of the flow of a received frame.
     *
     * @return true if {@link #hash()} holds
     */
    public boolean hasHash() {
        return hashed;
    }

    /**
     * The Toeplitz hash of {@link #hasHash()} over the IP addresses, and the ports of TCP, by {@link NicConfig#rssKey}.
     *
     * @return 32 bits, or 0
     */
    public int hash() {
        return hash;
    }

    /**
     * How much payload each of the packets has that a received frame stands for, see {@link NicConfig#largeReceive}. Such a
     * frame is cut again when it is sent on.
     *
     * @return the most payload of each (MSS); 0 if the frame is one packet
     */
    public int coalescedSize() {
        return coalescedSize;
    }

    // ---- what is wanted of one to send

    /**
     * Appends a range and moves the caller's hold on its buffer into the packet.
     *
     * @param buffer the buffer, of any region of the card's domain
     * @param offset where the range starts
     * @param length bytes
     * @return this
     * @throws IllegalStateException if it has as many segments as {@link NicConfig#txPackets} says; the hold stays the
     *     caller's
     */
    public Packet append(final Buffer buffer, final int offset, final int length) {
        checkRoom(1);
        segments.append(buffer, offset, length);
        return this;
    }

    /**
     * Appends a range that the caller keeps: the packet takes a hold of its own until the card has sent it.
     *
     * @param buffer the buffer, of any region of the card's domain
     * @param offset where the range starts
     * @param length bytes
     * @return this
     * @throws IllegalStateException if it has as many segments as {@link NicConfig#txPackets} says
     */
    public Packet lend(final Buffer buffer, final int offset, final int length) {
        checkRoom(1);
        segments.lend(buffer, offset, length);
        return this;
    }

    /**
     * Appends ranges of a list that the caller keeps.
     *
     * @param list  the list
     * @param first the first segment
     * @param end   one past the last
     * @return this
     * @throws IllegalStateException if it has no room for all of them; none is lent then
     */
    public Packet lendAll(final SegmentList list, final int first, final int end) {
        checkRoom(end - first);
        segments.lendAll(list, first, end);
        return this;
    }

    /**
     * Asks that the IPv4, TCP and UDP checksums that the frame has room for be filled in, by the card or in software.
     * The header must be writable and the caller's alone.
     *
     * @return this
     */
    public Packet requestChecksums() {
        checksumsRequested = true;
        return this;
    }

    /**
     * Asks that a TCP frame be cut into segments; checksums are filled in as well.
     *
     * @param payloadBytes the most payload of a segment (MSS), at least 1
     * @return this
     */
    public Packet requestSegmentation(final int payloadBytes) {
        if (payloadBytes < 1 || payloadBytes > 0xffff) {
            throw new IllegalArgumentException("a segment carries 1 to 65535 bytes, not " + payloadBytes);
        }
        mss = payloadBytes;
        checksumsRequested = true;
        return this;
    }

    /**
     * Asks for a VLAN tag; -1 for none.
     *
     * @param tagControl priority in bits 15 to 13, VLAN id in bits 11 to 0
     * @return this
     */
    public Packet vlan(final int tagControl) {
        if (tagControl < -1 || tagControl > 0xffff) {
            throw new IllegalArgumentException("not a VLAN tag: " + tagControl);
        }
        vlan = tagControl;
        return this;
    }

    /**
     * Sets what the completion listener is told when the frame was sent.
     *
     * @param completionTag any value
     * @return this
     */
    public Packet tag(final long completionTag) {
        tag = completionTag;
        return this;
    }

    /**
     * Gives the packet and its holds back. From any thread.
     *
     * @throws IllegalStateException if it was released or sent before
     */
    public void release() {
        end();
        segments.release();
        pool.giveBack(this);
    }

    // ---- for the queues

    /** Makes it a fresh packet. */
    Packet begin() {
        inUse = true;
        headerLength = 0;
        split = SplitKind.NOT_SPLIT;
        ipChecksum = Verdict.UNCHECKED;
        l4Checksum = Verdict.UNCHECKED;
        vlan = -1;
        tag = 0;
        checksumsRequested = false;
        mss = 0;
        coalescedSize = 0;
        hashed = false;
        hash = 0;
        request.flags = 0;
        return this;
    }

    /** Gives the empty shell back. */
    void recycle() {
        end();
        pool.giveBack(this);
    }

    /** Ends its use, once: of two other threads that release it one fails, before either has touched its segments. */
    private void end() {
        if (pool.isOwner()) {
            checkInUse();
            inUse = false;
        } else if (!IN_USE.compareAndSet(this, true, false)) {
            throw released();
        }
    }

    private void checkRoom(final int more) {
        checkInUse();
        if (more > room - segments.count()) {
            throw new IllegalStateException("a packet of " + segments.count() + " segments has no room for " + more
                + " more: it may have " + room + ", see NicConfig.txPackets");
        }
    }

    /** Whether a VLAN tag and padding can still be put in; always, unless its list was filled behind its back. */
    boolean hasRoomForDriver() {
        return segments.capacity() - segments.count() >= DRIVER_SEGMENTS;
    }

    void checkInUse() {
        if (!inUse) {
            throw released();
        }
    }

    private static IllegalStateException released() {
        return new IllegalStateException("the packet was released or sent before");
    }

    void received(final Verdict ip, final Verdict l4, final int tagControl) {
        ipChecksum = ip;
        l4Checksum = l4;
        vlan = tagControl;
    }

    void hashed(final int value) {
        hashed = true;
        hash = value;
    }

    void coalesced(final int payloadBytes) {
        coalescedSize = payloadBytes;
        requestSegmentation(payloadBytes);
    }

    void split(final SplitKind kind, final int bytes) {
        split = kind;
        headerLength = bytes;
    }

    TxRequest request() {
        return request;
    }

    long tag() {
        return tag;
    }

    boolean checksumsRequested() {
        return checksumsRequested;
    }

    int mss() {
        return mss;
    }
}
