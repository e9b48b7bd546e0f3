package dev.barewire.testkit.wrap;

import dev.barewire.dma.SegmentList;
import dev.barewire.rings.TxRequest;
import dev.barewire.rings.TxRing;

/** A transmit ring that passes everything through to the one that it wraps. */
abstract class WrappedTxRing implements TxRing {
    final TxRing inner;

    WrappedTxRing(final TxRing inner) {
        this.inner = inner;
    }

    @Override
    public boolean post(final SegmentList segments, final TxRequest request, final long tag) {
        return inner.post(segments, request, tag);
    }

    @Override
    public boolean supports(final TxRequest request, final int bytes) {
        return inner.supports(request, bytes);
    }

    @Override
    public int descriptorsFor(final SegmentList segments, final TxRequest request) {
        return inner.descriptorsFor(segments, request);
    }

    @Override
    public boolean segmentsWholeHeaders() {
        return inner.segmentsWholeHeaders();
    }

    @Override
    public int capacity() {
        return inner.capacity();
    }

    @Override
    public int publish() {
        return inner.publish();
    }

    @Override
    public int reclaim(final Completion completion) {
        return inner.reclaim(completion);
    }

    @Override
    public int pending() {
        return inner.pending();
    }

    @Override
    public long disorders() {
        return inner.disorders();
    }

    @Override
    public long errors() {
        return inner.errors();
    }

    @Override
    public void drain() {
        inner.drain();
    }
}
