package dev.barewire.tools.suite;

import static dev.barewire.tools.suite.FrameBuilder.TCP;
import static dev.barewire.tools.suite.FrameBuilder.UDP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.barewire.NicConfig;
import dev.barewire.NicCounters;
import dev.barewire.Packet;
import dev.barewire.SetupException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A card with two queues each way: who gets which flow, and each queue's thread for itself. */
@CardSuite
@Timeout(600)
class QueueSuite {
    private static final int QUEUES = 2;
    private static final int FLOWS = 64;
    private static final int ENTRIES = 128;
    /** Source and destination, and the ports, in a frame without tag: what a flow's hash is made of. */
    private static final int[] TCP4 = {14 + 12, 8, 34, 4};
    private static final int[] TCP6 = {14 + 8, 32, 54, 4};
    private static final int FIRST_PORT = 1024;
    /** Longer than a receiver takes to fall asleep. */
    private static final int LONGEST_DELAY = 200_000;
    private static final int ECHOES = 4000;
    private static final int UNDER_WAY = 24;
    /** Where an echoed frame has its number: behind its headers. */
    private static final int NUMBER = 54;

    @BeforeEach
    void needsTwoQueues() {
        assumeTrue(CardUnderTest.queues() >= QUEUES, "the card has one queue");
    }

    private static Bench open(int... table) {
        return Bench.open(NicConfig.defaults().queues(QUEUES).rssTable(table));
    }

    private static byte[] tcp4(int flow) {
        return new FrameBuilder().ipv4(TCP).port(FIRST_PORT + flow).tcp().payload(100, flow).build();
    }

    private static byte[] tcp6(int flow) {
        return new FrameBuilder().ipv6(TCP).port(FIRST_PORT + flow).tcp().payload(100, flow).build();
    }

    /** {@return the entry of the table for a frame, by the definition of the hash} */
    private static int entry(byte[] frame, int... parts) {
        return Toeplitz.hash(Toeplitz.KEY, Toeplitz.parts(frame, parts)) & ENTRIES - 1;
    }

    /** {@return a flow of TCP over IPv4 that comes to a queue when flows are spread evenly} */
    private static byte[] flowTo(int queue) {
        return IntStream.range(0, FLOWS).mapToObj(QueueSuite::tcp4).filter(frame -> entry(frame, TCP4) % QUEUES == queue)
            .findFirst().orElseThrow();
    }

    private static void expectAt(Bench bench, int queue, byte[] frame) {
        Packet[] burst = new Packet[2];
        bench.far.send(frame);
        int[] count = new int[QUEUES];
        Bench.until("a frame on one of the queues", () -> {
            bench.far.pump();
            for (int i = 0; i < QUEUES; i++) {
                count[i] = bench.nic.rx(i).poll(burst);
                if (count[i] > 0) {
                    return true;
                }
            }
            return false;
        });
        assertThat(count[queue]).as("frames on queue %d", queue).isEqualTo(1);
        Bench.assertSame(bench.bytes(burst[0]), frame, "the frame on queue %d", queue);
        burst[0].release();
    }

    private static void expectFlows(Bench bench, IntUnaryOperator queueOfEntry) {
        int[] flows = new int[QUEUES];
        for (int flow = 0; flow < FLOWS; flow++) {
            byte[] four = tcp4(flow);
            byte[] six = tcp6(flow);
            int queue = queueOfEntry.applyAsInt(entry(four, TCP4));
            expectAt(bench, queue, four);
            flows[queue]++;
            expectAt(bench, queueOfEntry.applyAsInt(entry(six, TCP6)), six);
        }
        for (int queue = 0; queue < QUEUES; queue++) {
            assertThat(bench.nic.counters().get(NicCounters.Name.RX_FRAMES, queue)).as("frames of queue %d", queue)
                .isGreaterThanOrEqualTo(flows[queue]);
        }
        expectAt(bench, 0, new FrameBuilder().type(0x88b5).payload(100, 1).build());
    }

    @Test
    void shouldSpreadFlowsEvenlyByTheirHash() {
        try (Bench bench = open()) {
            expectFlows(bench, entry -> entry % QUEUES);
            assertThat(bench.nic.counters().get(NicCounters.Name.RX_FRAMES, 1)).isGreaterThan(FLOWS / 2);
        }
    }

    @Test
    void shouldSendEachFlowWhereTheTableSays() {
        int[] table = {0, 1, 1, 0, 1, 1, 1, 0};
        try (Bench bench = open(table)) {
            expectFlows(bench, entry -> table[entry % table.length]);
        }
        try (Bench bench = open(1)) {
            expectFlows(bench, entry -> 1);
        }
    }

