package dev.barewire.testkit.model.intel;

import dev.barewire.testkit.model.CardMemory;
import dev.barewire.testkit.model.CardObserver;
import dev.barewire.testkit.model.CardSlot;
import dev.barewire.testkit.model.Chance;
import dev.barewire.testkit.model.Delay;
import dev.barewire.testkit.wire.Wire;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A transmit ring (3.3, 3.4, 3.5; 82576 datasheet, 7.2): fetches descriptors between head and tail some time after the doorbell, gathers and
 * makes frames, puts them on the wire, and says later still that the descriptors which ask for it are done.
 */
final class TransmitQueue {
    private static final int BATCH = 64;
    private static final int MIN_FRAME = 60;
    private static final int FCS = 4;
    private static final int LEGACY_LENGTH = 0xffff;
    private static final int MAX_RING = 65536 / 16;
    /** By how much a card that takes liberties completes later than it could. */
    private static final int DELAY_NANOS = 20_000;
    /** How long a far end that takes nothing may hold the card up; then its frames are lost. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final CardSlot slot;
    private final int number;
    private final int first;
    private final int switchedBy;
    private final int switchedOn;
    /** Contexts and data have the formats of the 82576. */
    private final boolean advanced;
    private final RegisterFile registers;
    private final Causes causes;
    private final Statistics statistics;
    private final CardMemory ring;
    private final CardMemory buffers;
    private final CardObserver observer;
    private final Chance chance;
    private final Delay delay;
    private final boolean strict;
    private final HostileRing hostile;
    /** The context for checksums and the one for segmentation; of advanced ones those that are called 0 and 1. */
    private final OffloadContext plain = new OffloadContext();
    private final OffloadContext segmentation = new OffloadContext();
    private final int contextType;
    private final int dataType;
    private final int lengthMask;
    private final int segmentBit;
    /** Which the frame that is gathered means. */
    private OffloadContext context = plain;
    private final Outgoing outgoing = new Outgoing();
    /** Descriptors that ask for a report and are not said to be done, oldest first, as a ring: where, and upper halves. */
    private final int[] heldIndex = new int[MAX_RING];
    private final int[] heldStatus = new int[MAX_RING];
    private int firstHeld;
    private int held;
    /** Those of them whose frames are out. */
    private int releasable;
    private boolean ringIsGone;
    private long base;
    private int size;
    private int tail;
    private int head;
    /** Options of the frame that is being gathered, from its first descriptor. */
    private boolean gathering;
    private int options;
    private boolean tse;
    /** Of the frame that is ready: its last descriptor. */
    private long lastDescriptor;
    private boolean waiting;
    private long waitingSince;
    private boolean hasLostPatience;

    /**
     * Makes a ring that is off.
     *
     * @param number     the queue's
     * @param design     where its registers are, and of which kind its descriptors
     * @param switchedBy the register that lets it send, apart from TCTL, and
     * @param switchedOn the bit there
     */
    TransmitQueue(final CardSlot slot, final RegisterFile registers, final Causes causes, final Statistics statistics,
        final int number, final Design design, final int switchedBy, final int switchedOn) {
        this.number = number;
        first = design.transmitRing(number);
        advanced = design.isAdvanced();
        contextType = advanced ? TxDescriptor.ADVANCED_CONTEXT : TxDescriptor.CONTEXT;
        dataType = advanced ? TxDescriptor.ADVANCED_DATA : TxDescriptor.DATA;
        lengthMask = advanced ? 0xffff : 0xf_ffff;
        segmentBit = advanced ? TxDescriptor.ADVANCED_TSE : TxDescriptor.TSE;
        this.switchedBy = switchedBy;
        this.switchedOn = switchedOn;
        this.slot = slot;
        this.registers = registers;
        this.causes = causes;
        this.statistics = statistics;
        ring = slot.memory("transmit-ring");
        buffers = slot.memory("transmit-buffer");
        observer = slot.observer();
        chance = slot.chance();
        delay = new Delay(chance, DELAY_NANOS);
        strict = slot.strict();
        hostile = slot.hostilities() == null ? null : new HostileRing(slot.hostilities(), ring);
    }

    /** Forgets all that is under way. */
    void reset() {
        held = 0;
        releasable = 0;
        gathering = false;
        waiting = false;
        ringIsGone = false;
        outgoing.clear();
        plain.set(0, 0);
        segmentation.set(0, 0);
    }

