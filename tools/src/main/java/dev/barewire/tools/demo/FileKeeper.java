package dev.barewire.tools.demo;

import dev.barewire.Packet;
import dev.barewire.dma.SegmentList;
import dev.barewire.fallback.Ethernet;
import dev.barewire.fallback.FrameHeaders;
import dev.barewire.fallback.Ipv4;
import dev.barewire.fallback.Udp;
import dev.barewire.tools.demo.transfer.FileShape;
import dev.barewire.tools.demo.transfer.ReceiveWindow;
import dev.barewire.tools.demo.transfer.SendWindow;
import dev.barewire.tools.demo.transfer.TransferHeader;
import dev.barewire.tools.frames.FrameWriter;
import dev.barewire.tools.frames.Octets;
import dev.barewire.tools.frames.Station;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Receives a file and keeps every byte where the card put it, then sends it back from there: each frame is a header in
 * memory of its own and the ranges of the receive buffers, lent. The data path's thread's; allocates nothing per frame.
 */
final class FileKeeper {
    private static final long OFFER_EVERY = 100_000_000;
    private static final int HEADERS = FrameWriter.UDP_PAYLOAD + TransferHeader.DATA_START;

    private final FileShape shape;
    private final boolean asksForSums;
    private final Octets.OfFrame octets = new Octets.OfFrame();
    private final ReceiveWindow in;
    private final SendWindow out;
    private final SegmentList kept;
    /** By chunk: its first segment in {@link #kept}, how many it has, and what comes before its data in the first. */
    private final int[] firstSegment;
    private final short[] segments;
    private final short[] skip;
    private final AllocationMeter receiving = new AllocationMeter();
    private final AllocationMeter sending = new AllocationMeter();
    private Station self;
    private Station peer;
    private int session;
    private boolean acknowledgeDue;
    private boolean offerAccepted;
    private long offeredAt;
    private boolean measuresReceiving;
    private boolean measuresSending;
    // Progress for other threads: release stores, no fence.
    private final AtomicInteger receivedChunks = new AtomicInteger();
    private final AtomicInteger returnedChunks = new AtomicInteger();
    private final AtomicBoolean returning = new AtomicBoolean();
    private final AtomicBoolean done = new AtomicBoolean();

    /**
     * Expects a file.
     *
     * @param shape how it is cut
     * @param segmentsPerChunk how many receive buffers a chunk can lie in
     * @param asksForSums whether frames ask for their checksums; else they carry those that IPv4 cannot do without
     */
    FileKeeper(FileShape shape, int segmentsPerChunk, boolean asksForSums) {
        this.shape = shape;
        this.asksForSums = asksForSums;
        in = new ReceiveWindow(shape.count());
        out = new SendWindow(shape.count());
        kept = new SegmentList(shape.count() * segmentsPerChunk);
        firstSegment = new int[shape.count()];
        segments = new short[shape.count()];
        skip = new short[shape.count()];
    }

    /** Takes a UDP datagram; the packet stays the caller's, who releases it. */
    void take(Packet packet, FrameHeaders headers, long now, long frames) {
        Octets frame = octets.wrap(packet.segments());
        int at = headers.l4Offset + Udp.HEADER_LENGTH;
        int bytes = headers.l4End - at;
        if (bytes < TransferHeader.DATA_START
                || (short) frame.get16(at + TransferHeader.MAGIC) != TransferHeader.MAGIC_VALUE) {
            return;
        }
        int type = frame.get8(at + TransferHeader.TYPE);
        int of = frame.get32(at + TransferHeader.SESSION);
        int number = frame.get32(at + TransferHeader.NUMBER);
        int length = frame.get32(at + TransferHeader.LENGTH);
        if (type == TransferHeader.OFFER) {
            takeOffer(frame, headers, of, number, length);
        } else if (peer == null) {
            return;
        } else if (type == TransferHeader.DATA && of == session && shape.fits(number, length, bytes)) {
            acknowledgeDue = true;
            takeData(packet, number, at + TransferHeader.DATA_START - packet.headerLength(), frames);
        } else if (type == TransferHeader.ACK && of == session + 1 && bytes >= TransferHeader.ACK_BYTES
                && returning.getAcquire()) {
            offerAccepted = true;
            long received = (long) frame.get32(at + TransferHeader.RECEIVED) << 32
                    | frame.get32(at + TransferHeader.RECEIVED + 4) & 0xffff_ffffL;
            out.acknowledge(number, received, now);
            noteReturned(frames);
        }
    }

    /** The first offer of the right file names the peer and the session; from others it is ignored. */
    private void takeOffer(Octets frame, FrameHeaders headers, int of, int chunkBytes, int fileBytes) {
        if (chunkBytes != shape.chunkBytes() || fileBytes != shape.fileBytes()) {
            return;
        }
        if (peer == null) {
            int ip = headers.l3Offset;
            self = new Station(frame.getMac(Ethernet.DESTINATION), frame.get32(ip + Ipv4.DESTINATION),
                    frame.get16(headers.l4Offset + Udp.DESTINATION_PORT));
            peer = new Station(frame.getMac(Ethernet.SOURCE), frame.get32(ip + Ipv4.SOURCE),
                    frame.get16(headers.l4Offset + Udp.SOURCE_PORT));
            session = of;
        }
        acknowledgeDue |= of == session;
    }

