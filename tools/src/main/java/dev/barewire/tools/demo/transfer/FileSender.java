package dev.barewire.tools.demo.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;

/** The outer end of the demo: sends a file, then takes it back. Knows nothing of Barewire but the datagrams' layout. */
public final class FileSender {
    private static final long OFFER_EVERY = 100_000_000;
    private static final long WAIT = 5_000_000;
    private static final int BURST = 32;

    private final Datagrams link;
    private final ByteBuffer file;
    private final FileShape shape;
    private final int session;
    private final SendWindow out;
    private final ReceiveWindow back;
    private final ByteBuffer returned;
    private final ByteBuffer incoming;
    private final ByteBuffer outgoing;
    private boolean accepted;
    private long offeredAt;
    private boolean acknowledgeDue;
    private volatile int sentChunks;
    private volatile int returnedChunks;

    /**
     * Prepares a transfer.
     *
     * @param link the way to the peer
     * @param file the file, from 0 to its limit
     * @param chunkBytes bytes of file in a datagram
     * @param session a random number; the way back uses the next
     */
    public FileSender(Datagrams link, ByteBuffer file, int chunkBytes, int session) {
        this.link = link;
        this.file = file.duplicate();
        this.shape = new FileShape(file.limit(), chunkBytes);
        this.session = session;
        this.out = new SendWindow(shape.count());
        this.back = new ReceiveWindow(shape.count());
        this.returned = ByteBuffer.allocate(file.limit());
        this.incoming = ByteBuffer.allocateDirect(TransferHeader.DATA_START + Math.max(chunkBytes, Long.BYTES) + 1);
        this.outgoing = ByteBuffer.allocateDirect(TransferHeader.DATA_START + Math.max(chunkBytes, Long.BYTES));
    }

    /**
     * Sends the file and takes it back. Goes on answering when it has it, since the last acknowledgement may be lost.
     *
     * @param stop asked at least every few milliseconds whether to end
     * @throws IOException if the way to the peer is gone
     */
    public void run(BooleanSupplier stop) throws IOException {
        offeredAt = System.nanoTime() - OFFER_EVERY;
        while (!stop.getAsBoolean()) {
            sendDue();
            for (int i = 0; i < BURST && link.receive(incoming, i == 0 ? WAIT : 0); i++) {
                take(incoming);
            }
            if (acknowledgeDue) {
                acknowledgeDue = false;
                acknowledge();
            }
        }
    }

    private void sendDue() throws IOException {
        long now = System.nanoTime();
        if (!accepted) {
            if (now - offeredAt >= OFFER_EVERY) {
                offeredAt = now;
                link.send(header(TransferHeader.OFFER, session, shape.chunkBytes(), shape.fileBytes()).flip());
            }
            return;
        }
        for (int number = out.next(now); number != SendWindow.NONE; number = out.next(now)) {
            header(TransferHeader.DATA, session, number, shape.length(number));
            outgoing.put(file.limit(shape.offset(number) + shape.length(number)).position(shape.offset(number)));
            link.send(outgoing.flip());
        }
    }

    private void acknowledge() throws IOException {
        link.send(header(TransferHeader.ACK, session + 1, back.missing(), 0).putLong(back.received()).flip());
    }

    private ByteBuffer header(byte type, int of, int number, int length) {
        return outgoing.clear().putShort(TransferHeader.MAGIC_VALUE).put(type).put((byte) 0).putInt(of).putInt(number)
                .putInt(length);
    }

    private void take(ByteBuffer datagram) {
        if (datagram.limit() < TransferHeader.DATA_START
                || datagram.getShort(TransferHeader.MAGIC) != TransferHeader.MAGIC_VALUE) {
            return;
        }
        int of = datagram.getInt(TransferHeader.SESSION);
        int number = datagram.getInt(TransferHeader.NUMBER);
        int length = datagram.getInt(TransferHeader.LENGTH);
        byte type = datagram.get(TransferHeader.TYPE);
        if (of == session && type == TransferHeader.ACK && datagram.limit() >= TransferHeader.ACK_BYTES) {
            accepted = true;
            out.acknowledge(number, datagram.getLong(TransferHeader.RECEIVED), System.nanoTime());
            sentChunks = out.acknowledged();
        } else if (of == session + 1 && type == TransferHeader.OFFER) {
            acknowledgeDue |= number == shape.chunkBytes() && length == shape.fileBytes();
        } else if (of == session + 1 && type == TransferHeader.DATA && shape.fits(number, length, datagram.limit())) {
            acknowledgeDue = true;
            if (back.accept(number)) {
                returned.put(shape.offset(number), datagram, TransferHeader.DATA_START, length);
                returnedChunks = back.missing();
            }
        }
    }

    /** {@return how the file is cut} */
    public FileShape shape() {
        return shape;
    }

    /** {@return how many chunks the peer has, counted from the file's start; from any thread} */
    public int sentChunks() {
        return sentChunks;
    }

    /** {@return how many chunks came back, counted from the file's start; from any thread} */
    public int returnedChunks() {
        return returnedChunks;
    }

    /** {@return whether the whole file came back; from any thread} */
    public boolean isComplete() {
        return returnedChunks == shape.count();
    }

    /** {@return what came back; whole once {@link #isComplete()}} */
    public ByteBuffer returned() {
        return returned.duplicate();
    }

    /** {@return how often a chunk was sent again} */
    public long retransmissions() {
        return out.retransmissions();
    }
}
