package dev.barewire.dma;

/**
 * The shape of every frame: ranges of buffers, each where it already lies, in order. A struct of arrays, so that a list
 * is filled and emptied without allocation. Each entry stands for one hold on its buffer.
 */
public final class SegmentList {
    private final Buffer[] buffers;
    private final int[] offsets;
    private final int[] lengths;
    private int count;
    private int bytes;

    /**
     * Makes an empty list.
     *
     * @param capacity how many segments it has room for
     */
    public SegmentList(final int capacity) {
        buffers = new Buffer[capacity];
        offsets = new int[capacity];
        lengths = new int[capacity];
    }

    /**
     * Appends a range and takes over the caller's hold on its buffer.
     *
     * @param buffer the buffer
     * @param offset where the range starts in it
     * @param length its length in bytes
     */
    public void append(final Buffer buffer, final int offset, final int length) {
        insert(count, buffer, offset, length);
    }

    /**
     * Inserts a range before a segment and takes over the caller's hold on its buffer.
     *
     * @param index  which segment it becomes, from 0 to {@link #count()}
     * @param buffer the buffer
     * @param offset where the range starts in it
     * @param length its length in bytes
     */
    public void insert(final int index, final Buffer buffer, final int offset, final int length) {
        if (offset < 0 || length < 0 || offset > buffer.capacity() - length) {
            throw new IndexOutOfBoundsException("no " + length + " bytes at " + offset + " of buffer " + buffer
                + ", which has " + buffer.capacity());
        }
        openGap(index);
        buffers[index] = buffer;
        offsets[index] = offset;
        lengths[index] = length;
        bytes += length;
    }

    private void openGap(final int index) {
        if (index < 0 || index > count) {
            throw new IndexOutOfBoundsException("no place " + index + " in a list of " + count + " segments");
        }
        if (count == buffers.length) {
            throw new IllegalStateException("a list of " + count + " segments is full");
        }
        for (int i = count; i > index; i--) {
            buffers[i] = buffers[i - 1];
            offsets[i] = offsets[i - 1];
            lengths[i] = lengths[i - 1];
        }
        count++;
    }

    /**
     * Appends a range and takes a hold of its own: the caller keeps the buffer and lends the range.
     *
     * @param buffer the buffer
     * @param offset where the range starts in it
     * @param length its length in bytes
     */
    public void lend(final Buffer buffer, final int offset, final int length) {
        buffer.hold();
        try {
            append(buffer, offset, length);
        } catch (final RuntimeException refused) {
            buffer.release();
            throw refused;
        }
    }

    /**
     * Appends segments of another list, lending each.
     *
     * @param other the list to lend from, which keeps its holds
     * @param first the first segment
     * @param end   one past the last
     */
    public void lendAll(final SegmentList other, final int first, final int end) {
        for (int i = first; i < end; i++) {
            lend(other.buffer(i), other.offsets[i], other.lengths[i]);
        }
    }

    /**
     * How many segments it has.
     *
     * @return the count
     */
    public int count() {
        return count;
    }

    /**
     * How many segments it has room for.
     *
     * @return the capacity
     */
    public int capacity() {
        return buffers.length;
    }

    /**
     * The length of all segments together.
     *
     * @return bytes
     */
    public int bytes() {
        return bytes;
    }

    /**
     * A segment's buffer.
     *
     * @param index which segment
     * @return its buffer
     */
    public Buffer buffer(final int index) {
        return buffers[check(index)];
    }

    /**
     * Where a segment starts in its buffer.
     *
     * @param index which segment
     * @return bytes
     */
    public int offset(final int index) {
        return offsets[check(index)];
    }

    /**
     * A segment's length.
     *
     * @param index which segment
     * @return bytes
     */
    public int length(final int index) {
        return lengths[check(index)];
    }

    /**
     * Where a card finds a segment.
     *
     * @param index which segment
     * @return the IOVA of its first byte
     */
    public long iova(final int index) {
        return buffers[check(index)].iova() + offsets[index];
    }

    /**
     * Looks at a segment.
     *
     * @param index    which segment
     * @param view     the view to point at it
     * @param canWrite whether the view may write
     * @return the view
     */
    public Segment view(final int index, final Segment view, final boolean canWrite) {
        return view.wrap(buffers[check(index)], offsets[index], lengths[index], canWrite);
    }