    private void takeData(Packet packet, int number, int before, long frames) {
        boolean fits = before >= 0 && packet.payloadSegments() > 0 && before <= packet.payload(0).length()
                && packet.payloadSegments() <= kept.capacity() - kept.count();
        if (!fits || !in.accept(number)) {
            return;
        }
        int first = kept.count();
        packet.detachPayload(kept);
        firstSegment[number] = first;
        segments[number] = (short) (kept.count() - first);
        skip[number] = (short) before;
        if (!measuresReceiving && in.missing() >= shape.count() / 2) {
            measuresReceiving = true;
            receiving.start(frames);
        }
        if (in.isComplete()) {
            receiving.stop(frames);
        }
        receivedChunks.setRelease(in.missing());
    }

    private void noteReturned(long frames) {
        if (!measuresSending && out.acknowledged() >= shape.count() / 2) {
            measuresSending = true;
            sending.start(frames);
        }
        if (out.isComplete() && !done.getPlain()) {
            sending.stop(frames);
            kept.release();
            done.setRelease(true);
        }
        returnedChunks.setRelease(out.acknowledged());
    }

    /** Sends what is due: acknowledgements, the offer, chunks. */
    void run(long now, Outbox outbox) {
        if (acknowledgeDue) {
            acknowledgeDue = !acknowledge(outbox);
        }
        if (!returning.getAcquire() || done.getPlain()) {
            return;
        }
        if (!offerAccepted) {
            if (now - offeredAt >= OFFER_EVERY && offer(outbox)) {
                offeredAt = now;
            }
            return;
        }
        int number = outbox.hasRoom() ? out.next(now) : SendWindow.NONE;
        while (number != SendWindow.NONE) {
            sendChunk(outbox, number);
            number = outbox.hasRoom() ? out.next(now) : SendWindow.NONE;
        }
    }

    private boolean acknowledge(Outbox outbox) {
        Packet packet = outbox.frame(FrameWriter.UDP_PAYLOAD + TransferHeader.ACK_BYTES);
        if (packet == null) {
            return false;
        }
        write(packet, TransferHeader.ACK, session, in.missing(), 0, TransferHeader.ACK_BYTES);
        octets.put32(FrameWriter.UDP_PAYLOAD + TransferHeader.RECEIVED, (int) (in.received() >>> 32));
        octets.put32(FrameWriter.UDP_PAYLOAD + TransferHeader.RECEIVED + 4, (int) in.received());
        return true;
    }

    private boolean offer(Outbox outbox) {
        Packet packet = outbox.frame(HEADERS);
        if (packet == null) {
            return false;
        }
        write(packet, TransferHeader.OFFER, session + 1, shape.chunkBytes(), shape.fileBytes(),
                TransferHeader.DATA_START);
        return true;
    }

    /** One that finds no packet counts as lost: it is sent again. */
    private void sendChunk(Outbox outbox, int number) {
        Packet packet = outbox.frame(HEADERS);
        if (packet == null) {
            return;
        }
        int length = shape.length(number);
        write(packet, TransferHeader.DATA, session + 1, number, length, TransferHeader.DATA_START + length);
        int first = firstSegment[number];
        int from = skip[number];
        int left = length;
        for (int i = first; i < first + segments[number] && left > 0; i++) {
            int bytes = Math.min(left, kept.length(i) - from);
            packet.lend(kept.buffer(i), kept.offset(i) + from, bytes);
            left -= bytes;
            from = 0;
        }
    }

    private void write(Packet packet, byte type, int of, int number, int length, int payloadBytes) {
        Octets frame = octets.wrap(packet.segments());
        FrameWriter.udp(frame, self, peer, payloadBytes);
        int at = FrameWriter.UDP_PAYLOAD;
        frame.put16(at + TransferHeader.MAGIC, TransferHeader.MAGIC_VALUE);
        frame.put16(at + TransferHeader.TYPE, type << 8);
        frame.put32(at + TransferHeader.SESSION, of);
        frame.put32(at + TransferHeader.NUMBER, number);
        frame.put32(at + TransferHeader.LENGTH, length);
        if (asksForSums) {
            packet.requestChecksums();
        } else {
            FrameWriter.sumIpv4(frame);
        }
    }

    /** Begins to send the file back; from any thread, once {@link #isReceived()}. */
    void giveBack() {
        returning.setRelease(true);
    }

    /** {@return whether all of the file is there, and its chunks are settled; from any thread} */
    boolean isReceived() {
        return receivedChunks.getAcquire() == shape.count();
    }

    /** {@return whether all of the file was acknowledged on its way back; from any thread} */
    boolean isReturned() {
        return done.getAcquire();
    }

    /** {@return chunks received, counted from the file's start; from any thread} */
    int receivedChunks() {
        return receivedChunks.getAcquire();
    }

    /** {@return chunks acknowledged on the way back, counted from the file's start; from any thread} */
    int returnedChunks() {
        return returnedChunks.getAcquire();
    }

    /** {@return the ranges in which the file lies, for reading while {@link #isReceived()} and not given back} */
    SegmentList kept() {
        return kept;
    }

    int firstSegment(int chunk) {
        return firstSegment[chunk];
    }

    int segments(int chunk) {
        return segments[chunk];
    }

    int skip(int chunk) {
        return skip[chunk];
    }

    /** {@return what was allocated over the second half of the way in} */
    AllocationMeter receiving() {
        return receiving;
    }

    /** {@return what was allocated over the second half of the way back} */
    AllocationMeter sending() {
        return sending;
    }

    /** {@return duplicates and strays that were dropped on the way in} */
    long dropped() {
        return in.duplicates() + in.strays();
    }

    /** {@return how often a chunk was sent again on the way back} */
    long retransmissions() {
        return out.retransmissions();
    }

    /** Gives the buffers back when the transfer is given up; by the thread that has the queues. */
    void release() {
        kept.release();
    }
}
