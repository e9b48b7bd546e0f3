package dev.barewire.tools.traffic;

import com.sun.management.ThreadMXBean;
import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.NicCounters.Name;
import dev.barewire.NicState;
import dev.barewire.TxQueue;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;
import org.agrona.concurrent.AgentRunner;

/** Cards and a thread for each of their queues, from their opening to the account of their buffers. */
final class TrafficRun {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    /** Autonegotiation takes up to three seconds; without a link there is traffic to wait for all the same. */
    private static final Duration LINK_LIMIT = Duration.ofSeconds(4);
    private static final Duration LINK_STEP = Duration.ofMillis(50);

    private final StopSignals signals;
    private final int queues;
    private final List<Nic> nics = new ArrayList<>();
    private final List<CardRates> cards = new ArrayList<>();
    private final List<AgentRunner> runners = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private long started;
    private long ended;
    private long warmFrames = -1;
    private long warmBytes;
    private long allocated = -1;
    private long measuredFrames;

    TrafficRun(final StopSignals signals, final int queues) {
        this.signals = signals;
        this.queues = queues;
    }

    /** Opens the cards, and waits for their links; those that are open are closed again if one cannot be opened. */
    List<Nic> open(final List<String> devices, final NicConfig config) {
        try {
            for (final String device : devices) {
                nics.add(Nic.open(device, config));
                cards.add(new CardRates(nics.getLast()));
            }
        } catch (final RuntimeException refused) {
            close().forEach(problem -> refused.addSuppressed(new IllegalStateException(problem)));
            throw refused;
        }
        final long end = System.nanoTime() + LINK_LIMIT.toNanos();
        for (final Nic nic : nics) {
            while (!nic.awaitLink(LINK_STEP) && !signals.isStopped() && System.nanoTime() - end < 0) {
                Thread.onSpinWait();
            }
        }
        return nics;
    }

    List<CardRates> cards() {
        return cards;
    }

    double seconds() {
        return ((ended == 0 ? System.nanoTime() : ended) - started) / (double) SECOND;
    }

    /** Starts a thread for each duty. */
    void start(final List<Duty> duties, final Idle idle) {
        started = System.nanoTime();
        for (final Duty duty : duties) {
            final AgentRunner runner = new AgentRunner(idle.strategy(duty.queue()),
                problem -> failure.compareAndSet(null, problem), null, duty.agent());
            runners.add(runner);
            threads.add(AgentRunner.startOnThread(runner));
        }
    }

    /**
     * Lets them run until they are done, a signal comes, the time is over, one fails or a card is removed.
     *
     * @param done       whether all is done
     * @param nanos      how long at most
     * @param eachSecond is told how many seconds have gone by, when the cards have been looked at
     */
    void watch(final BooleanSupplier done, final long nanos, final DoubleConsumer eachSecond) {
        long last = started;
        boolean complete = true;
        while (complete && !done.getAsBoolean() && !signals.isStopped() && failure.get() == null
            && System.nanoTime() - started < nanos) {
            LockSupport.parkNanos(LOOK_NANOS);
            final long now = System.nanoTime();
            if (now - last >= SECOND) {
                look(now - last);
                last = now;
                eachSecond.accept(seconds());
                complete = nics.stream().allMatch(nic -> nic.state() == NicState.RUNNING);
            }
        }
    }

    private void look(final long nanos) {
        cards.forEach(card -> card.look(nanos));
        measure();
    }

    /** What the queues' threads allocate, from the end of the first second on: by then they have met all that they meet. */
    private void measure() {
        long bytes = 0;
        for (final Thread thread : threads) {
            bytes += THREADS.getThreadAllocatedBytes(thread.threadId());
        }
        long frames = 0;
        for (final CardRates card : cards) {
            frames += card.total(Name.RX_FRAMES) + card.total(Name.TX_FRAMES);
        }
        if (warmFrames < 0) {
            warmFrames = frames;
            warmBytes = bytes;
        } else {
            allocated = bytes - warmBytes;
            measuredFrames = frames - warmFrames;
        }
    }

    /** Bytes that the queues' threads have allocated after the first second; -1 if the run was too short to tell. */
    long allocated() {
        return allocated;
    }

    /** How many frames they received and sent meanwhile. */
    long measuredFrames() {
        return measuredFrames;
    }

    /** Ends the threads, which give back what they hold. */
    void stop() {
        if (runners.isEmpty()) {
            return;
        }
        ended = System.nanoTime();
        look(Math.max(1, ended - started));
        for (int queue = 0; queue < queues; queue++) {
            for (final Nic nic : nics) {
                nic.rx(queue).wake();
            }
        }
        runners.forEach(AgentRunner::close);
        runners.clear();
    }

    /** Lets the cards send what they have; frames of one card may be in another one's hands. */
    void drain() {
        final long since = System.nanoTime();
        for (int queue = 0; queue < queues; queue++) {
            for (final Nic nic : nics) {
                final TxQueue tx = nic.tx(queue);
                tx.reclaim();
                while (tx.pending() > 0 && System.nanoTime() - since < SECOND) {
                    Thread.onSpinWait();
                    tx.reclaim();
                }
                tx.handOver();
            }
        }
    }

    /**
     * Closes the cards.
     *
     * @return what went wrong: a thread that failed, buffers that did not come back, a card that was lost
     */
    List<String> close() {
        final List<String> problems = new ArrayList<>();
        final Throwable failed = failure.get();
        if (failed != null) {
            problems.add("the data path stopped: " + failed);
        }
        for (final Nic nic : nics) {
            try {
                nic.close();
                if (!nic.fault().isEmpty()) {
                    problems.add(nic.fault());
                }
            } catch (final RuntimeException problem) {
                problems.add(problem.getMessage());
            }
        }
        cards.forEach(card -> card.overall(Math.max(1, ended - started)));
        return problems;
    }

    int outstanding() {
        return nics.stream().mapToInt(Nic::buffersOutstanding).sum();
    }
}
