package dev.barewire.rings.virtio;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferSource;
import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.Region;
import dev.barewire.rings.RingMemory;
import dev.barewire.rings.RxBurst;
import dev.barewire.rings.RxRing;

/**
 * A receive ring of a network device (sections 5.1.9.3 and 5.1.9.4), over a split or a packed virtqueue.
 *
 * <p>The device writes its header in front of each frame, so a frame's bytes start that many bytes into its first buffer
 * ({@link RxBurst#offset}): header and the frame's own headers share a cache line, and a frame takes one descriptor. Every
 * chain has the same buffers. Without split they are one or more of the receive buffers; with split a header's buffer is in
 * front of them, so that the device cuts each frame after a fixed number of bytes. With mergeable buffers a frame may go on
 * in the next chains, which then start with the frame's bytes.
 *
 * <p>What the device writes is not trusted: lengths and numbers of buffers are bounded, ids count once each.
 */
public final class VirtioRxRing implements RxRing {
    private final Virtqueue queue;
    private final int netHeaderBytes;
    private final boolean mergeable;
    private final boolean hashReport;
    /** What a header's buffer takes, the device's header included; 0 without split. */
    private final int headerSize;
    private final int bufferSize;
    private final int perChain;
    private final int descriptors;
    private final int chainBytes;
    /** The most chains that a frame can have. */
    private final int maxChains;
    /** By a chain's id: its header's buffer; its other buffers from id times {@link #perChain} on. */
    private final Buffer[] headerShadow;
    private final Buffer[] shadow;
    /** Chains that the frame under way still has; 0 between frames. */
    private int chainsLeft;
    private int frameBytes;
    private boolean frameIsBad;
    private int frameFlags;
    private int frameHash;
    private int frameMss;
    private int frameChecksumStart;
    private int frameChecksumOffset;
    private long badLengths;
    private long seenDisorders;

    /**
     * Lays a ring out.
     *
     * @param region     memory that the device may read and write
     * @param offset     where the ring starts in it; its IOVA must be a multiple of 64
     * @param format     the virtqueue
     * @param net        the header in front of frames
     * @param splitBytes how many bytes of each frame go to a header's buffer; 0 for no split. Such a buffer must have room
     *                   for them and the device's header.
     * @param bufferSize bytes of a receive buffer, as the device is told; without split the device's header goes there too
     * @param perChain   receive buffers of a chain: more than one where frames may be longer than a buffer and buffers are
     *                   not mergeable
     */
    public VirtioRxRing(final Region region, final long offset, final VirtqueueFormat format, final NetFormat net,
        final int splitBytes, final int bufferSize, final int perChain) {
        this(Virtqueue.memory(region, offset, bytesFor(format)), format, net, splitBytes, bufferSize, perChain);
    }

    VirtioRxRing(final RingMemory memory, final VirtqueueFormat format, final NetFormat net, final int splitBytes,
        final int bufferSize, final int perChain) {
        this.descriptors = perChain + (splitBytes > 0 ? 1 : 0);
        if (perChain < 1 || descriptors > format.size()) {
            throw new IllegalArgumentException("a chain of " + descriptors + " descriptors does not fit a queue of "
                + format.size());
        }
        if (bufferSize <= (splitBytes > 0 ? 0 : net.headerBytes()) || splitBytes < 0) {
            throw new IllegalArgumentException("receive buffers of " + bufferSize + " bytes with " + splitBytes
                + " bytes in front of them do not hold a header of " + net.headerBytes() + " and a frame");
        }
        this.netHeaderBytes = net.headerBytes();
        this.mergeable = net.mergeable();
        this.hashReport = net.hashReport();
        this.headerSize = splitBytes > 0 ? netHeaderBytes + splitBytes : 0;
        this.bufferSize = bufferSize;
        this.perChain = perChain;
        this.chainBytes = headerSize + Math.multiplyExact(perChain, bufferSize);
        this.maxChains = format.size() / descriptors;
        this.headerShadow = headerSize > 0 ? new Buffer[format.size()] : null;
        this.shadow = new Buffer[format.size() * perChain];
        this.queue = Virtqueue.of(memory, format);
    }

