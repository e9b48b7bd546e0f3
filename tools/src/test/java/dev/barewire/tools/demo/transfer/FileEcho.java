package dev.barewire.tools.demo.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;

/** The inner end of the transfer over plain memory: takes a file and sends it back, as the guest does over a card. */
final class FileEcho {
    private final Datagrams link;
    private final FileShape shape;
    private final int session;
    private final ReceiveWindow in;
    private final SendWindow out;
    private final ByteBuffer file;
    private final ByteBuffer datagram;
    private boolean offerAccepted;

    FileEcho(Datagrams link, FileShape shape, int session) {
        this.link = link;
        this.shape = shape;
        this.session = session;
        this.in = new ReceiveWindow(shape.count());
        this.out = new SendWindow(shape.count());
        this.file = ByteBuffer.allocate(shape.fileBytes());
        this.datagram = ByteBuffer.allocate(TransferHeader.DATA_START + shape.chunkBytes() + Long.BYTES);
    }

    void run(BooleanSupplier stop) throws IOException {
        while (!stop.getAsBoolean()) {
            boolean acknowledge = false;
            for (int i = 0; i < 32 && link.receive(datagram, i == 0 ? 1_000_000 : 0); i++) {
                acknowledge |= take();
            }
            if (acknowledge) {
                send(TransferHeader.ACK, session, in.missing(), 0, datagram.clear().putLong(16, in.received()).limit(24));
            }
            if (in.isComplete() && !out.isComplete()) {
                sendBack();
            }
        }
    }

    private boolean take() {
        int bytes = datagram.limit();
        if (bytes < TransferHeader.DATA_START) {
            return false;
        }
        int type = datagram.get(TransferHeader.TYPE);
        int of = datagram.getInt(TransferHeader.SESSION);
        int number = datagram.getInt(TransferHeader.NUMBER);
        if (type == TransferHeader.OFFER) {
            return of == session;
        } else if (type == TransferHeader.DATA && of == session) {
            int length = datagram.getInt(TransferHeader.LENGTH);
            if (shape.fits(number, length, bytes) && in.accept(number)) {
                file.put(shape.offset(number), datagram, TransferHeader.DATA_START, length);
            }
            return true;
        } else if (type == TransferHeader.ACK && of == session + 1 && bytes >= TransferHeader.ACK_BYTES) {
            offerAccepted = true;
            out.acknowledge(number, datagram.getLong(TransferHeader.RECEIVED), System.nanoTime());
        }
        return false;
    }

    private void sendBack() throws IOException {
        if (!offerAccepted) {
            send(TransferHeader.OFFER, session + 1, shape.chunkBytes(), shape.fileBytes(), datagram.clear().limit(16));
            return;
        }
        long now = System.nanoTime();
        for (int number = out.next(now); number != SendWindow.NONE; number = out.next(now)) {
            int length = shape.length(number);
            datagram.clear().limit(16 + length).put(16, file, shape.offset(number), length);
            send(TransferHeader.DATA, session + 1, number, length, datagram);
        }
    }

    private void send(byte type, int of, int number, int length, ByteBuffer body) throws IOException {
        body.putShort(0, TransferHeader.MAGIC_VALUE).put(2, type).putInt(4, of).putInt(8, number).putInt(12, length);
        link.send(body.position(0));
    }

    ReceiveWindow in() {
        return in;
    }

    ByteBuffer file() {
        return file;
    }
}
