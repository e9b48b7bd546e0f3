package dev.barewire.rings.intel;

import static dev.barewire.rings.intel.LegacyTxDescriptor.ADDRESS;
import static dev.barewire.rings.intel.LegacyTxDescriptor.COMMAND_EOP;
import static dev.barewire.rings.intel.LegacyTxDescriptor.COMMAND_RS;
import static dev.barewire.rings.intel.LegacyTxDescriptor.CONTROL;
import static dev.barewire.rings.intel.LegacyTxDescriptor.STATUS;
import static dev.barewire.rings.intel.LegacyTxDescriptor.STATUS_DD;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.SegmentList;
import dev.barewire.rings.RingMemory;
import dev.barewire.rings.TxRequest;
import dev.barewire.rings.TxRing;
import java.util.Arrays;

/**
 * What Intel's transmit rings share, whatever their descriptors: whose turn each descriptor is, and when the card reports.
 *
 * <p>What a frame asks for is in a context descriptor before those that point at its data. One is written only when it
 * differs from the last one of its slot: the card remembers.
 *
 * <p>The card reports (RS) on the last descriptor of a publication, and in between at least on each frame that ends
 * {@value #REPORT_INTERVAL} descriptors behind the last report: one write-back a burst. So TXDCTL.WTHRESH must be 0.
 */
public abstract class IntelTxRing implements TxRing {
    /** The slot of a context that the card is told each time. */
    static final int NO_SLOT = -1;
    private static final int SLOTS = 2;
    private static final int REPORT_INTERVAL = 32;
    private static final long EOP = LegacyTxDescriptor.command(COMMAND_EOP);
    private static final long RS = LegacyTxDescriptor.command(COMMAND_RS);
    /** No context has this as its second quadword, since DEXT is set in all. */
    private static final long COLD = 0;

    private final RingMemory memory;
    private final int size;
    private final int maxDataPerDescriptor;
    /** No descriptor's data go across a multiple of it; 0 if they may. */
    private final int boundary;
    /** The hold that a descriptor stands for: at the last one of each segment. */
    private final Buffer[] holds;
    private final long[] tags;
    private final boolean[] endsFrame;
    /** The descriptors with RS that are not done, oldest first, as a ring. */
    private final int[] reports;
    private int firstReport;
    private int reportCount;
    private int publishedReports;
    /** The oldest descriptor that is not free. */
    private int head;
    /** The next descriptor to write. */
    private int tail;
    private int used;
    private int frames;
    /** Descriptors behind the last report. */
    private int unreported;
    private boolean published = true;
    /** The last descriptor of the last frame and its control quadword. */
    private int last;
    private long lastControl;
    /** The contexts that the card has, by slot. */
    private final long[] firstOfContext = new long[SLOTS];
    private final long[] secondOfContext = new long[SLOTS];
    /** How far behind the oldest report {@link #lookAhead} looked last, and the descriptors that it has told of. */
    private int ahead;
    private final boolean[] told;
    private long disorders;
    private long errors;
    private final int errorBits;

    /**
     * Makes a ring of zeroed descriptors.
     *
     * @param maxDataPerDescriptor the most bytes that one descriptor shall point at; longer segments are cut
     * @param boundary             no descriptor points at both sides of a multiple of it: a power of two no larger than
     *                             that, or 0 if there is none
     * @param maxLength            the most bytes that a descriptor can point at
     * @param errorBits            which bits of a status tell that a frame was not sent
     */
    IntelTxRing(final RingMemory memory, final int maxDataPerDescriptor, final int boundary, final int maxLength,
        final int errorBits) {
        if (maxDataPerDescriptor <= 0 || maxDataPerDescriptor > maxLength) {
            throw new IllegalArgumentException("a descriptor points at 1 to " + maxLength + " bytes, not "
                + maxDataPerDescriptor);
        }
        if (boundary < 0 || boundary > maxDataPerDescriptor || (boundary & boundary - 1) != 0) {
            throw new IllegalArgumentException("a boundary is a power of two up to " + maxDataPerDescriptor
                + ", not " + boundary);
        }
        this.memory = memory;
        this.size = memory.bytes() / LegacyTxDescriptor.SIZE;
        this.maxDataPerDescriptor = maxDataPerDescriptor;
        this.boundary = boundary;
        this.errorBits = errorBits;
        this.holds = new Buffer[size];
        this.tags = new long[size];
        this.endsFrame = new boolean[size];
        this.reports = new int[size];
        this.told = new boolean[size];
        memory.clear();
    }

