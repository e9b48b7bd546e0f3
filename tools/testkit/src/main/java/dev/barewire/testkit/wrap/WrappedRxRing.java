package dev.barewire.testkit.wrap;

import dev.barewire.dma.BufferSource;
import dev.barewire.rings.RxBurst;
import dev.barewire.rings.RxRing;

/** A receive ring that passes everything through to the one that it wraps. */
abstract class WrappedRxRing implements RxRing {
    final RxRing inner;

    WrappedRxRing(final RxRing inner) {
        this.inner = inner;
    }

    @Override
    public int fill(final BufferSource source, final BufferSource headers) {
        return inner.fill(source, headers);
    }

    @Override
    public int publish() {
        return inner.publish();
    }

    @Override
    public int reap(final RxBurst burst, final int max) {
        return inner.reap(burst, max);
    }

    @Override
    public boolean isReady() {
        return inner.isReady();
    }

    @Override
    public int posted() {
        return inner.posted();
    }

    @Override
    public long disorders() {
        return inner.disorders();
    }

    @Override
    public void drain() {
        inner.drain();
    }
}
