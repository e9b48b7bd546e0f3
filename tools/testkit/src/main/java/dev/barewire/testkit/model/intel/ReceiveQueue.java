package dev.barewire.testkit.model.intel;

import dev.barewire.testkit.model.CardMemory;
import dev.barewire.testkit.model.CardObserver;
import dev.barewire.testkit.model.CardSlot;
import dev.barewire.testkit.model.Chance;
import dev.barewire.testkit.model.Delay;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * A receive ring: writes frames to the buffers of the descriptors between head and tail, and says later, in order, that
 * those are done.
 */
final class ReceiveQueue {
    /** By how much a card that takes liberties completes later than it could. */
    private static final int DELAY_NANOS = 4_000;
    /** The longest ring, and a power of two. */
    private static final int MOST_HELD = 4096;
    private static final int MOST_BUFFERS = 4;
    /** Errors in a descriptor that ends no frame, where they mean nothing (3.2.3.2). */
    private static final int MEANINGLESS = 0xe7;
    private static final long GARBAGE = 0xa5c3_9600_0bad_5eedL;
    private static final int HEADER_SPLIT = 1 << 15;
    private static final int HASH_QUEUE_SHIFT = 8;
    // What an advanced descriptor tells of the header, beside the hash (82576 datasheet, 7.1.5), and of one too large
    private static final long HEADER_FOUND = 1L << 31;
    private static final int HEADER_LENGTH_SHIFT = 21;
    private static final int HEADER_LENGTH_MASK = 0x3ff;
    private static final long HEADER_MASK = HEADER_FOUND | (long) HEADER_LENGTH_MASK << HEADER_LENGTH_SHIFT;
    private static final long HEADER_BEYOND = 1L << 32;
    private static final int STATUS_HEADER_BEYOND = 1 << 23;

    final int number;
    private final int first;
    private final int enable;
    private final RegisterFile registers;
    private final Causes causes;
    private final CardMemory ring;
    private final CardMemory buffers;
    private final CardObserver observer;
    private final Chance chance;
    private final Delay delay;
    private final boolean strict;
    private final HostileRing hostile;
    /** Descriptors that are written but not yet said to be done, oldest first, as a ring: where, and their quadwords. */
    private final int[] heldIndex = new int[MOST_HELD];
    private final long[] heldHash = new long[MOST_HELD];
    private final long[] heldStatus = new long[MOST_HELD];
    private final long[] heldLengths = new long[MOST_HELD];
    private int firstHeld;
    private int held;
    private RxFormat format = RxFormat.LEGACY;
    /** What the driver says that each buffer of a descriptor holds; the order is that of the addresses. */
    private final int[] sizes = new int[MOST_BUFFERS];
    /** What a frame may have that one descriptor takes, whatever its headers. */
    private int capacity;
    /** What the registers say, as it was when the engine last looked. */
    private long base;
    private int size;
    private int tail;
    private int head;

    ReceiveQueue(final CardSlot slot, final RegisterFile registers, final Causes causes, final int number,
        final Design design) {
        this.number = number;
        first = design.receiveRing(number);
        enable = design.queueEnable();
        this.registers = registers;
        this.causes = causes;
        ring = slot.memory("receive-ring");
        buffers = slot.memory("receive-buffer");
        observer = slot.observer();
        chance = slot.chance();
        delay = new Delay(chance, DELAY_NANOS);
        strict = slot.strict();
        hostile = slot.hostilities() == null ? null : new HostileRing(slot.hostilities(), ring);
    }

    /** Forgets all that is under way. */
    void reset() {
        held = 0;
    }

    /** How descriptors look from now on, and what their buffers hold. */
    void use(final RxFormat layout, final int... bufferSizes) {
        format = layout;
        Arrays.fill(sizes, 0);
        System.arraycopy(bufferSizes, 0, sizes, 0, bufferSizes.length);
        capacity = layout == RxFormat.PACKET_SPLIT ? sizes[1] + sizes[2] + sizes[3] : sizes[0];
    }

    /** Head and tail count units of 16 bytes, whatever a descriptor has. */
    private int units() {
        return format.bytes >> Bits.DESCRIPTOR_SHIFT;
    }