    // ---- where formats differ

    /** Whether a frame asks for something that a context tells. */
    abstract boolean needsContext(TxRequest request);

    /** Where the card keeps the context that a frame needs, or {@link #NO_SLOT}. */
    abstract int contextSlot(TxRequest request);

    /** The first quadword of the context that a frame needs. */
    abstract long contextFirst(TxRequest request);

    /** The second quadword of the context that a frame needs, never 0. */
    abstract long contextSecond(TxRequest request, int bytes);

    /** The second quadword that all data descriptors of a frame share, without length, EOP and RS. */
    abstract long data(TxRequest request, int bytes);

    // ---- what they share

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the frame has no bytes or its request is not one that {@link #supports}
     */
    @Override
    public final boolean post(final SegmentList segments, final TxRequest request, final long tag) {
        final int bytes = segments.bytes();
        if (bytes == 0 || !supports(request, bytes)) {
            throw refusal(request, bytes);
        }
        final boolean needsContext = needsContext(request);
        final long first = needsContext ? contextFirst(request) : 0;
        final long second = needsContext ? contextSecond(request, bytes) : COLD;
        final boolean newContext = needsContext && isNew(contextSlot(request), first, second);
        final int needed = dataDescriptors(segments) + (newContext ? 1 : 0);
        if (needed > capacity() - used) {
            return false;
        }
        if (newContext) {
            writeContext(contextSlot(request), first, second);
        }
        unreported += needed;
        final boolean report = unreported >= REPORT_INTERVAL;
        writeData(segments, data(request, bytes), EOP | (report ? RS : 0));
        tags[last] = tag;
        endsFrame[last] = true;
        used += needed;
        frames++;
        published = false;
        if (report) {
            addReport();
        }
        return true;
    }

    private boolean isNew(final int slot, final long first, final long second) {
        return slot == NO_SLOT || first != firstOfContext[slot] || second != secondOfContext[slot];
    }

    private void writeContext(final int slot, final long first, final long second) {
        final int at = LegacyTxDescriptor.offset(tail);
        memory.putLong(at + ADDRESS, first);
        memory.putLong(at + CONTROL, second);
        tail = next(tail);
        if (slot != NO_SLOT) {
            firstOfContext[slot] = first;
            secondOfContext[slot] = second;
        }
    }

    /** Writes a frame's data descriptors and takes its holds. */
    private void writeData(final SegmentList segments, final long control, final long atEnd) {
        int remaining = segments.bytes();
        for (int i = 0; i < segments.count(); i++) {
            final Buffer buffer = segments.buffer(i);
            int length = segments.length(i);
            if (length == 0) {
                buffer.release();
                continue;
            }
            long iova = segments.iova(i);
            buffer.moveTo(Buffer.Place.TRANSMIT_RING);
            while (length > 0) {
                final int piece = Math.min(length,
                    boundary == 0 ? maxDataPerDescriptor : boundary - ((int) iova & boundary - 1));
                remaining -= piece;
                last = tail;
                lastControl = control | piece | (remaining == 0 ? atEnd : 0);
                final int at = LegacyTxDescriptor.offset(tail);
                memory.putLong(at + ADDRESS, iova);
                memory.putLong(at + CONTROL, lastControl);
                tail = next(tail);
                iova += piece;
                length -= piece;
            }
            holds[last] = buffer;
        }
    }

    private void addReport() {
        final int slot = firstReport + reportCount;
        reports[slot < size ? slot : slot - size] = last;
        reportCount++;
        unreported = 0;
    }

    @Override
    public final int descriptorsFor(final SegmentList segments, final TxRequest request) {
        return dataDescriptors(segments) + (needsContext(request) ? 1 : 0);
    }

    private int dataDescriptors(final SegmentList segments) {
        int count = 0;
        for (int i = 0; i < segments.count(); i++) {
            final int length = segments.length(i);
            count += length == 0 ? 0
                : boundary > 0 ? (((int) segments.iova(i) & boundary - 1) + length - 1) / boundary + 1
                : length <= maxDataPerDescriptor ? 1
                : (length - 1) / maxDataPerDescriptor + 1;
        }
        return count;
    }

    @Override
    public final int capacity() {
        return size - 1;
    }

    @Override
    public final int publish() {
        if (published) {
            return NOTHING;
        }
        memory.putLongRelease(LegacyTxDescriptor.offset(last) + CONTROL, lastControl | RS);
        if (unreported > 0) {
            addReport();
        }
        publishedReports = reportCount;
        published = true;
        return tail;
    }

    @Override
    public final int reclaim(final Completion completion) {
        int sent = 0;
        while (publishedReports > 0) {
            final int report = reports[firstReport];
            final int status = status(report);
            if ((status & STATUS_DD) == 0) {
                break;
            }
            if ((status & errorBits) != 0) {
                errors++;
            }
            told[report] = false;
            firstReport = next(firstReport);
            reportCount--;
            publishedReports--;
            sent += release(report, completion);
        }
        if (sent == 0) {
            lookAhead();
        }
        return sent;
    }

    /** The descriptor of a report, counted from the oldest. */
    private int report(final int number) {
        final int slot = firstReport + number;
        return reports[slot < size ? slot : slot - size];
    }

    private int status(final int index) {
        return memory.getByteAcquire(LegacyTxDescriptor.offset(index) + STATUS);
    }

    /** Looks whether the card has done with one more of the reports behind the oldest, and not with the one before it. */
    private void lookAhead() {
        ahead = ahead + 1 < publishedReports ? ahead + 1 : 1;
        if (ahead < publishedReports) {
            final int later = report(ahead);
            if (!told[later] && (status(later) & STATUS_DD) != 0 && (status(report(ahead - 1)) & STATUS_DD) == 0) {
                told[later] = true;
                disorders++;
            }
        }
    }

    @Override
    public final long disorders() {
        return disorders;
    }

    @Override
    public final long errors() {
        return errors;
    }

    /** Gives back all up to a descriptor that is done. */
    private int release(final int through, final Completion completion) {
        int sent = 0;
        int at;
        do {
            at = head;
            final boolean ends = endsFrame[at];
            releaseHead();
            if (ends) {
                sent++;
                if (completion != null) {
                    completion.onSent(tags[at]);
                }
            }
        } while (at != through);
        return sent;
    }

    private void releaseHead() {
        final Buffer buffer = holds[head];
        if (buffer != null) {
            holds[head] = null;
            buffer.moveTo(Buffer.Place.APPLICATION);
            buffer.release();
        }
        if (endsFrame[head]) {
            endsFrame[head] = false;
            frames--;
        }
        head = next(head);
        used--;
    }

    @Override
    public final int pending() {
        return frames;
    }

    @Override
    public final void drain() {
        while (used > 0) {
            releaseHead();
        }
        head = 0;
        tail = 0;
        firstReport = 0;
        reportCount = 0;
        publishedReports = 0;
        unreported = 0;
        published = true;
        Arrays.fill(secondOfContext, COLD);
        Arrays.fill(told, false);
        memory.clear();
    }

    /**
     * Where the card finds the ring.
     *
     * @return the IOVA for its base registers
     */
    public final long iova() {
        return memory.iova();
    }

    /**
     * The ring's length.
     *
     * @return bytes, for the length register
     */
    public final int bytes() {
        return memory.bytes();
    }

    private int next(final int index) {
        return index + 1 == size ? 0 : index + 1;
    }

    private static IllegalArgumentException refusal(final TxRequest request, final int bytes) {
        return new IllegalArgumentException(bytes == 0 ? "a frame without bytes cannot be sent"
            : "the card cannot do this for a frame of " + bytes + " bytes: flags 0x"
            + Integer.toHexString(request.flags) + ", L3 at " + request.l3Offset + ", L4 at " + request.l4Offset
            + ", headers of " + request.headerLength + ", MSS " + request.mss + "; do it in software");
    }
}