    /**
     * Cuts a segment in two, in place; the second half takes a hold of its own.
     *
     * @param index which segment
     * @param at    the length that the first half keeps, from 0 to its length
     */
    public void split(final int index, final int at) {
        final int length = length(index);
        if (at < 0 || at > length) {
            throw new IndexOutOfBoundsException("cannot cut " + length + " bytes at " + at);
        }
        openGap(index + 1);
        buffers[index].hold();
        buffers[index + 1] = buffers[index];
        offsets[index + 1] = offsets[index] + at;
        lengths[index + 1] = length - at;
        lengths[index] = at;
    }

    /**
     * Makes a segment start at a byte of the frame, cutting the one that holds it if need be.
     *
     * @param at bytes from the frame's first, from 0 to {@link #bytes()}
     * @return the first segment that starts there, {@link #count()} if {@code at} is the end
     */
    public int cut(final int at) {
        if (at < 0 || at > bytes) {
            throw new IndexOutOfBoundsException("cannot cut " + bytes + " bytes at " + at);
        }
        int start = 0;
        for (int i = 0; i < count; i++) {
            if (at == start) {
                return i;
            }
            if (at < start + lengths[i]) {
                split(i, at - start);
                return i + 1;
            }
            start += lengths[i];
        }
        return count;
    }

    /**
     * Takes segments out and gives their holds back.
     *
     * @param first the first segment
     * @param end   one past the last
     */
    public void remove(final int first, final int end) {
        if (first < 0 || first > end || end > count) {
            throw new IndexOutOfBoundsException("no segments " + first + " to " + end + " of " + count);
        }
        for (int i = first; i < end; i++) {
            bytes -= lengths[i];
            buffers[i].release();
        }
        final int kept = count - (end - first);
        for (int i = first; i < kept; i++) {
            buffers[i] = buffers[i + end - first];
            offsets[i] = offsets[i + end - first];
            lengths[i] = lengths[i + end - first];
        }
        while (count > kept) {
            buffers[--count] = null;
        }
    }

    /**
     * Drops bytes from the front, giving up whole segments and moving the start of the first that is left.
     *
     * @param drop bytes, at most {@link #bytes()}
     */
    public void trimFront(final int drop) {
        if (drop < 0 || drop > bytes) {
            throw new IndexOutOfBoundsException("cannot drop " + drop + " of " + bytes + " bytes");
        }
        int whole = 0;
        int left = drop;
        while (left > 0 && left >= lengths[whole]) {
            left -= lengths[whole++];
        }
        remove(0, whole);
        if (left > 0) {
            offsets[0] += left;
            lengths[0] -= left;
            bytes -= left;
        }
    }

    /**
     * Shortens the list to so many bytes, giving up whole segments past the end and cutting the last.
     *
     * @param keep bytes, at most {@link #bytes()}
     */
    public void truncate(final int keep) {
        if (keep < 0 || keep > bytes) {
            throw new IndexOutOfBoundsException("cannot keep " + keep + " of " + bytes + " bytes");
        }
        while (bytes > keep) {
            final int last = count - 1;
            final int cut = Math.min(lengths[last], bytes - keep);
            lengths[last] -= cut;
            bytes -= cut;
            if (lengths[last] == 0) {
                buffers[last].release();
                buffers[last] = null;
                count--;
            }
        }
    }

    /**
     * Moves segments to the end of another list, with their holds.
     *
     * @param first  the first to move; it and all behind it go
     * @param target where to
     */
    public void moveTo(final int first, final SegmentList target) {
        if (count - first > target.buffers.length - target.count) {
            throw new IllegalStateException("no room for " + (count - first) + " more segments in a list of "
                + target.count + " of " + target.buffers.length);
        }
        for (int i = first; i < count; i++) {
            target.append(buffers[i], offsets[i], lengths[i]);
            bytes -= lengths[i];
            buffers[i] = null;
        }
        count = Math.min(first, count);
    }

    /** Gives every hold back and empties the list. */
    public void release() {
        for (int i = 0; i < count; i++) {
            buffers[i].release();
            buffers[i] = null;
        }
        count = 0;
        bytes = 0;
    }

    /** Empties the list when its holds have gone elsewhere, such as into a ring. */
    public void clear() {
        for (int i = 0; i < count; i++) {
            buffers[i] = null;
        }
        count = 0;
        bytes = 0;
    }

    private int check(final int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("no segment " + index + " of " + count);
        }
        return index;
    }
}