    /** The second queue's descriptors, contexts of offloads among them, are its own. */
    @Test
    void shouldSendFromEachQueueWithItsOwnContexts() {
        try (Bench bench = open()) {
            for (int i = 0; i < 200; i++) {
                boolean udp = i % 3 == 0;
                FrameBuilder builder = FrameBuilder.sent().ipv4(udp ? UDP : TCP);
                byte[] frame = (udp ? builder.udp() : builder.tcp()).payload(60 + i, i).build();
                byte[] blank = frame.clone();
                Arrays.fill(blank, udp ? 40 : 50, udp ? 42 : 52, (byte) 0);
                Packet[] one = {bench.nic.tx(i % QUEUES).packet().append(bench.filled(blank, 0, blank.length, 0), 0, blank.length)
                    .requestChecksums()};
                int queue = i % QUEUES;
                Bench.until("room to send", () -> bench.nic.tx(queue).send(one, 1) == 1);
                Bench.assertSame(bench.onWire(), frame, "frame %d, of queue %d", i, queue);
                Bench.until("the completion", () -> {
                    bench.nic.tx(queue).reclaim();
                    return bench.nic.tx(queue).pending() == 0;
                });
            }
            assertThat(bench.nic.counters().get(NicCounters.Name.TX_FRAMES, 1)).isEqualTo(100);
            assertThat(bench.nic.counters().get(NicCounters.Name.TX_COMPLETED, 1)).isEqualTo(100);
        }
    }

    @Test
    void shouldLetEachThreadReceiveAndSendOnAQueueOfItsOwn() throws Exception {
        try (Bench bench = open(); ExecutorService threads = Executors.newFixedThreadPool(QUEUES)) {
            Echo[] echoes = new Echo[QUEUES];
            List<Future<?>> running = new ArrayList<>();
            NicCounters counters = bench.nic.counters();
            long[] before = IntStream.range(0, QUEUES).mapToLong(queue -> counters.get(NicCounters.Name.TX_COMPLETED, queue)).toArray();
            for (int queue = 0; queue < QUEUES; queue++) {
                bench.nic.rx(queue).handOver();
                bench.nic.tx(queue).handOver();
                echoes[queue] = new Echo(bench, queue);
                running.add(threads.submit(echoes[queue]));
            }
            try {
                exchangeEchoes(bench);
            } finally {
                for (Echo echo : echoes) {
                    echo.stopped = true;
                }
            }
            for (Future<?> each : running) {
                each.get();
            }
            for (int queue = 0; queue < QUEUES; queue++) {
                assertThat(echoes[queue].frames).as("frames of queue %d", queue).isGreaterThan(ECHOES / 4)
                    .isEqualTo(counters.get(NicCounters.Name.TX_COMPLETED, queue) - before[queue]);
            }
            assertThat(bench.nic.buffersOutstanding()).isZero();
        }
    }

    /** Each frame that is sent comes back once. */
    private static void exchangeEchoes(Bench bench) {
        boolean[] seen = new boolean[ECHOES];
        int sent = 0;
        for (int returned = 0; returned < ECHOES; ) {
            while (sent < ECHOES && sent - returned < UNDER_WAY) {
                bench.far.send(new FrameBuilder().ipv4(TCP).port(FIRST_PORT + sent % FLOWS).tcp()
                    .bytes((byte) (sent >> 8), (byte) sent).payload(60, sent).build());
                sent++;
            }
            byte[] frame = bench.far.next(Bench.PATIENCE);
            assertThat(frame).as("frame %d of %d back", returned, ECHOES).isNotNull();
            int number = (frame[NUMBER] & 0xff) << 8 | frame[NUMBER + 1] & 0xff;
            assertThat(seen[number]).as("frame %d twice", number).isFalse();
            seen[number] = true;
            returned++;
        }
        assertThat(bench.far.next(Duration.ofMillis(20))).as("a frame too many").isNull();
    }

    /** Sends back what a queue receives, until it is stopped. */
    private static final class Echo implements Runnable {
        private final Bench bench;
        private final int queue;
        private long frames;
        private volatile boolean stopped;

        private Echo(Bench bench, int queue) {
            this.bench = bench;
            this.queue = queue;
        }

