package dev.barewire.testkit.model.intel;

import dev.barewire.testkit.model.CardMemory;
import dev.barewire.testkit.model.CardObserver;
import dev.barewire.testkit.model.CardSlot;
import dev.barewire.testkit.model.Chance;
import dev.barewire.testkit.model.Delay;
import dev.barewire.testkit.wire.Wire;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The receive side (3.2): takes frames from the wire, filters and judges them, writes them to the buffers of descriptors
 * between head and tail, and says later, in order, that those are done.
 */
final class ReceiveEngine implements Wire.FrameHandler {
    private static final int BATCH = 64;
    /** By how much a card that takes liberties completes later than it could. */
    private static final int DELAY_NANOS = 4_000;
    private static final int MIN_FRAME = 60;
    private static final int FCS = 4;
    private static final int TAG_AT = 12;
    private static final int TAG_BYTES = 4;
    private static final int MAX_STANDARD = 1518;
    private static final int MAX_LONG = 16384;
    private static final int MAX_RING = 65536;
    /** Errors in a descriptor that ends no frame, where they mean nothing (3.2.3.2). */
    private static final int MEANINGLESS = 0xe7 << 8;
    private static final long GARBAGE = 0xa5c3_9600_0bad_5eedL;

    private final CardSlot slot;
    private final RegisterFile registers;
    private final Causes causes;
    private final Statistics statistics;
    private final AddressFilter filter;
    private final CardMemory ring;
    private final CardMemory buffers;
    private final CardObserver observer;
    private final Chance chance;
    private final Delay delay;
    private final boolean strict;
    /** QEMU's model looks at no checksum. */
    private final boolean sums;
    private final HostileRing hostile;
    private final Wire.FrameHandler nobody = (frame, offset, length) -> { };
    private final ReceiveFifo fifo;
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[Wire.MAX_FRAME + FCS]);
    private final CRC32 crc = new CRC32();
    /** Descriptors that are written but not yet said to be done, oldest first, as a ring: where, and their quadwords. */
    private final int[] heldIndex = new int[MAX_RING / 16];
    private final long[] heldQuad = new long[MAX_RING / 16];
    private int firstHeld;
    private int held;
    /** What the registers say, as it was when the engine last looked. */
    private long base;
    private int size;
    private int tail;
    private int head;
    private int bufferSize;
    /** How much of the FIFO's first frame is written. */
    private int written;

    ReceiveEngine(final CardSlot slot, final RegisterFile registers, final Causes causes, final Statistics statistics,
        final AddressFilter filter) {
        this.slot = slot;
        this.registers = registers;
        this.causes = causes;
        this.statistics = statistics;
        this.filter = filter;
        ring = slot.memory("receive-ring");
        buffers = slot.memory("receive-buffer");
        observer = slot.observer();
        chance = slot.chance();
        delay = new Delay(chance, DELAY_NANOS);
        strict = slot.strict();
        sums = !slot.qemu();
        hostile = slot.hostilities() == null ? null : new HostileRing(slot.hostilities(), ring);
        fifo = new ReceiveFifo((registers.get(Register.PBA) & 0xff) << 10);
    }

    /** Forgets all that is under way. */
    void reset() {
        fifo.clear();
        held = 0;
        written = 0;
    }

    int work() {
        if (!isOn()) {
            // What is under way ends; what arrives is nobody's.
            return slot.wire().poll(nobody, BATCH) + (slot.busMaster() ? report() : 0);
        }
        look();
        drain();
        final int arrived = slot.wire().poll(this, BATCH);
        registers.set(Register.RDH, head);
        return arrived + report();
    }

    private boolean isOn() {
        return registers.has(Register.RCTL, Bits.RCTL_EN) && registers.has(Register.STATUS, Bits.STATUS_LU)
            && slot.busMaster();
    }

    private void look() {
        tail = registers.getAcquire(Register.RDT) & Bits.POINTER_MASK;
        base = registers.pair(Register.RDBAL) & Bits.BASE_MASK;
        size = (registers.get(Register.RDLEN) & Bits.LENGTH_MASK) >>> Bits.DESCRIPTOR_SHIFT;
        head = registers.get(Register.RDH) & Bits.POINTER_MASK;
        bufferSize = Bits.bufferSize(registers.get(Register.RCTL));
        if (tail >= size || head >= size) {
            // Beyond the ring there is nothing that the card could own.
            tail = head;
        }
    }

    private boolean hasDescriptor() {
        return head != tail && held < heldIndex.length && bufferSize > 0;
    }

    @Override
    public void onFrame(final DirectBuffer frame, final int offset, final int length) {
        final int bytes = Math.max(length, MIN_FRAME);
        statistics.add(Statistics.TPR, 1);
        statistics.add(Statistics.TOR, bytes + FCS);
        DirectBuffer source = frame;
        int at = offset;
        if (length < MIN_FRAME) {
            // There is no shorter frame on a cable: whoever sent it has padded it.
            scratch.putBytes(0, frame, offset, length);
            scratch.setMemory(length, MIN_FRAME - length, (byte) 0);
            source = scratch;
            at = 0;
        }
        final boolean tagged = filter.isTagged(source, at, bytes);
        final int passed = filter.judge(source, at, bytes);
        if (passed == AddressFilter.REFUSED) {
            return;
        }
        if (bytes + FCS > longest(tagged)) {
            statistics.add(Statistics.ROC, 1);
            return;
        }
        final int findings = (sums ? ReceiveChecksum.judge(source, at, bytes, registers.get(Register.RXCSUM), tagged)
            : RxDescriptor.IXSM)
            | (passed == AddressFilter.INEXACT ? RxDescriptor.PIF : 0);
        if (tagged && registers.has(Register.CTRL, Bits.CTRL_VME)) {
            final int tag = source.getShort(at + TAG_AT + 2, ByteOrder.BIG_ENDIAN) & 0xffff;
            scratch.putBytes(0, source, at, TAG_AT);
            scratch.putBytes(TAG_AT, source, at + TAG_AT + TAG_BYTES, bytes - TAG_AT - TAG_BYTES);
            arrived(scratch, 0, bytes - TAG_BYTES, findings | RxDescriptor.VP | tag << 16);
        } else {
            arrived(source, at, bytes, findings);
        }
    }

    private int longest(final boolean tagged) {
        return registers.has(Register.RCTL, Bits.RCTL_LPE) ? MAX_LONG : MAX_STANDARD + (tagged ? TAG_BYTES : 0);
    }

    /** Straight to memory where there is room for all of it, else behind those that wait. */
    private void arrived(final DirectBuffer frame, final int offset, final int length, final int findings) {
        DirectBuffer source = frame;
        int at = offset;
        int bytes = length;
        if (!registers.has(Register.RCTL, Bits.RCTL_SECRC)) {
            appendFcs(frame, offset, length);
            source = scratch;
            at = 0;
            bytes += FCS;
        }
        final long address = fifo.isEmpty() && hasDescriptor() && bytes <= bufferSize ? address() : 0;
        if (address != 0) {
            count(source, at, bytes);
            buffers.write(address, source, at, bytes);
            done(bytes, findings, true);
            return;
        }
        if (!hasDescriptor()) {
            statistics.add(Statistics.RNBC, 1);
        }
        if (fifo.add(source, at, bytes, findings)) {
            drain();
        } else {
            statistics.add(Statistics.MPC, 1);
            causes.raise(Bits.CAUSE_RXO);
        }
    }

    private void appendFcs(final DirectBuffer frame, final int offset, final int length) {
        if (frame != scratch || offset != 0) {
            scratch.putBytes(0, frame, offset, length);
        }
        crc.reset();
        crc.update(scratch.byteArray(), 0, length);
        scratch.putInt(length, (int) crc.getValue(), ByteOrder.LITTLE_ENDIAN);
    }

    /** The buffer of the descriptor at the head; 0 is none, and such a descriptor is used up without data. */
    private long address() {
        return ring.getLong(base + (long) head * 16);
    }

    /** Writes what waits, as far as there are descriptors: a frame may begin before there are enough for its end. */
    private void drain() {
        while (!fifo.isEmpty() && hasDescriptor()) {
            final long address = address();
            final int length = fifo.frameLength();
            final int piece = address == 0 ? 0 : Math.min(bufferSize, length - written);
            if (piece > 0) {
                buffers.write(address, fifo.buffer(), fifo.frameOffset() + written, piece);
            }
            written += piece;
            final boolean last = written == length;
            final int findings = fifo.frameFindings();
            if (last) {
                count(fifo.buffer(), fifo.frameOffset(), length);
                fifo.remove();
                written = 0;
            }
            done(piece, findings, last);
        }
    }

    private void count(final DirectBuffer frame, final int offset, final int length) {
        final long destination = AddressFilter.destination(frame, offset);
        final int fcs = registers.has(Register.RCTL, Bits.RCTL_SECRC) ? 0 : FCS;
        statistics.received(
            length - fcs, AddressFilter.isMulticast(destination), AddressFilter.isBroadcast(destination));
    }

    /** A descriptor is written; what it says counts only in a frame's last one. */
    private void done(final int bytes, final int findings, final boolean last) {
        final long at = base + (long) head * 16;
        if (observer != null) {
            observer.onReceiveFetch(head, ring.getLong(at), ring.getLong(at + 8));
        }
        final long quad = last
            ? RxDescriptor.of(bytes, 0, RxDescriptor.DD | RxDescriptor.EOP | findings & 0xffff, findings >>> 16)
            : RxDescriptor.of(bytes, 0, RxDescriptor.DD | (strict ? MEANINGLESS : 0), 0);
        if (strict) {
            // Whoever looks before the card is done shall see what makes no sense.
            ring.putLong(at + 8, GARBAGE & ~(0xffL << 32) | 0xffff);
        }
        final int slotOf = firstHeld + held & heldIndex.length - 1;
        heldIndex[slotOf] = head;
        heldQuad[slotOf] = quad;
        held++;
        head = head + 1 == size ? 0 : head + 1;
    }

    /** Says that descriptors are done: all, or as many as chance lets go, when it lets them. */
    private int report() {
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
            writeBack(heldIndex[firstHeld], heldQuad[firstHeld]);
            firstHeld = firstHeld + 1 & heldIndex.length - 1;
        }
        held -= count;
        if (count > 0) {
            causes.raise(Bits.CAUSE_RXT0 | (isLow() ? Bits.CAUSE_RXDMT0 : 0));
        }
        return 1;
    }

    private void writeBack(final int index, final long honest) {
        final long at = base + (long) index * 16 + 8;
        final long quad = hostile == null ? honest : hostile.receive(honest, bufferSize);
        if (quad == HostileRing.NEVER) {
            return;
        }
        if (observer != null) {
            observer.onReceiveDone(index);
        }
        if (strict) {
            ring.putInt(at, (int) quad);
            ring.putIntRelease(at + 4, (int) (quad >>> 32));
        } else {
            ring.putLongRelease(at, quad);
        }
        if (hostile != null) {
            hostile.received(base, size, index, head == tail ? HostileRing.NONE : head, quad);
        }
    }

    /** Fewer descriptors are left than RCTL.RDMTS asks for: a half, a quarter or an eighth of the ring. */
    private boolean isLow() {
        final int threshold = size >> 1 + (registers.get(Register.RCTL) >>> Bits.RCTL_RDMTS_SHIFT & 3);
        return (tail < head ? tail - head + size : tail - head) < threshold;
    }
}
