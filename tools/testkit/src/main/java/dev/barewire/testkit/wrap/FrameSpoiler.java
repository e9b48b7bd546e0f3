package dev.barewire.testkit.wrap;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.CopyLedger;
import dev.barewire.dma.CopySite;
import dev.barewire.dma.DmaDomain;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.SegmentList;
import dev.barewire.fallback.FrameBytes;
import dev.barewire.fallback.FrameHeaders;
import dev.barewire.fallback.FrameParser;
import dev.barewire.fallback.InternetChecksum;
import dev.barewire.rings.TxRequest;

/**
 * Makes a copy of a frame to send with one bit wrong; the application's own buffers stay as they are. The checksums that
 * the card was to fill in are filled in before the bit is spoiled, or the card would sum what is wrong.
 */
final class FrameSpoiler implements AutoCloseable {
    private static final int BUFFERS = 64;
    /** More than the longest frame that is sent whole. */
    private static final int BUFFER_BYTES = 16384;
    private static final int L4_CHECKSUMS = TxRequest.TCP_CHECKSUM | TxRequest.UDP_CHECKSUM;

    private final BufferPool pool;
    private final CopySite site;
    private final FrameParser parser = new FrameParser();
    private final FrameHeaders headers = new FrameHeaders();
    private final InternetChecksum checksum = InternetChecksum.scalar();
    private final SegmentList spoiled = new SegmentList(1);
    private final TxRequest left = new TxRequest();

    FrameSpoiler(final DmaDomain domain, final CopyLedger ledger) {
        pool = new BufferPool("spoiled frames", domain, MemoryKind.ANONYMOUS, BUFFER_BYTES, BUFFERS);
        site = ledger.site("fault.corrupt", "a frame to send is spoiled in a copy");
    }

    /**
     * Spoils a frame.
     *
     * @return false if the card shall cut it, if the CPU cannot read it, or if no buffer is free
     */
    boolean spoil(final SegmentList frame, final TxRequest request, final Fates fates) {
        final long bit = fates.pick(frame.bytes() * 8L);
        if ((request.flags & TxRequest.SEGMENT) != 0 || frame.bytes() > BUFFER_BYTES || !isReadable(frame)) {
            return false;
        }
        final Buffer copy = pool.take();
        // Whichever thread sends next may take.
        pool.handOver();
        if (copy == null) {
            return false;
        }
        int length = 0;
        for (int i = 0; i < frame.count(); i++) {
            site.copy(frame.buffer(i), frame.offset(i), copy, length, frame.length(i));
            length += frame.length(i);
        }
        spoiled.append(copy, 0, length);
        finish(request);
        final int at = (int) (bit >>> 3);
        FrameBytes.put8(spoiled, at, FrameBytes.u8(spoiled, at) ^ 1 << (bit & 7));
        return true;
    }

    /** Does in software what the card was asked for, but for a VLAN tag. */
    private void finish(final TxRequest request) {
        left.clear();
        left.flags = request.flags & TxRequest.VLAN;
        left.vlan = request.vlan;
        if ((request.flags & (TxRequest.IP_CHECKSUM | L4_CHECKSUMS)) == 0) {
            return;
        }
        parser.parse(spoiled, headers);
        if ((request.flags & TxRequest.IP_CHECKSUM) != 0) {
            checksum.insertIp(spoiled, headers);
        }
        if ((request.flags & L4_CHECKSUMS) != 0) {
            checksum.insertL4(spoiled, headers);
        }
    }

    private static boolean isReadable(final SegmentList frame) {
        for (int i = 0; i < frame.count(); i++) {
            if (!frame.buffer(i).memory().isReadable()) {
                return false;
            }
        }
        return true;
    }

    /** The spoiled frame; its hold is the caller's. */
    SegmentList segments() {
        return spoiled;
    }

    /** What the spoiled frame asks of the card. */
    TxRequest request() {
        return left;
    }

    @Override
    public void close() {
        pool.close();
    }
}