    void look() {
        final int units = units();
        tail = (registers.getAcquire(first + Register.TAIL) & Bits.POINTER_MASK) / units;
        base = registers.pair(first) & Bits.BASE_MASK;
        size = (registers.get(first + Register.LENGTH) & Bits.LENGTH_MASK) / format.bytes;
        head = (registers.get(first + Register.HEAD) & Bits.POINTER_MASK) / units;
        if (tail >= size || head >= size || enable != 0 && !registers.has(first + Register.QUEUE_CONTROL, enable)) {
            // Beyond the ring there is nothing that the card could own.
            tail = head;
        }
    }

    /** Shows how far the card has come. */
    void show() {
        registers.set(first + Register.HEAD, head * units());
    }

    boolean hasDescriptor() {
        return head != tail && held < MOST_HELD && capacity > 0;
    }

    boolean takesWhole(final int length) {
        return length <= capacity && hasDescriptor();
    }

    /** Counts a frame that is dropped for want of descriptors, if the queue drops such frames. */
    boolean drops() {
        final boolean drops = enable != 0 && registers.has(first + Register.SRRCTL, Bits.SRRCTL_DROP);
        if (drops) {
            registers.set(first + Register.DROPPED, registers.get(first + Register.DROPPED) + 1);
        }
        return drops;
    }

    boolean isIdle() {
        return held == 0;
    }

    /** Writes what the descriptor at the head takes of a frame, of which some may be written; gives how much is then. */
    int fill(final DirectBuffer frame, final int offset, final int length, final int written, final FrameFacts facts) {
        final long at = base + (long) head * format.bytes;
        return switch (format) {
            case PACKET_SPLIT -> fillFour(at, frame, offset, length, written, facts);
            case ADVANCED_SPLIT, ADVANCED_ALWAYS -> fillTwo(at, frame, offset, length, written, facts);
            default -> fillOne(at, frame, offset, length, written, facts);
        };
    }

    /** A buffer at 0 is none: such a descriptor is used up without data. */
    private int fillOne(final long at, final DirectBuffer frame, final int offset, final int length, final int written,
        final FrameFacts facts) {
        final long address = ring.getLong(at);
        final int piece = address == 0 ? 0 : Math.min(sizes[0], length - written);
        if (piece > 0) {
            buffers.write(address, frame, offset + written, piece);
        }
        done(at, piece, 0, facts, written + piece == length);
        return written + piece;
    }

    /** A header that the card knows, and for which there is room, has the first buffer for itself. */
    private int fillFour(final long at, final DirectBuffer frame, final int offset, final int length, final int written,
        final FrameFacts facts) {
        final boolean split = facts.headerLength > 0 && facts.headerLength <= sizes[0];
        final int inFirst = written > 0 ? 0 : split ? facts.headerLength : Math.min(sizes[0], length);
        if (inFirst > 0) {
            buffers.write(ring.getLong(at), frame, offset, inFirst);
        }
        long lengths = written > 0 ? 0 : facts.headerLength | (split ? HEADER_SPLIT : 0);
        int now = written + inFirst;
        for (int i = 1; i < MOST_BUFFERS; i++) {
            final int piece = Math.min(sizes[i], length - now);
            if (piece > 0) {
                buffers.write(ring.getLong(at + (long) i * Long.BYTES), frame, offset + now, piece);
                lengths |= (long) piece << Short.SIZE * i;
                now += piece;
            }
        }
        done(at, inFirst, lengths, facts, now == length);
        return now;
    }

    /** A frame's first descriptor has its headers apart, and the others tell of them too, but have none. */
    private int fillTwo(final long at, final DirectBuffer frame, final int offset, final int length, final int written,
        final FrameFacts facts) {
        final int room = sizes[1];
        final int header = facts.headerLength;
        final boolean always = format == RxFormat.ADVANCED_ALWAYS;
        final boolean whole = always && length <= room;
        final boolean found = header > 0 && !whole;
        final int inHeader = found && header <= room ? header : always ? Math.min(room, length) : 0;
        final int before = written > 0 ? written : inHeader;
        if (written == 0 && inHeader > 0) {
            buffers.write(ring.getLong(at + Long.BYTES), frame, offset, inHeader);
        }
        final int piece = Math.min(sizes[0], length - before);
        if (piece > 0) {
            buffers.write(ring.getLong(at), frame, offset + before, piece);
        }
        // Of a header that was not found the length says nothing, unless the buffer is used always.
        final int told = found ? header : always ? inHeader : room;
        final long beyond = found && header > room ? HEADER_BEYOND : 0;
        done(at, piece, (found ? HEADER_FOUND : 0) | (long) (told & HEADER_LENGTH_MASK) << HEADER_LENGTH_SHIFT | beyond, facts,
            before + piece == length);
        return before + piece;
    }

