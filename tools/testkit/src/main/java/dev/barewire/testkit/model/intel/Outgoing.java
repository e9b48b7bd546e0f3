package dev.barewire.testkit.model.intel;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A frame on its way out: gathered from its buffers, and then made into what goes on the wire, which is one frame, or the
 * segments of it one after the other.
 */
final class Outgoing {
    private static final int MIN_FRAME = 60;
    private static final int ADDRESSES = 12;
    private static final int TAG_BYTES = 4;
    private static final int FIRST_ROOM = 1 << 16;
    /** PAYLEN's 20 bits and the longest headers. */
    private static final int MOST = (1 << 20) + 256;

    private UnsafeBuffer gathered = new UnsafeBuffer(new byte[FIRST_ROOM]);
    private UnsafeBuffer made = new UnsafeBuffer(new byte[FIRST_ROOM]);
    private int length;
    private int madeLength;
    private OffloadContext context;
    private int options;
    private boolean segments;
    private int segment;
    private int sentPayload;
    private boolean more;

    int length() {
        return length;
    }

    DirectBuffer gathered() {
        return gathered;
    }

    /** Makes room for bytes more; gives where, or -1 if no frame may be so long. */
    UnsafeBuffer room(final int bytes) {
        final int needed = length + bytes;
        if (needed > MOST) {
            return null;
        }
        if (needed > gathered.capacity()) {
            final UnsafeBuffer larger = new UnsafeBuffer(new byte[Math.min(MOST, 2 * needed)]);
            larger.putBytes(0, gathered, 0, length);
            gathered = larger;
        }
        return gathered;
    }

    void added(final int bytes) {
        length += bytes;
    }

    void clear() {
        length = 0;
        more = false;
    }

    /** Drops the last bytes: an FCS that software has put there. */
    void cut(final int bytes) {
        length = Math.max(0, length - bytes);
    }

    /** The frame as it was gathered, with a legacy descriptor's checksum. */
    void makeLegacy(final int start, final int offset, final boolean insert) {
        makeWhole();
        if (insert) {
            OffloadContext.insert(made, start, offset, madeLength, false);
        }
    }

    void make(final OffloadContext by, final int popts, final boolean tse) {
        context = by;
        options = popts;
        segments = tse;
        if (!tse) {
            makeWhole();
            by.insertChecksums(made, madeLength, popts);
            return;
        }
        segment = 0;
        sentPayload = 0;
        madeLength = 0;
        more = length > by.headerLength() && by.mss() > 0;
        nextSegment();
    }

    private void makeWhole() {
        ensureMade(length + TAG_BYTES);
        made.putBytes(0, gathered, 0, length);
        madeLength = length;
        more = false;
        segments = false;
    }

    private void ensureMade(final int bytes) {
        if (bytes > made.capacity()) {
            made = new UnsafeBuffer(new byte[Math.max(bytes, MIN_FRAME)]);
        }
    }

    /** Makes the next segment; false if there is none. */
    boolean nextSegment() {
        if (!more) {
            return false;
        }
        final int header = context.headerLength();
        final int left = length - header - sentPayload;
        final int payload = Math.min(left, context.mss());
        ensureMade(header + payload + TAG_BYTES);
        made.putBytes(0, gathered, 0, header);
        made.putBytes(header, gathered, header + sentPayload, payload);
        madeLength = header + payload;
        more = left > payload;
        context.editHeaders(made, madeLength, segment, !more);
        context.insertChecksums(made, madeLength, options);
        segment++;
        sentPayload += payload;
        return true;
    }

    void insertTag(final int etherType, final int tag) {
        if (madeLength < ADDRESSES) {
            return;
        }
        made.putBytes(ADDRESSES + TAG_BYTES, made, ADDRESSES, madeLength - ADDRESSES);
        made.putShort(ADDRESSES, (short) etherType, ByteOrder.BIG_ENDIAN);
        made.putShort(ADDRESSES + 2, (short) tag, ByteOrder.BIG_ENDIAN);
        madeLength += TAG_BYTES;
    }

    void pad() {
        if (madeLength < MIN_FRAME) {
            made.setMemory(madeLength, MIN_FRAME - madeLength, (byte) 0);
            madeLength = MIN_FRAME;
        }
    }

    DirectBuffer made() {
        return made;
    }

    int madeLength() {
        return madeLength;
    }

    boolean isSegmented() {
        return segments;
    }
}