    int work() {
        if (!slot.busMaster()) {
            return 0;
        }
        int done = 0;
        if (isOn()) {
            look();
            done = transmit(strict ? 1 + chance.below(BATCH) : BATCH);
            registers.set(first + Register.HEAD, head);
            if (done > 0) {
                slot.wire().flush();
            }
        }
        return done + report();
    }

    private boolean isOn() {
        return registers.has(Register.TCTL, Bits.TCTL_EN) && registers.has(switchedBy, switchedOn)
            && registers.has(Register.STATUS, Bits.STATUS_LU) && !registers.has(Register.CTRL, Bits.CTRL_MASTER_DISABLE)
            && !ringIsGone;
    }

    /** Whether there is nothing that it has fetched and not yet told of. */
    boolean isIdle() {
        return releasable == 0;
    }

    private void look() {
        tail = registers.getAcquire(first + Register.TAIL) & Bits.POINTER_MASK;
        base = registers.pair(first) & Bits.BASE_MASK;
        size = (registers.get(first + Register.LENGTH) & Bits.LENGTH_MASK) >>> Bits.DESCRIPTOR_SHIFT;
        head = registers.get(first + Register.HEAD) & Bits.POINTER_MASK;
        if (tail >= size || head >= size) {
            tail = head;
        }
    }

    private int transmit(final int limit) {
        if (waiting) {
            if (!sendAll()) {
                return 0;
            }
            finish();
        }
        int done = 0;
        while (done < limit && head != tail && held < MAX_RING && !waiting) {
            final long at = base + (long) head * 16;
            final long faults = ring.faults();
            final long quad1 = ring.getLong(at);
            final long quad2 = ring.getLong(at + 8);
            if (ring.faults() != faults) {
                // What comes back of such a read is no descriptor: only a reset brings the card back.
                ringIsGone = true;
                break;
            }
            if (observer != null) {
                observer.onTransmitFetch(number, head, quad1, quad2);
            }
            hold(quad2);
            head = head + 1 == size ? 0 : head + 1;
            done++;
            take(quad1, quad2);
        }
        if (done > 0 && head == tail) {
            causes.raise(Bits.CAUSE_TXQE);
        }
        return done;
    }

    private void hold(final long second) {
        if ((TxDescriptor.command(second) & TxDescriptor.RS) != 0) {
            final int at = firstHeld + held & MAX_RING - 1;
            heldIndex[at] = head;
            heldStatus[at] = (int) (second >>> 32) | TxDescriptor.DD;
            held++;
        }
    }

    private void take(final long first, final long second) {
        final int command = TxDescriptor.command(second);
        final boolean extended = (command & TxDescriptor.DEXT) != 0;
        if (extended && TxDescriptor.type(second) == contextType) {
            takeContext(first, second);
            releasable = gathering ? releasable : held;
            return;
        }
        if (extended && TxDescriptor.type(second) != dataType) {
            return;
        }
        final int length = (int) second & (extended ? lengthMask : LEGACY_LENGTH);
        if (!gathering) {
            gathering = true;
            options = extended ? TxDescriptor.options(second) : 0;
            tse = extended && (command & segmentBit) != 0;
            context = (advanced ? TxDescriptor.slot(second) != 0 : tse) ? segmentation : plain;
            outgoing.clear();
            if (isWhole(command, extended, length) && sendWhole(first, length)) {
                finish();
                return;
            }
        }
        gather(first, length);
        if ((command & TxDescriptor.EOP) != 0) {
            lastDescriptor = second;
            make(command, extended);
        }
    }

    private void takeContext(final long first, final long second) {
        if (advanced) {
            (TxDescriptor.slot(second) != 0 ? segmentation : plain).setAdvanced(first, second);
        } else {
            ((TxDescriptor.command(second) & TxDescriptor.TUCMD_TSE) != 0 ? segmentation : plain).set(first, second);
        }
    }

    /** One buffer holds the frame as it shall go out. */
    private boolean isWhole(final int command, final boolean extended, final int length) {
        final int asks = command & (TxDescriptor.EOP | TxDescriptor.IFCS | TxDescriptor.VLE);
        return asks == (TxDescriptor.EOP | TxDescriptor.IFCS) && length >= MIN_FRAME
            && length <= Wire.MAX_FRAME && options == 0 && !tse
            && (extended || (command & TxDescriptor.IC) == 0);
    }