    /**
     * How much memory a ring takes.
     *
     * @param format the virtqueue
     * @return bytes
     */
    public static int bytesFor(final VirtqueueFormat format) {
        return format.bytes();
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if a source gives a buffer that is smaller than what the device may write
     */
    @Override
    public int fill(final BufferSource source, final BufferSource headers) {
        int count = 0;
        while (queue.free >= descriptors && takeBuffers(queue.nextId(), source, headers)) {
            post();
            count++;
        }
        return count;
    }

    /** All buffers for a chain, or none. */
    private boolean takeBuffers(final int id, final BufferSource source, final BufferSource headers) {
        final int first = id * perChain;
        try {
            if (headerSize > 0) {
                headerShadow[id] = take(headers, headerSize);
                if (headerShadow[id] == null) {
                    return false;
                }
            }
            for (int i = 0; i < perChain; i++) {
                shadow[first + i] = take(source, bufferSize);
                if (shadow[first + i] == null) {
                    release(id);
                    return false;
                }
            }
            return true;
        } catch (final RuntimeException refused) {
            release(id);
            throw refused;
        }
    }

    private void post() {
        final int id = queue.begin(descriptors);
        if (headerSize > 0) {
            queue.add(headerShadow[id].iova(), headerSize, Virtqueue.WRITE);
        }
        final int end = (id + 1) * perChain;
        for (int i = id * perChain; i < end; i++) {
            queue.add(shadow[i].iova(), bufferSize, Virtqueue.WRITE);
        }
        queue.end();
    }

    private static Buffer take(final BufferSource source, final int leastBytes) {
        final Buffer buffer = source.take();
        if (buffer == null) {
            return null;
        }
        if (buffer.capacity() < leastBytes) {
            final String message = "buffer " + buffer + " has " + buffer.capacity() + " bytes, but the device may write "
                + leastBytes + ": give the queue a source of larger buffers";
            buffer.release();
            throw new IllegalArgumentException(message);
        }
        buffer.moveTo(Buffer.Place.RECEIVE_RING);
        return buffer;
    }

    /** Gives back what a chain holds. */
    private void release(final int id) {
        if (headerSize > 0 && headerShadow[id] != null) {
            headerShadow[id].release();
            headerShadow[id] = null;
        }
        for (int i = id * perChain; i < (id + 1) * perChain; i++) {
            if (shadow[i] != null) {
                shadow[i].release();
                shadow[i] = null;
            }
        }
    }

    /** {@inheritDoc} It is what a notification carries with VIRTIO_F_NOTIFICATION_DATA in the upper half (2.9). */
    @Override
    public int publish() {
        return queue.publish();
    }

    @Override
    public int reap(final RxBurst burst, final int max) {
        final int limit = Math.min(max, burst.capacity() / perChain);
        int entries = 0;
        for (int chains = 0; chains < limit; chains++) {
            final int id = queue.take();
            if (id == Virtqueue.NONE) {
                break;
            }
            if (queue.disorders() != seenDisorders) {
                breakOff();
            }
            entries = unload(burst, entries, id);
        }
        return entries;
    }

    /** The device named what it may not: a frame under way ends with the next chain, as a bad one. */
    private void breakOff() {
        seenDisorders = queue.disorders();
        if (chainsLeft > 0) {
            frameIsBad = true;
            chainsLeft = 1;
        }
    }

    /** Takes a chain apart, into entries from one on; gives the end of them. */
    private int unload(final RxBurst burst, final int entry, final int id) {
        final boolean begins = chainsLeft == 0;
        final int front = begins ? netHeaderBytes : 0;
        final int written = bounded(queue.usedLength, front);
        if (begins) {
            begin(headerSize > 0 ? headerShadow[id] : shadow[id * perChain], written > 0);
        }
        final int left = takeHeader(burst, entry, id, front, written);
        final int end = takeBuffers(burst, entry, id, headerSize > 0 ? 0 : front, left);
        frameBytes += Math.max(0, written - front);
        chainsLeft--;
        if (chainsLeft == 0) {
            end(burst, end - 1);
        }
        if (frameIsBad) {
            burst.flags[end - 1] |= RxBurst.BAD_DESCRIPTOR;
        }
        return end;
    }

    /** How many bytes the device wrote, if that can be true; else 0, and the frame is bad. */
    private int bounded(final int length, final int least) {
        final int written = length == Virtqueue.ALL ? chainBytes : length;
        if (written >= least && written <= chainBytes) {
            return written;
        }
        frameIsBad = true;
        badLengths++;
        return 0;
    }

    /** Reads the device's header in front of a frame. Unknown flags are passed over (5.1.9.4.2). */
    private void begin(final Buffer first, final boolean isThere) {
        chainsLeft = 1;
        frameBytes = 0;
        frameFlags = 0;
        if (!isThere) {
            return;
        }
        final MappedMemory memory = first.memory();
        final long head = memory.getLong(first.base());
        final int tail = memory.getInt(first.base() + NetHeader.TAIL);
        if (mergeable) {
            final int chains = NetHeader.buffers(tail);
            frameIsBad = chains == 0 || chains > maxChains;
            chainsLeft = frameIsBad ? 1 : chains;
        }
        if (head != 0) {
            describe(head, tail);
        }
        if (hashReport && memory.getShort(first.base() + NetHeader.HASH_REPORT) != 0) {
            frameFlags |= RxBurst.HASHED;
            frameHash = memory.getInt(first.base() + NetHeader.HASH);
        }
    }

    private void describe(final long head, final int tail) {
        final int flags = NetHeader.flags(head);
        final int gso = NetHeader.gsoType(head);
        if ((flags & NetHeader.DATA_VALID) != 0) {
            frameFlags |= RxBurst.L4_CHECKED;
        }
        if ((flags & (NetHeader.NEEDS_CHECKSUM | NetHeader.RSC_INFO)) == NetHeader.NEEDS_CHECKSUM) {
            frameFlags |= RxBurst.L4_PARTIAL;
            frameChecksumStart = NetHeader.checksumStart(head);
            frameChecksumOffset = NetHeader.checksumOffset(tail);
        }
        if ((gso & ~NetHeader.GSO_ECN) != NetHeader.GSO_NONE) {
            frameFlags |= RxBurst.COALESCED;
            frameMss = NetHeader.gsoSize(head);
        }
        frameIsBad |= NetHeader.isTunnelled(flags, gso);
    }

    /** The header's buffer of a chain, if it has one; gives how many of the written bytes lie behind it. */
    private int takeHeader(final RxBurst burst, final int entry, final int id, final int front, final int written) {
        burst.header[entry] = null;
        burst.offset[entry] = written > front ? front : 0;
        if (headerSize == 0) {
            return written;
        }
        final Buffer header = headerShadow[id];
        headerShadow[id] = null;
        final int length = Math.min(written, headerSize);
        if (length > front) {
            header.moveTo(Buffer.Place.APPLICATION);
            burst.header[entry] = header;
            burst.headerLength[entry] = length - front;
        } else {
            header.release();
        }
        return written - length;
    }

    /** The first receive buffer is in any case an entry, with the header's; those behind it are if there is something in them. */
    private int takeBuffers(final RxBurst burst, final int entry, final int id, final int front, final int written) {
        final int first = id * perChain;
        int left = written;
        int end = entry;
        for (int i = 0; i < perChain; i++) {
            final Buffer buffer = shadow[first + i];
            shadow[first + i] = null;
            final int length = Math.min(left, bufferSize);
            left -= length;
            if (i > 0 && length == 0) {
                buffer.release();
                continue;
            }
            if (i > 0) {
                burst.header[end] = null;
                burst.offset[end] = 0;
            }
            buffer.moveTo(Buffer.Place.APPLICATION);
            burst.buffer[end] = buffer;
            burst.length[end] = i == 0 ? Math.max(0, length - front) : length;
            burst.flags[end++] = 0;
        }
        return end;
    }

    /** Hands on what the device said of a frame; a sum that would lie outside it makes it bad. */
    private void end(final RxBurst burst, final int entry) {
        if ((frameFlags & RxBurst.L4_PARTIAL) != 0 && frameChecksumStart + frameChecksumOffset + Short.BYTES > frameBytes) {
            frameIsBad = true;
        }
        burst.flags[entry] = RxBurst.END_OF_FRAME | frameFlags | (frameIsBad ? RxBurst.BAD_DESCRIPTOR : 0);
        burst.hash[entry] = frameHash;
        burst.mss[entry] = frameMss;
        burst.checksumStart[entry] = frameChecksumStart;
        burst.checksumOffset[entry] = frameChecksumOffset;
        frameIsBad = false;
    }

    @Override
    public boolean isReady() {
        return queue.isReady();
    }

    @Override
    public int posted() {
        return queue.chains() * descriptors;
    }

    /** {@inheritDoc} Ids that stand for no chain and indexes that cannot be count too. */
    @Override
    public long disorders() {
        return queue.disorders();
    }

    /**
     * How many chains the device gave back with a length that cannot be. Their frames carry
     * {@link RxBurst#BAD_DESCRIPTOR} and their buffers a length of 0.
     *
     * @return the count since the ring was made
     */
    public long badLengths() {
        return badLengths;
    }

    @Override
    public void drain() {
        for (int id = 0; id < ids(); id++) {
            release(id);
        }
        queue.reset();
        chainsLeft = 0;
        frameIsBad = false;
    }

    private int ids() {
        return shadow.length / perChain;
    }

    /**
     * Where the device finds the queue.
     *
     * @return its areas
     */
    public VirtqueueAreas areas() {
        return queue.areas();
    }

    /** Lets the device interrupt for the next chain that it uses; look at the ring once more behind a full fence. */
    public void enableInterrupts() {
        queue.enableInterrupts();
    }

    /** Asks the device not to interrupt; it may still do so. A new ring starts like this. */
    public void disableInterrupts() {
        queue.disableInterrupts();
    }
}
