package dev.barewire.tools.demo.transfer;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Two ends of a network that loses, doubles, reorders and forges datagrams, each with a chance of its own. */
final class LossyPipe {
    private final BlockingQueue<ByteBuffer> forth = new LinkedBlockingQueue<>();
    private final BlockingQueue<ByteBuffer> back = new LinkedBlockingQueue<>();
    private final int percent;

    LossyPipe(int percent) {
        this.percent = percent;
    }

    Datagrams near(long seed) {
        return new End(forth, back, new Random(seed));
    }

    Datagrams far(long seed) {
        return new End(back, forth, new Random(seed));
    }

    private final class End implements Datagrams {
        private final BlockingQueue<ByteBuffer> out;
        private final BlockingQueue<ByteBuffer> in;
        private final Random random;
        private ByteBuffer late;

        End(BlockingQueue<ByteBuffer> out, BlockingQueue<ByteBuffer> in, Random random) {
            this.out = out;
            this.in = in;
            this.random = random;
        }

        private boolean strikes() {
            return random.nextInt(100) < percent;
        }

        @Override
        public void send(ByteBuffer datagram) {
            ByteBuffer copy = ByteBuffer.allocate(datagram.remaining()).put(datagram).flip();
            if (strikes()) {
                return;
            }
            if (late == null && strikes()) {
                late = copy;
                return;
            }
            out.add(copy);
            if (strikes()) {
                out.add(copy.duplicate());
            }
            if (strikes()) {
                out.add(forged(copy));
            }
            if (late != null && strikes()) {
                out.add(late);
                late = null;
            }
        }

        /** The same with one field after the session overwritten, and perhaps cut short. */
        private ByteBuffer forged(ByteBuffer honest) {
            ByteBuffer lie = ByteBuffer.allocate(honest.limit()).put(honest.duplicate()).clear();
            if (random.nextBoolean()) {
                lie.putInt(TransferHeader.NUMBER, random.nextInt());
            } else {
                lie.putInt(TransferHeader.LENGTH, random.nextInt());
            }
            lie.put(TransferHeader.TYPE, TransferHeader.DATA);
            return lie.limit(lie.limit() - (random.nextBoolean() ? random.nextInt(lie.limit()) : 0));
        }

        @Override
        public boolean receive(ByteBuffer into, long nanos) {
            ByteBuffer next;
            try {
                next = in.poll(nanos, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            into.clear();
            if (next != null) {
                into.put(next.duplicate());
            }
            into.flip();
            return next != null;
        }

        @Override
        public void close() {
            out.clear();
        }
    }
}
