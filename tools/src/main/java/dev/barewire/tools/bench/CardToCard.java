package dev.barewire.tools.bench;

import com.sun.management.ThreadMXBean;
import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.Packet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/** Frames from card to card over a cable, the driver on both, on one thread; it counts what all threads allocate. */
public final class CardToCard implements Traffic {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Nic from;
    private final Nic to;
    private final DriverSender sender;
    private final Packet[] burst = new Packet[BURST];
    private long received;
    private long allocated;

    private CardToCard(final String fromDevice, final String toDevice, final int length) {
        from = Nic.open(fromDevice, NicConfig.defaults());
        to = Nic.open(toDevice, NicConfig.defaults());
        sender = new DriverSender(from, length);
    }

    /**
     * Moves frames whenever a line of standard input says for how many nanoseconds, and answers with frames a second and
     * bytes allocated for each frame.
     *
     * @param arguments the device's name, the same for both cards, and the frames' length
     * @throws IOException if standard input cannot be read
     */
    public static void main(final String[] arguments) throws IOException {
        final BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        try (CardToCard cards = new CardToCard(arguments[0], arguments[0], Integer.parseInt(arguments[1]))) {
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                final double rate = cards.framesPerSecond(Long.parseLong(order));
                System.out.println(rate + " " + (double) cards.allocated / Math.max(1, cards.received));
            }
        }
    }

    @Override
    public double framesPerSecond(final long nanos) {
        final long bytesBefore = THREADS.getTotalThreadAllocatedBytes();
        final long start = System.nanoTime();
        long now = start;
        long moved = start;
        received = 0;
        int underWay = 0;
        while (now - start < nanos || underWay > 0) {
            if (underWay <= MOST_UNDER_WAY - BURST && now - start < nanos) {
                underWay += sender.send();
            }
            final int count = to.rx(0).poll(burst);
            for (int i = 0; i < count; i++) {
                burst[i].release();
            }
            received += count;
            underWay -= count;
            now = System.nanoTime();
            moved = count > 0 ? now : moved;
            Traffic.checkMoves(moved, underWay, to.name());
        }
        allocated = THREADS.getTotalThreadAllocatedBytes() - bytesBefore;
        return received * 1e9 / (now - start);
    }

    @Override
    public void close() {
        sender.finish();
        from.close();
        to.close();
    }
}
