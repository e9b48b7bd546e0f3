package dev.barewire.testkit.model.intel;

import dev.barewire.testkit.model.CardSlot;
import dev.barewire.testkit.wire.Wire;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The receive side (3.2): takes frames from the wire, filters and judges them, chooses a queue for each, and keeps those for
 * which it has no descriptor. There is one packet buffer: a frame that waits holds up those behind it, whatever their queue.
 */
final class ReceiveEngine implements Wire.FrameHandler {
    private static final int BATCH = 64;
    private static final int MIN_FRAME = 60;
    private static final int FCS = 4;
    private static final int TAG_AT = 12;
    private static final int TAG_BYTES = 4;
    private static final int MAX_STANDARD = 1518;
    private static final int MAX_LONG = 16384;

    private final CardSlot slot;
    private final RegisterFile registers;
    private final Causes causes;
    private final Statistics statistics;
    private final AddressFilter filter;
    /** What is told of the checksum of a UDP datagram. */
    private final int udpStatus;
    /** QEMU's model of the 8254x looks at no checksum. */
    private final boolean sums;
    /** RLPML says how long a frame may be. */
    private final boolean limited;
    private final Wire.FrameHandler nobody = (frame, offset, length) -> { };
    private final ReceiveFifo fifo;
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[Wire.MAX_FRAME + FCS]);
    private final CRC32 crc = new CRC32();
    /** Of the frame that arrives, and of the FIFO's first. */
    private final FrameFacts arriving = new FrameFacts();
    private final FrameFacts waiting = new FrameFacts();
    private final ReceiveQueue[] queues;
    /** Null for a card that reads no headers. */
    private final Classifier classifier;
    /** How much of the FIFO's first frame is written. */
    private int written;

    ReceiveEngine(final CardSlot slot, final RegisterFile registers, final Causes causes, final Statistics statistics,
        final AddressFilter filter, final Design design) {
        this.slot = slot;
        this.registers = registers;
        this.causes = causes;
        this.statistics = statistics;
        this.filter = filter;
        udpStatus = design.udpStatus();
        sums = design.sums() || !slot.qemu();
        classifier = design.reading() == Design.Reading.NONE ? null : new Classifier(registers, design);
        limited = design.isAdvanced();
        fifo = new ReceiveFifo(design.receiveBuffer());
        queues = new ReceiveQueue[design.queues()];
        for (int i = 0; i < queues.length; i++) {
            queues[i] = new ReceiveQueue(slot, registers, causes, i, design);
        }
    }

    /** Forgets all that is under way. */
    void reset() {
        fifo.clear();
        written = 0;
        for (final ReceiveQueue queue : queues) {
            queue.reset();
        }
    }

    ReceiveQueue[] queues() {
        return queues;
    }

    /** A register of the hash's key was written. */
    void keyChanged() {
        if (classifier != null) {
            classifier.keyChanged();
        }
    }

    /** Whether nothing that it has written to memory is still to be told of. */
    boolean isIdle() {
        for (final ReceiveQueue queue : queues) {
            if (!queue.isIdle()) {
                return false;
            }
        }
        return true;
    }

    int work() {
        if (!isOn()) {
            // What is under way ends; what arrives is nobody's.
            return slot.wire().poll(nobody, BATCH) + (slot.busMaster() ? report() : 0);
        }
        for (final ReceiveQueue queue : queues) {
            queue.look();
        }
        drain();
        final int arrived = slot.wire().poll(this, BATCH);
        for (final ReceiveQueue queue : queues) {
            queue.show();
        }
        return arrived + report();
    }

    private boolean isOn() {
        return registers.has(Register.RCTL, Bits.RCTL_EN) && registers.has(Register.STATUS, Bits.STATUS_LU)
            && slot.busMaster() && !registers.has(Register.CTRL, Bits.CTRL_MASTER_DISABLE);
    }

    private int report() {
        int done = 0;
        for (final ReceiveQueue queue : queues) {
            done += queue.report();
        }
        return done;
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
        final FrameFacts facts = arriving;
        facts.findings = (sums ? ReceiveChecksum.judge(source, at, bytes, registers, tagged, udpStatus) : RxDescriptor.IXSM)
            | (passed == AddressFilter.INEXACT ? RxDescriptor.PIF : 0);
        if (classifier != null) {
            classifier.classify(source, at, bytes, facts);
        }
        if (tagged && registers.has(Register.CTRL, Bits.CTRL_VME)) {
            final int tag = source.getShort(at + TAG_AT + 2, ByteOrder.BIG_ENDIAN) & 0xffff;
            scratch.putBytes(0, source, at, TAG_AT);
            scratch.putBytes(TAG_AT, source, at + TAG_AT + TAG_BYTES, bytes - TAG_AT - TAG_BYTES);
            facts.findings |= RxDescriptor.VP | tag << 16;
            facts.headerLength = Math.max(0, facts.headerLength - TAG_BYTES);
            arrived(scratch, 0, bytes - TAG_BYTES, facts);
        } else {
            arrived(source, at, bytes, facts);
        }
    }

    private int longest(final boolean tagged) {
        if (!registers.has(Register.RCTL, Bits.RCTL_LPE)) {
            return MAX_STANDARD + (tagged ? TAG_BYTES : 0);
        }
        return limited ? registers.get(Register.RLPML) & Bits.RLPML_MASK : MAX_LONG;
    }

    /** Straight to memory where there is room for all of it, else behind those that wait. */
    private void arrived(final DirectBuffer frame, final int offset, final int length, final FrameFacts facts) {
        DirectBuffer source = frame;
        int at = offset;
        int bytes = length;
        if (!registers.has(Register.RCTL, Bits.RCTL_SECRC)) {
            appendFcs(frame, offset, length);
            source = scratch;
            at = 0;
            bytes += FCS;
        }
        final ReceiveQueue queue = queues[facts.queue];
        if (fifo.isEmpty() && queue.takesWhole(bytes) && queue.fill(source, at, bytes, 0, facts) == bytes) {
            count(source, at, bytes);
            return;
        }
        if (!queue.hasDescriptor()) {
            statistics.add(Statistics.RNBC, 1);
            if (fifo.isEmpty() && queue.drops()) {
                return;
            }
        }
        if (fifo.add(source, at, bytes, facts)) {
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

    /** Writes what waits, as far as there are descriptors: a frame may begin before there are enough for its end. */
    private void drain() {
        while (!fifo.isEmpty()) {
            fifo.frameFacts(waiting);
            final ReceiveQueue queue = queues[waiting.queue];
            if (!queue.hasDescriptor()) {
                if (written > 0 || !queue.drops()) {
                    return;
                }
                fifo.remove();
                continue;
            }
            final int length = fifo.frameLength();
            written = queue.fill(fifo.buffer(), fifo.frameOffset(), length, written, waiting);
            if (written == length) {
                count(fifo.buffer(), fifo.frameOffset(), length);
                fifo.remove();
                written = 0;
            }
        }
    }

    private void count(final DirectBuffer frame, final int offset, final int length) {
        final long destination = AddressFilter.destination(frame, offset);
        final int fcs = registers.has(Register.RCTL, Bits.RCTL_SECRC) ? 0 : FCS;
        statistics.received(
            length - fcs, AddressFilter.isMulticast(destination), AddressFilter.isBroadcast(destination));
    }
}
