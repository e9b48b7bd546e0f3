package dev.barewire;

import static dev.barewire.NicCounters.Name.CARD_RECOVERIES;
import static dev.barewire.NicCounters.Name.RX_BYTES;
import static dev.barewire.NicCounters.Name.RX_DROP_DESCRIPTOR;
import static dev.barewire.NicCounters.Name.RX_DROP_ERROR;
import static dev.barewire.NicCounters.Name.RX_DROP_LONG;
import static dev.barewire.NicCounters.Name.RX_DROP_NO_PACKET;
import static dev.barewire.NicCounters.Name.RX_DROP_SHORT;
import static dev.barewire.NicCounters.Name.RX_FAULT_ORDER;
import static dev.barewire.NicCounters.Name.RX_FRAMES;
import static dev.barewire.NicCounters.Name.RX_POOL_EMPTY;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.card.Card;
import dev.barewire.rings.RxBurst;
import dev.barewire.rings.RxRing;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * A receive queue. It belongs to one thread: the first that polls it, until {@link #handOver()}. Polling allocates
 * nothing and never throws on traffic.
 */
public final class RxQueue {
    /** How many polls pass between two looks at the clock by which outstanding buffers are dated. */
    private static final int POLLS_PER_CLOCK = 1024;
    /** How long a sleep is at most while there are too few buffers to receive into. */
    private static final int STARVED_MILLIS = 1;
    /** So many buffers, or a quarter of a small ring, are posted together. */
    private static final int BATCH = 16;
    private static final int UNFINISHED = RxBurst.L4_PARTIAL | RxBurst.COALESCED;
    /** The segment that a packet has more when its header lies in a buffer of its own. */
    static final int HEADER_SEGMENT = 1;

    private final Nic nic;
    private final Card card;
    private final int index;
    private RxRing ring;
    private final RxBurst burst;
    private final BufferPool pool;
    /** Null unless the card puts headers apart. */
    private final BufferPool headers;
    private final PacketPool packets;
    private final RxFinish finish;
    private final RxSleep sleep;
    private final int maxFrame;
    private final int maxSegments;
    private final AtomicCounter frames;
    private final AtomicCounter bytes;
    private final AtomicCounter poolEmpty;
    private final AtomicCounter outOfOrder;
    private final AtomicCounter dropDescriptor;
    private final AtomicCounter dropError;
    private final AtomicCounter dropShort;
    private final AtomicCounter dropLong;
    private final AtomicCounter dropNoPacket;

    private final AtomicCounter recoveries;

    private Thread owner;
    /** How many of the card's recoveries this queue has followed, and what its rings before the last one had to say. */
    private long knownRecoveries;
    private long formerDisorders;
    private Packet partial;
    private boolean discarding;
    private int pollsToClock = POLLS_PER_CLOCK;
    /** How many buffers the card has had at the most: its ring's worth, or all that there are. */
    private int mostPosted;

    /**
     * Makes a queue.
     *
     * @param headers     where the card puts headers apart; null if it does not
     * @param maxFrame    the most bytes of a frame, without FCS
     * @param maxSegments how many buffers the card fills with one
     */
    RxQueue(final Nic nic, final Card card, final int index, final BufferPool pool, final BufferPool headers,
        final RxFinish finish, final InterruptSource interrupts, final int maxFrame, final int maxSegments) {
        this.nic = nic;
        this.card = card;
        this.index = index;
        this.ring = card.rxRing(index);
        this.burst = new RxBurst(256);
        this.pool = pool;
        this.headers = headers;
        this.finish = finish;
        this.maxFrame = maxFrame;
        this.maxSegments = maxSegments;
        this.packets = new PacketPool(
            headers == null ? pool.count() : Math.max(pool.count(), headers.count()), maxSegments + HEADER_SEGMENT);
        final NicCounters counters = nic.counters();
        frames = counters.counter(RX_FRAMES, index);
        bytes = counters.counter(RX_BYTES, index);
        poolEmpty = counters.counter(RX_POOL_EMPTY, index);
        outOfOrder = counters.counter(RX_FAULT_ORDER, index);
        dropDescriptor = counters.counter(RX_DROP_DESCRIPTOR, index);
        dropError = counters.counter(RX_DROP_ERROR, index);
        dropShort = counters.counter(RX_DROP_SHORT, index);
        dropLong = counters.counter(RX_DROP_LONG, index);
        dropNoPacket = counters.counter(RX_DROP_NO_PACKET, index);
        recoveries = counters.counter(CARD_RECOVERIES);
        sleep = new RxSleep(nic, card, index, interrupts);
    }

    /**
     * Takes the frames that have arrived.
     *
     * @param target where to, from entry 0; each packet is the caller's until it is released or sent
     * @return how many, at most the target's length
     */
    public int poll(final Packet[] target) {
        return poll(target, target.length);
    }

    /**
     * Takes the frames that have arrived.
     *
     * @param target where to, from entry 0; each packet is the caller's until it is released or sent
     * @param max    how many at most; more than the target has room for is as good as its length
     * @return how many
     */
    public int poll(final Packet[] target, final int max) {
        if (owner != Thread.currentThread()) {
            claim();
        }
        if (nic.watch().knowsLost()) {
            return 0;
        }
        final int reaped = ring.reap(burst, Math.min(Math.min(max, target.length), burst.capacity()));
        int count = 0;
        long octets = 0;
        for (int i = 0; i < reaped; i++) {
            final Packet packet = assemble(i);
            if (packet != null && (burst.flags[i] & UNFINISHED) != 0) {
                takeFromHost(packet, i);
            }
            if (packet != null && finish.finish(packet, burst.flags[i], burst.vlan[i])) {
                if ((burst.flags[i] & finish.hashFlag()) != 0) {
                    packet.hashed(burst.hash[i]);
                }
                target[count++] = packet;
                octets += packet.length();
            }
        }
        if (count > 0) {
            frames.getAndAddPlain(count);
            bytes.getAndAddPlain(octets);
        }
        if (reaped > 0 && isBatchFree() || isStarved()) {
            refill();
        }
        if (--pollsToClock == 0) {
            keepHouse();
        }
        if (reaped == 0 && recoveries.getAcquire() != knownRecoveries) {
            followRecovery();
        }
        return count;
    }

    /** A frame that never was on a wire may have no checksum yet, and may stand for several. */
    private void takeFromHost(final Packet packet, final int entry) {
        final int flags = burst.flags[entry];
        if ((flags & RxBurst.L4_PARTIAL) != 0) {
            final int start = burst.checksumStart[entry];
            finish.completeChecksum(packet, start, start + burst.checksumOffset[entry]);
        }
        if ((flags & RxBurst.COALESCED) != 0 && burst.mss[entry] > 0) {
            packet.coalesced(burst.mss[entry]);
        }
    }

    /** The card was reset and has new rings: what the old one holds comes back. */
    private void followRecovery() {
        knownRecoveries = recoveries.getAcquire();
        formerDisorders += ring.disorders();
        drain();
        ring = card.switchRxRing(index);
        refill();
    }

    private void keepHouse() {
        pollsToClock = POLLS_PER_CLOCK;
        final long now = System.nanoTime();
        pool.clock(now);
        outOfOrder.setRelease(formerDisorders + ring.disorders());
        if (index == 0) {
            nic.watch().lookAfter(now);
        }
    }

    /** Whether enough has been taken to be worth a doorbell: who polls frames one by one rings it no more often than others. */
    private boolean isBatchFree() {
        return mostPosted - ring.posted() >= Math.min(BATCH, mostPosted >> 2);
    }

    /** Whether the card has too few buffers for the longest frame, so that it may never end one by itself. */
    private boolean isStarved() {
        return ring.posted() < maxSegments;
    }

    /** Adds an entry's buffers to its frame; gives the frame when it is whole and sound, else null. */
    private Packet assemble(final int entry) {
        final int flags = burst.flags[entry];
        final boolean last = (flags & RxBurst.END_OF_FRAME) != 0;
        if (discarding) {
            release(entry);
            discarding = !last;
            return null;
        }
        if (partial == null) {
            partial = packets.take();
            if (partial == null) {
                return discard(entry, last, dropNoPacket);
            }
            if ((flags & RxBurst.HEADER_SPLIT) != 0) {
                partial.split(SplitKind.CARD_BY_HEADER, burst.headerLength[entry]);
            }
        }
        if ((flags & (RxBurst.FRAME_ERROR | RxBurst.BAD_DESCRIPTOR)) != 0) {
            return discard(entry, last, (flags & RxBurst.BAD_DESCRIPTOR) != 0 ? dropDescriptor : dropError);
        }
        final boolean hasHeader = burst.header[entry] != null;
        final int length = burst.length[entry] + (hasHeader ? burst.headerLength[entry] : 0);
        if (partial.length() + length > maxFrame || partial.segments().count() + (hasHeader ? 2 : 1) > maxSegments) {
            return discard(entry, last, dropLong);
        }
        append(entry, hasHeader);
        if (!last) {
            return null;
        }
        final Packet whole = partial;
        partial = null;
        if (whole.length() < RxFinish.MIN_FRAME) {
            whole.release();
            dropShort.getAndAddPlain(1);
            return null;
        }
        return whole;
    }

    private void append(final int entry, final boolean hasHeader) {
        final Buffer buffer = burst.buffer[entry];
        final int length = burst.length[entry];
        burst.buffer[entry] = null;
        if (hasHeader) {
            final Buffer header = burst.header[entry];
            burst.header[entry] = null;
            header.moveTo(Buffer.Place.APPLICATION);
            partial.append(header, burst.offset[entry], burst.headerLength[entry]);
            if (length == 0) {
                buffer.release();
                return;
            }
        }
        buffer.moveTo(Buffer.Place.APPLICATION);
        partial.append(buffer, hasHeader ? 0 : burst.offset[entry], length);
    }

    private void release(final int entry) {
        burst.buffer[entry].release();
        burst.buffer[entry] = null;
        if (burst.header[entry] != null) {
            burst.header[entry].release();
            burst.header[entry] = null;
        }
    }

    /** Drops the frame under way, and what of it is still to come. */
    private Packet discard(final int entry, final boolean last, final AtomicCounter reason) {
        release(entry);
        if (partial != null) {
            partial.release();
            partial = null;
        }
        discarding = !last;
        reason.getAndAddPlain(1);
        return null;
    }

    /** Posts free buffers and tells the card, once. */
    void refill() {
        if (ring.fill(pool, headers) == 0 && ring.posted() == 0) {
            poolEmpty.getAndAddPlain(1);
        }
        mostPosted = Math.max(mostPosted, ring.posted());
        final int tail = ring.publish();
        if (tail != RxRing.NOTHING) {
            card.rxDoorbell(index, tail);
        }
    }

    /**
     * Sleeps until a frame may have arrived, {@link #wake()} is called or the time is over. A frame that arrives between
     * the last poll and the sleep is not missed. A card without interrupts is looked at every millisecond; so is the pool
     * while the card has too few buffers, since nobody tells when one is released.
     *
     * @param timeoutMillis how long at most; -1 for ever
     * @return true if there may be something to poll
     */
    public boolean await(final int timeoutMillis) {
        if (owner != Thread.currentThread()) {
            claim();
        }
        if (recoveries.getAcquire() != knownRecoveries && !ring.isReady()) {
            followRecovery();
        }
        return sleep.await(ring, timeoutMillis != 0 && isStarved() ? STARVED_MILLIS : timeoutMillis);
    }

    /** Makes {@link #await} return, now or at its next call. From any thread. */
    public void wake() {
        sleep.wake();
    }

    /** Gives up ownership, so that the next thread that polls becomes the owner. The two must agree on when. */
    public void handOver() {
        pool.handOver();
        finish.handOver();
        packets.ownedBy(null);
        owner = null;
    }

    /** Under a lock, so that of two threads that come first together one is refused. */
    private synchronized void claim() {
        if (owner != null) {
            throw new IllegalStateException("receive queue " + index + " of " + nic.name() + " belongs to thread "
                + owner.getName() + "; call handOver() there before thread " + Thread.currentThread().getName()
                + " polls it");
        }
        nic.checkOpen();
        owner = Thread.currentThread();
        packets.ownedBy(owner);
    }

    /** How many buffers the card has to receive into. */
    int posted() {
        return ring.posted();
    }

    /** Takes back what the stopped card had, and the frame under way. Who polls again is told that it is closed. */
    void close() {
        owner = null;
        outOfOrder.setRelease(formerDisorders + ring.disorders());
        drain();
    }

    private void drain() {
        ring.drain();
        discarding = false;
        if (partial != null) {
            partial.release();
            partial = null;
        }
    }
}
