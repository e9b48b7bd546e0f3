package dev.barewire;

import static dev.barewire.NicCounters.Name.CARD_RECOVERIES;
import static dev.barewire.NicCounters.Name.TX_BYTES;
import static dev.barewire.NicCounters.Name.TX_COMPLETED;
import static dev.barewire.NicCounters.Name.TX_DROP_LONG;
import static dev.barewire.NicCounters.Name.TX_DROP_MALFORMED;
import static dev.barewire.NicCounters.Name.TX_DROP_RESET;
import static dev.barewire.NicCounters.Name.TX_DROP_UNREACHABLE;
import static dev.barewire.NicCounters.Name.TX_FAULT_COLLISION;
import static dev.barewire.NicCounters.Name.TX_FAULT_ORDER;
import static dev.barewire.NicCounters.Name.TX_FAULT_STALLED;
import static dev.barewire.NicCounters.Name.TX_FRAMES;
import static dev.barewire.NicCounters.Name.TX_LINEARISED;
import static dev.barewire.NicCounters.Name.TX_RING_FULL;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.SegmentList;
import dev.barewire.driver.card.Card;
import dev.barewire.driver.events.NicEvents;
import dev.barewire.fallback.Lineariser;
import dev.barewire.rings.TxRequest;
import dev.barewire.rings.TxRing;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * A transmit queue. It belongs to one thread: the first that sends or takes a packet, until {@link #handOver()}. Sending
 * allocates nothing and never throws on traffic.
 */
public final class TxQueue {
    /** Frames shorter than this are filled up with zeros (IEEE 802.3, 3.2.8), without FCS. */
    static final int MIN_FRAME = 60;
    /** What an MTU does not count: Ethernet header and two VLAN tags. */
    static final int FRAME_OVERHEAD = 14 + 2 * 4;
    /** What a frame that software cuts off may have more than the whole: its own header, and what the driver adds. */
    private static final int ADDED_SEGMENTS = 1 + Packet.DRIVER_SEGMENTS;
    /** How long a full ring may stand still while the link is up. */
    private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Asks for nothing, so that only data take descriptors. */
    private static final TxRequest PLAIN = new TxRequest();
    /** A frame that nobody wants to hear of again. */
    private static final long NO_TAG = 0;

    private final Nic nic;
    private final Card card;
    private final int index;
    private TxRing ring;
    private final PacketPool packets;
    private final TxPrepare prepare;
    private final Lineariser lineariser;
    private final Buffer padding;
    private final int maxFrame;
    private final int maxSegments;
    private final int maxDescriptors;
    private final AtomicCounter frames;
    private final AtomicCounter bytes;
    private final AtomicCounter completed;
    private final AtomicCounter ringFull;
    private final AtomicCounter linearised;
    private final AtomicCounter dropLong;
    private final AtomicCounter dropMalformed;
    private final AtomicCounter dropUnreachable;
    private final AtomicCounter stalled;
    private final AtomicCounter outOfOrder;
    private final AtomicCounter collisions;
    private final AtomicCounter dropReset;
    private final AtomicCounter recoveries;

    /** How many of the card's recoveries this queue has followed, and what its rings before the last one had to say. */
    private long knownRecoveries;
    private long formerDisorders;
    private long formerErrors;
    private Thread owner;
    private LongConsumer listener;
    private boolean reclaiming;
    private final TxRing.Completion completion = this::completed;
    /** A frame that software is cutting into segments, of which some wait for room in the ring. */
    private Packet segmenting;
    private final SegmentList segment;
    private long postedFrames;
    private long postedBytes;
    /** When the ring was first seen full since a frame was completed; and whether that was told of. */
    private boolean full;
    private long fullSince;
    private boolean stallTold;

    TxQueue(final Nic nic, final Card card, final int index, final TxPrepare prepare, final Lineariser lineariser,
        final Buffer padding, final TxLimits limits) {
        this.nic = nic;
        this.card = card;
        this.index = index;
        this.ring = card.txRing(index);
        this.prepare = prepare;
        this.lineariser = lineariser;
        this.padding = padding;
        this.maxFrame = limits.maxFrame();
        this.maxSegments = limits.cardSegments();
        this.maxDescriptors = limits.cardDescriptors();
        this.packets = new PacketPool(limits.packets(), limits.packetSegments());
        this.segment = new SegmentList(Math.max(limits.packetSegments(), limits.receivedSegments()) + ADDED_SEGMENTS);
        final NicCounters counters = nic.counters();
        frames = counters.counter(TX_FRAMES, index);
        bytes = counters.counter(TX_BYTES, index);
        completed = counters.counter(TX_COMPLETED, index);
        ringFull = counters.counter(TX_RING_FULL, index);
        linearised = counters.counter(TX_LINEARISED, index);
        dropLong = counters.counter(TX_DROP_LONG, index);
        dropMalformed = counters.counter(TX_DROP_MALFORMED, index);
        dropUnreachable = counters.counter(TX_DROP_UNREACHABLE, index);
        stalled = counters.counter(TX_FAULT_STALLED, index);
        outOfOrder = counters.counter(TX_FAULT_ORDER, index);
        collisions = counters.counter(TX_FAULT_COLLISION, index);
        dropReset = counters.counter(TX_DROP_RESET, index);
        recoveries = counters.counter(CARD_RECOVERIES);
    }

    /**
     * What bounds a transmit queue.
     *
     * @param maxFrame         the most bytes of a frame, without FCS
     * @param cardSegments     the most segments that the card takes
     * @param cardDescriptors  the most descriptors for the data of one frame that it takes
     * @param packets          packet objects
     * @param packetSegments   segments of a packet that the application may append
     * @param receivedSegments segments of a packet that was received and is sent on
     */
    record TxLimits(
        int maxFrame, int cardSegments, int cardDescriptors, int packets, int packetSegments, int receivedSegments) {
    }

    /**
     * Takes an empty packet to build a frame in.
     *
     * @return a packet, or null when all are under construction
     */
    public Packet packet() {
        if (owner != Thread.currentThread()) {
            claim();
        }
        return packets.take();
    }

    /**
     * Sets who hears of sent frames: their tags, in the order in which they were sent. Frames with tag 0 are not told of.
     *
     * @param tagListener called inside {@link #reclaim()} and {@link #send}, and may send; null for nobody
     */
    public void onCompletion(final LongConsumer tagListener) {
        listener = tagListener;
    }

    /**
     * Sends frames. What lies in memory that only other cards reach, see {@link Nic#domain}, is copied first, and the
     * ledger says so.
     *
     * @param burst packets, those of a receive queue as well
     * @param count how many, from entry 0
     * @return how many the card has taken; those are gone from the caller, the rest are still the caller's
     */
    public int send(final Packet[] burst, final int count) {
        if (owner != Thread.currentThread()) {
            claim();
        }
        if (nic.watch().knowsLost()) {
            return 0;
        }
        reclaim();
        int sent = 0;
        try {
            while (sent < count && (segmenting == null || continueSegmenting()) && transmit(burst[sent])) {
                burst[sent] = null;
                sent++;
            }
        } finally {
            // Misuse, such as a packet that was sent before, must not hold up those in front of it.
            publish();
        }
        if (sent < count) {
            ringFull.getAndAddPlain(1);
            lookAtFullRing();
        }
        return sent;
    }

    /** A ring that stays full is not the application's fault: the card does not send, or does not say so. */
    private void lookAtFullRing() {
        countFaults();
        final long now = System.nanoTime();
        if (!full) {
            full = true;
            fullSince = now;
        } else if (now - fullSince > STALL_NANOS && !stallTold) {
            stallTold = nic.watch().link().up();
            if (stallTold) {
                stalled.getAndAddPlain(1);
                NicEvents.fault(nic.name(), nic.name() + ": the card has completed none of " + ring.pending()
                    + " frames of queue " + index + " for a second");
            } else {
                fullSince = now;
            }
        }
    }

    private void countFaults() {
        outOfOrder.setRelease(formerDisorders + ring.disorders());
        collisions.setRelease(formerErrors + ring.errors());
    }

    /** Rings the doorbell once for all that was posted, and counts it. */
    private void publish() {
        final int tail = ring.publish();
        if (tail != TxRing.NOTHING) {
            card.txDoorbell(index, tail);
        }
        if (postedFrames > 0) {
            frames.getAndAddPlain(postedFrames);
            bytes.getAndAddPlain(postedBytes);
            postedFrames = 0;
            postedBytes = 0;
        }
    }

    /** Posts a packet, or drops it under a counter's name. False if there is no room for it now. */
    private boolean transmit(final Packet packet) {
        packet.checkInUse();
        final SegmentList segments = packet.segments();
        if (segments.bytes() == 0) {
            return drop(packet, dropMalformed);
        }
        if (!lineariser.isReachable(segments)) {
            if (!lineariser.canFetch(segments)) {
                return drop(packet, dropUnreachable);
            }
            if (!lineariser.fetch(segments)) {
                return false;
            }
        }
        final TxPrepare.Result result = prepare.prepare(packet);
        return switch (result) {
            case DROP -> {
                packet.release();
                yield true;
            }
            case NO_ROOM -> false;
            case SEGMENT_IN_SOFTWARE -> {
                segmenting = packet;
                continueSegmenting();
                yield true;
            }
            case READY -> post(packet, segments);
        };
    }

    private boolean post(final Packet packet, final SegmentList segments) {
        final TxRequest request = packet.request();
        final boolean whole = (request.flags & TxRequest.SEGMENT) == 0;
        if (whole && segments.bytes() > maxFrame) {
            return drop(packet, dropLong);
        }
        if (!postFrame(segments, request, packet.tag())) {
            final int limit = gatherLimit(segments, request);
            return limit > 0 && !lineariser.accepts(segments, limit) && drop(packet, dropLong);
        }
        packet.recycle();
        return true;
    }

    /** Fills a frame up to the least length, gathers what the card cannot take, posts; false if there is no room now. */
    private boolean postFrame(final SegmentList frame, final TxRequest request, final long tag) {
        if (frame.bytes() < MIN_FRAME) {
            frame.lend(padding, 0, MIN_FRAME - frame.bytes());
        }
        final int limit = gatherLimit(frame, request);
        if (limit > 0) {
            if (!lineariser.linearise(frame, limit)) {
                return false;
            }
            linearised.getAndAddPlain(1);
        }
        final int length = frame.bytes();
        if (!ring.post(frame, request, tag)) {
            return false;
        }
        frame.clear();
        postedFrames++;
        postedBytes += length;
        return true;
    }

    /** How many segments a frame must be gathered into; 0 if the card takes it as it is. */
    private int gatherLimit(final SegmentList frame, final TxRequest request) {
        final int descriptors = ring.descriptorsFor(frame, request);
        if (descriptors > ring.capacity()) {
            return 1;
        }
        if (descriptors > maxDescriptors && ring.descriptorsFor(frame, PLAIN) > maxDescriptors) {
            return lineariser.fewest(frame);
        }
        return frame.count() > maxSegments ? maxSegments : 0;
    }

    /** Posts what is left of a frame that software cuts; false if the ring or the header pool had no room for all. */
    private boolean continueSegmenting() {
        while (segment.count() > 0 || prepare.nextSegment(segment)) {
            final long tag = prepare.segmentsLeft() ? NO_TAG : segmenting.tag();
            if (!postFrame(segment, segmenting.request(), tag)) {
                return false;
            }
        }
        if (prepare.segmentsLeft()) {
            return false;
        }
        segmenting.release();
        segmenting = null;
        return true;
    }

    private static boolean drop(final Packet packet, final AtomicCounter reason) {
        packet.release();
        reason.getAndAddPlain(1);
        return true;
    }

    /**
     * Gives back the buffers of frames that the card has sent, and goes on with what waited for room. A thread that
     * waits for buffers calls this now and then; sending does it as well.
     *
     * @return how many frames were sent
     */
    public int reclaim() {
        if (owner != Thread.currentThread()) {
            claim();
        }
        final int count = ring.pending() == 0 || reclaiming ? 0 : reclaimRing();
        if (recoveries.getAcquire() != knownRecoveries && !reclaiming) {
            followRecovery();
        }
        if (segmenting != null) {
            continueSegmenting();
            publish();
        }
        return count;
    }

    /** The listener may send, which reclaims: the ring must not be entered a second time. */
    private int reclaimRing() {
        reclaiming = true;
        try {
            final int count = ring.reclaim(completion);
            if (count > 0) {
                completed.getAndAddPlain(count);
                full = false;
                stallTold = false;
            }
            return count;
        } finally {
            reclaiming = false;
        }
    }

    /** The card was reset and has new rings: what it had not sent comes back, and is dropped. */
    private void followRecovery() {
        knownRecoveries = recoveries.getAcquire();
        dropReset.getAndAddPlain(ring.pending());
        formerDisorders += ring.disorders();
        formerErrors += ring.errors();
        ring.drain();
        full = false;
        stallTold = false;
        ring = card.switchTxRing(index);
        prepare.sendTo(ring);
    }

    private void completed(final long tag) {
        if (tag != NO_TAG && listener != null) {
            listener.accept(tag);
        }
    }

    /**
     * How many frames the card has not sent yet, as far as {@link #reclaim()} has looked.
     *
     * @return frames
     */
    public int pending() {
        return ring.pending();
    }

    /** Gives up ownership, so that the next thread that sends becomes the owner. The two must agree on when. */
    public void handOver() {
        prepare.handOver();
        lineariser.handOver();
        packets.ownedBy(null);
        owner = null;
    }

    /** Under a lock, so that of two threads that come first together one is refused. */
    private synchronized void claim() {
        if (owner != null) {
            throw new IllegalStateException("transmit queue " + index + " of " + nic.name() + " belongs to thread "
                + owner.getName() + "; call handOver() there before thread " + Thread.currentThread().getName()
                + " uses it");
        }
        nic.checkOpen();
        owner = Thread.currentThread();
        packets.ownedBy(owner);
    }

    /** Takes back what the stopped card had. Who sends again is told that it is closed. */
    void close() {
        owner = null;
        countFaults();
        ring.drain();
        prepare.close();
        segment.release();
        if (segmenting != null) {
            segmenting.release();
            segmenting = null;
        }
    }
}