    private boolean sendWhole(final long address, final int length) {
        final DirectBuffer frame = buffers.view(address, length);
        if (frame == null) {
            return false;
        }
        if (!slot.wire().post(frame, 0, length)) {
            return false;
        }
        if (observer != null) {
            observer.onTransmitFrame(number, frame, length);
        }
        count(frame, length);
        return true;
    }

    private void gather(final long address, final int length) {
        final UnsafeBuffer room = length == 0 ? null : outgoing.room(length);
        if (room != null) {
            buffers.read(address, room, outgoing.length(), length);
            outgoing.added(length);
        }
    }

    private void make(final int command, final boolean extended) {
        if (observer != null) {
            observer.onTransmitFrame(number, outgoing.gathered(), outgoing.length());
        }
        if ((command & TxDescriptor.IFCS) == 0) {
            outgoing.cut(FCS);
        }
        if (tse) {
            statistics.add(Statistics.TSCTC, 1);
            outgoing.make(context, options, true);
        } else if (extended) {
            outgoing.make(context, options, false);
        } else {
            outgoing.makeLegacy(TxDescriptor.css(lastDescriptor), TxDescriptor.cso(lastDescriptor),
                (command & TxDescriptor.IC) != 0);
        }
        finishMade();
        if (sendAll()) {
            finish();
        }
    }

    /** What is done to each frame last. */
    private void finishMade() {
        final boolean mayTag = advanced || registers.has(Register.CTRL, Bits.CTRL_VME);
        if ((TxDescriptor.command(lastDescriptor) & TxDescriptor.VLE) != 0 && mayTag) {
            final boolean tagInContext = advanced && (TxDescriptor.command(lastDescriptor) & TxDescriptor.DEXT) != 0;
            outgoing.insertTag(registers.get(Register.VET), tagInContext ? context.tag() : TxDescriptor.special(lastDescriptor));
        }
        if (registers.has(Register.TCTL, Bits.TCTL_PSP)) {
            outgoing.pad();
        }
    }

    /** Sends the frame that is made, and all that are still to be made of it; false while the wire takes no more. */
    private boolean sendAll() {
        do {
            if (outgoing.madeLength() == 0 || outgoing.madeLength() > Wire.MAX_FRAME) {
                continue;
            }
            if (slot.wire().post(outgoing.made(), 0, outgoing.madeLength())) {
                count(outgoing.made(), outgoing.madeLength());
                hasLostPatience = false;
            } else if (!losesPatience()) {
                waiting = true;
                return false;
            }
            waiting = false;
        } while (makeNext());
        return true;
    }

    private boolean makeNext() {
        final boolean next = outgoing.nextSegment();
        if (next) {
            finishMade();
        }
        return next;
    }

    private boolean losesPatience() {
        final long now = System.nanoTime();
        if (!waiting) {
            waitingSince = now;
        }
        hasLostPatience |= now - waitingSince > PATIENCE_NANOS;
        return hasLostPatience;
    }

    private void finish() {
        gathering = false;
        releasable = held;
    }

    private void count(final DirectBuffer frame, final int length) {
        if (length >= 6) {
            final long destination = AddressFilter.destination(frame, 0);
            statistics.sent(length, AddressFilter.isMulticast(destination), AddressFilter.isBroadcast(destination));
        }
    }

    /** Says that descriptors are done: all whose frames are out, or as many as chance lets go, when it lets them. */
    private int report() {
        if (releasable == 0) {
            return 0;
        }
        int count = releasable;
        if (strict) {
            if (!delay.isOver()) {
                return 1;
            }
            count -= Math.min(releasable, chance.below(4));
        }
        for (int i = 0; i < count; i++) {
            writeBack(heldIndex[firstHeld], heldStatus[firstHeld]);
            firstHeld = firstHeld + 1 & MAX_RING - 1;
        }
        held -= count;
        releasable -= count;
        if (count > 0) {
            causes.transmitted(number);
        }
        return 1;
    }

    private void writeBack(final int index, final int honest) {
        final int status = hostile == null ? honest : hostile.transmit(honest);
        if (status == HostileRing.NEVER) {
            return;
        }
        if (observer != null) {
            observer.onTransmitDone(number, index);
        }
        ring.putIntRelease(base + (long) index * 16 + 12, status);
        if (hostile != null) {
            hostile.transmitted(base, size, index, head == tail ? HostileRing.NONE : head);
        }
    }
}
