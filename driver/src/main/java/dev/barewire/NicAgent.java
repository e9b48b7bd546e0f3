package dev.barewire;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;

/**
 * The duty cycle of a queue pair as an Agrona agent: polls, hands bursts to the application, takes sent buffers back and
 * looks at the card's statistics before they can overflow. Run it with an {@code AgentRunner} and an idle strategy, such
 * as {@link InterruptIdleStrategy}.
 */
public final class NicAgent implements Agent {
    private static final int BURST = 64;
    private static final long HOUSEKEEPING_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int CYCLES_PER_CLOCK = 4096;

    private final Nic nic;
    private final int queue;
    private final BurstHandler handler;
    private final Packet[] burst = new Packet[BURST];
    private int cyclesToClock = CYCLES_PER_CLOCK;
    private long lastHousekeeping = System.nanoTime();

    /** What an application does with received frames. */
    @FunctionalInterface
    public interface BurstHandler {
        /**
         * Handles a burst; called in every duty cycle, with a count of 0 as well, so that it can send.
         *
         * @param burst packets, the handler's until it has released or sent them
         * @param count how many, from entry 0
         * @param tx    the queue to send from
         * @return how much work was done beside the frames received; 0 lets the thread idle
         */
        int onBurst(Packet[] burst, int count, TxQueue tx);
    }

    /**
     * Makes an agent.
     *
     * @param nic     the card
     * @param queue   which queue pair
     * @param handler is given the frames
     */
    public NicAgent(final Nic nic, final int queue, final BurstHandler handler) {
        this.nic = nic;
        this.queue = queue;
        this.handler = handler;
    }

    @Override
    public int doWork() {
        final int received = nic.rx(queue).poll(burst);
        final int work = handler.onBurst(burst, received, nic.tx(queue));
        final int reclaimed = nic.tx(queue).reclaim();
        if (--cyclesToClock == 0) {
            cyclesToClock = CYCLES_PER_CLOCK;
            keepHouse();
        }
        return received + work + reclaimed;
    }

    private void keepHouse() {
        final long now = System.nanoTime();
        if (now - lastHousekeeping >= HOUSEKEEPING_NANOS) {
            lastHousekeeping = now;
            nic.collectStatistics();
        }
    }

    @Override
    public void onClose() {
        nic.rx(queue).handOver();
        nic.tx(queue).handOver();
    }

    @Override
    public String roleName() {
        return "barewire " + nic.name() + " queue " + queue;
    }
}