        @Override
        public void run() {
            Packet[] burst = new Packet[16];
            while (!stopped || bench.nic.tx(queue).pending() > 0) {
                int received = bench.nic.rx(queue).poll(burst);
                for (int sent = 0; sent < received; ) {
                    int more = bench.nic.tx(queue).send(burst, received - sent);
                    sent += more;
                    System.arraycopy(burst, more, burst, 0, received - sent);
                }
                frames += received;
                bench.nic.tx(queue).reclaim();
            }
            bench.nic.rx(queue).handOver();
            bench.nic.tx(queue).handOver();
        }
    }

    /** While one queue's thread sleeps on, the other's is woken for its frame and for no other. */
    @Test
    void shouldWakeTheThreadOfTheQueueThatAFrameComesTo() throws Exception {
        int rounds = CardUnderTest.repetitions(CardUnderTest.traits().wakeUps()) / QUEUES;
        try (Bench bench = open(); ExecutorService threads = Executors.newFixedThreadPool(QUEUES)) {
            assumeTrue(bench.nic.facts().get("sleep").contains("a vector for each queue"), "the way has no vector for each queue");
            Semaphore[] idle = new Semaphore[QUEUES];
            List<Future<?>> sleepers = new ArrayList<>();
            for (int queue = 0; queue < QUEUES; queue++) {
                idle[queue] = new Semaphore(0);
                bench.nic.rx(queue).handOver();
                int mine = queue;
                sleepers.add(threads.submit(() -> sleepAndPoll(bench, mine, rounds, idle[mine])));
            }
            byte[][] flows = {flowTo(0), flowTo(1)};
            Random random = new Random(2);
            for (int i = 0; i < rounds * QUEUES; i++) {
                while (!idle[i % QUEUES].tryAcquire()) {
                    // A sleeper that failed is not waited for.
                    rethrow(sleepers);
                    Thread.onSpinWait();
                }
                int delay = random.nextInt(random.nextInt(LONGEST_DELAY) + 1);
                for (long start = System.nanoTime(); System.nanoTime() - start < delay; ) {
                    Thread.onSpinWait();
                }
                bench.far.send(flows[i % QUEUES]);
            }
            for (Future<?> sleeper : sleepers) {
                sleeper.get();
            }
            assertThat(bench.nic.counters().get(NicCounters.Name.WAKEUPS, 0)).isPositive();
            assertThat(bench.nic.counters().get(NicCounters.Name.WAKEUPS, 1)).isPositive();
        }
    }

    private static void sleepAndPoll(Bench bench, int queue, int rounds, Semaphore idle) {
        Packet[] burst = new Packet[4];
        for (int i = 0; i < rounds; i++) {
            idle.release();
            int received = 0;
            while (received == 0) {
                assertThat(bench.nic.rx(queue).await(10_000)).as("queue %d woken in round %d", queue, i).isTrue();
                received = bench.nic.rx(queue).poll(burst);
            }
            assertThat(received).isEqualTo(1);
            burst[0].release();
        }
        bench.nic.rx(queue).handOver();
    }

    private static void rethrow(List<Future<?>> sleepers) throws ExecutionException, InterruptedException {
        for (Future<?> sleeper : sleepers) {
            if (sleeper.isDone()) {
                sleeper.get();
            }
        }
    }

    @Test
    void shouldAccountForEveryBufferOfEachQueueWhenClosedAtOnce() {
        for (int i = 0; i < 3; i++) {
            Bench bench = open();
            for (int n = 0; n < 20; n++) {
                bench.far.send(flowTo(n % QUEUES));
                byte[] frame = FrameBuilder.sent().ipv4(UDP).udp().payload(100, n).build();
                Packet[] one = {bench.nic.tx(n % QUEUES).packet().append(bench.filled(frame, 0, frame.length, 0), 0, frame.length)};
                assertThat(bench.nic.tx(n % QUEUES).send(one, 1)).isEqualTo(1);
            }
            bench.nic.close();
            assertThat(bench.nic.buffersOutstanding()).isZero();
            assertThat(bench.pool.outstanding()).isZero();
            bench.pool.close();
        }
    }

    @Test
    void shouldRefuseMoreQueuesThanThereAre() {
        NicConfig config = NicConfig.defaults().queues(CardUnderTest.queues() + 1);

        assertThatThrownBy(() -> CardUnderTest.open(config).close()).isInstanceOf(SetupException.class)
            .hasMessageContaining("not " + (CardUnderTest.queues() + 1) + " queues but " + CardUnderTest.queues());

        CardUnderTest.open(NicConfig.defaults()).close();
    }
}