    /** A descriptor is written; what it says counts only in a frame's last one. */
    private void done(final long at, final int bytes, final long lengths, final FrameFacts facts, final boolean last) {
        if (observer != null) {
            observer.onReceiveFetch(number, head, ring.getLong(at), ring.getLong(at + 8));
        }
        final int slotOf = firstHeld + held & MOST_HELD - 1;
        heldIndex[slotOf] = head;
        if (format == RxFormat.LEGACY) {
            heldStatus[slotOf] = last ? RxDescriptor.legacy(bytes, RxDescriptor.DD | RxDescriptor.EOP | facts.status(),
                facts.errors(), facts.tag()) : RxDescriptor.legacy(bytes, RxDescriptor.DD, meaningless(), 0);
        } else {
            heldStatus[slotOf] = last ? RxDescriptor.extended(bytes, RxDescriptor.DD | RxDescriptor.EOP | facts.status(),
                facts.errors(), facts.tag()) : RxDescriptor.extended(bytes, RxDescriptor.DD, meaningless(), 0);
            final long told = last ? (long) facts.hash << 32 | facts.hashType : strict ? GARBAGE : 0;
            if (enable == 0) {
                heldHash[slotOf] = last ? told | number << HASH_QUEUE_SHIFT : told;
                heldLengths[slotOf] = lengths;
            } else {
                heldHash[slotOf] = told & ~HEADER_MASK | lengths & HEADER_MASK;
                heldStatus[slotOf] |= last && (lengths & HEADER_BEYOND) != 0 ? STATUS_HEADER_BEYOND : 0;
            }
        }
        if (strict) {
            // Whoever looks before the card is done shall see what makes no sense.
            ring.putLong(at + 8, format == RxFormat.LEGACY ? GARBAGE & ~(0xffL << 32) | 0xffff
                : GARBAGE & ~0xffL | 0xffffL << 32);
        }
        held++;
        head = head + 1 == size ? 0 : head + 1;
    }

    private int meaningless() {
        return strict ? MEANINGLESS : 0;
    }

    /** Says that descriptors are done: all, or as many as chance lets go, when it lets them. */
    int report() {
        if (held == 0) {
            return 0;
        }
        int count = held;
        if (strict) {
            if (!delay.isOver()) {
                return 1;
            }
            count -= Math.min(held, chance.below(8));
        }
        for (int i = 0; i < count; i++) {
            writeBack(firstHeld);
            firstHeld = firstHeld + 1 & MOST_HELD - 1;
        }
        held -= count;
        if (count > 0) {
            causes.received(number, isLow());
        }
        return 1;
    }

    private void writeBack(final int oldest) {
        final int index = heldIndex[oldest];
        final long at = base + (long) index * format.bytes;
        final int limit = sizes[0];
        final long status = hostile == null ? heldStatus[oldest] : hostile.receive(heldStatus[oldest], limit, format);
        if (status == HostileRing.NEVER) {
            return;
        }
        if (observer != null) {
            observer.onReceiveDone(number, index);
        }
        if (format != RxFormat.LEGACY) {
            ring.putLong(at, hostile != null && hostile.empties() ? heldHash[oldest] & ~HEADER_MASK : heldHash[oldest]);
            if (format == RxFormat.PACKET_SPLIT) {
                ring.putLong(at + 16, hostile != null && hostile.empties() ? 0 : heldLengths[oldest]);
                ring.putLong(at + 24, strict ? GARBAGE : 0);
            }
        }
        putStatus(at + 8, status);
        if (hostile != null) {
            hostile.received(base, size, index, head == tail ? HostileRing.NONE : head, status, format);
        }
    }

    /** The half with the status comes last. */
    private void putStatus(final long at, final long status) {
        if (!strict) {
            ring.putLongRelease(at, status);
        } else if (format == RxFormat.LEGACY) {
            ring.putInt(at, (int) status);
            ring.putIntRelease(at + 4, (int) (status >>> 32));
        } else {
            ring.putInt(at + 4, (int) (status >>> 32));
            ring.putIntRelease(at, (int) status);
        }
    }

    /** Fewer descriptors are left than RCTL.RDMTS asks for: a half, a quarter or an eighth of the ring. */
    private boolean isLow() {
        final int threshold = size >> 1 + (registers.get(Register.RCTL) >>> Bits.RCTL_RDMTS_SHIFT & 3);
        return (tail < head ? tail - head + size : tail - head) < threshold;
    }
}
