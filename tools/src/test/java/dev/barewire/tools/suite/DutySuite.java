package dev.barewire.tools.suite;

import static dev.barewire.tools.suite.FrameBuilder.UDP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.Packet;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import dev.barewire.driver.access.DeviceAccess;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A queue's life: sleeping and waking, long runs, opening and closing. */
@CardSuite
class DutySuite {
    /** Longer than a receiver takes to fall asleep. */
    private static final int LONGEST_DELAY = 200_000;
    private static final int ROUND = 1000;
    private static final int ROUNDS = 60;
    private static final int QUIET_ROUNDS = 5;
    private static final byte[] FRAME = new FrameBuilder().ipv4(UDP).udp().payload(100, 1).build();

    @Test
    @Timeout(600)
    void shouldWakeForEveryFrameWhenItSleepsBetweenThem() throws InterruptedException {
        int rounds = CardUnderTest.repetitions(CardUnderTest.traits().wakeUps());
        try (Bench bench = Bench.open(NicConfig.defaults())) {
            Semaphore idle = new Semaphore(0);
            Thread far = Thread.ofPlatform().daemon().start(() -> {
                Random random = new Random(1);
                for (int i = 0; i < rounds; i++) {
                    idle.acquireUninterruptibly();
                    delay(random.nextInt(random.nextInt(LONGEST_DELAY) + 1));
                    bench.far.send(FRAME);
                }
            });
            Packet[] burst = new Packet[4];
            for (int i = 0; i < rounds; i++) {
                idle.release();
                int received = 0;
                while (received == 0) {
                    assertThat(bench.nic.rx(0).await(10_000)).as("woken in round %d", i).isTrue();
                    received = bench.nic.rx(0).poll(burst);
                }
                assertThat(received).isEqualTo(1);
                burst[0].release();
            }
            far.join();
            // The last frame may have been found before its interrupt came, which is heard now, as is one more of QEMU's
            // 82574L: it repeats a message when its throttle ends, cause or none.
            for (int late = 0; late < 2 && bench.nic.rx(0).await(50);) {
                late++;
            }
            assertThat(bench.nic.rx(0).await(50)).as("woken for nothing").isFalse();
            Thread.ofPlatform().start(bench.nic.rx(0)::wake);
            assertThat(bench.nic.rx(0).await(10_000)).as("woken by another thread").isTrue();
        }
    }

    /** So that a frame comes before, while and after its receiver falls asleep: a sleep would be too coarse. */
    private static void delay(int nanos) {
        for (long start = System.nanoTime(); System.nanoTime() - start < nanos;) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldAllocateNothingWhenFramesFlow() {
        try (Bench bench = Bench.openUnwatched(NicConfig.defaults())) {
            FarEnd.Flood flood = bench.far.flood(FRAME);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            Packet[] burst = new Packet[64];
            // Code that is reached or compiled for the first time may allocate; a frame may not.
            int quietRounds = 0;
            for (int round = 0; round < ROUNDS && quietRounds < QUIET_ROUNDS; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                echo(bench.nic, burst);
                boolean quiet = threads.getCurrentThreadAllocatedBytes() == before;
                quietRounds = quiet ? quietRounds + 1 : 0;
            }
            flood.close();
            bench.emptyCable();
            assertThat(quietRounds).as("rounds of %d frames on end without a byte allocated", ROUND).isEqualTo(QUIET_ROUNDS);
        }
    }

    private static void echo(Nic nic, Packet[] burst) {
        for (int frames = 0; frames < ROUND;) {
            frames += echoOnce(nic, burst);
        }
    }

    private static int echoOnce(Nic nic, Packet[] burst) {
        int received = nic.rx(0).poll(burst);
        int sent = nic.tx(0).send(burst, received);
        for (int i = sent; i < received; i++) {
            burst[i].release();
        }
        return received;
    }

    @Test
    @Timeout(600)
    void shouldMoveAFrameEachWayWheneverItIsOpenedAgain() {
        byte[] answer = FrameBuilder.sent().ipv4(UDP).udp().payload(100, 1).build();
        int restarts = CardUnderTest.repetitions(CardUnderTest.traits().restarts());
        for (int i = 0; i < restarts; i++) {
            try (Bench bench = Bench.open(NicConfig.defaults())) {
                Packet packet = bench.exchange(FRAME);
                Bench.assertSame(bench.bytes(packet), FRAME, "frame received at start %d", i);
                packet.release();
                bench.send(bench.packet(answer));
                Bench.assertSame(bench.onWire(), answer, "frame sent at start %d", i);
            }
        }
    }

    @Test
    void shouldAccountForEveryBufferWhenClosedAtOnce() {
        for (int i = 0; i < 5; i++) {
            Nic nic = CardUnderTest.open(NicConfig.defaults());
            try (nic; BufferPool pool = new BufferPool("suite", nic.domain(), MemoryKind.ANONYMOUS, 2048, 64)) {
                Packet[] burst = new Packet[64];
                for (int k = 0; k < burst.length; k++) {
                    burst[k] = nic.tx(0).packet().append(pool.take(), 0, 200);
                }
                assertThat(pool.outstanding()).isEqualTo(burst.length);
                assertThat(nic.tx(0).send(burst, burst.length)).isEqualTo(burst.length);
                Bench.until("completions", () -> {
                    nic.tx(0).reclaim();
                    return pool.outstanding() == 0;
                });
            }
            assertThat(nic.buffersOutstanding()).isZero();
        }
        // It still receives.
        Bench.open(NicConfig.defaults()).close();
    }

    @Test
    void shouldAccountForEveryBufferWhenClosedWhileFramesPourIn() {
        byte[] frame = new FrameBuilder().type(0x88b5).payload(1400, 1).build();
        Packet[] burst = new Packet[64];
        for (int i = 1; i <= 3; i++) {
            int enough = i * 50;
            DeviceAccess access = CardUnderTest.reach();
            Nic nic = Nic.open(access, NicConfig.defaults().promiscuous(true).rxBuffers(MemoryKind.ANONYMOUS, 256, 512)
                .descriptors(64, 64));
            try (FarEnd.Flood flood = FarEnd.of(access).flood(frame)) {
                try (nic) {
                    int[] frames = {0};
                    Bench.until("frames", () -> (frames[0] += echoOnce(nic, burst)) >= enough);
                }
                assertThat(flood.isUnderWay()).isTrue();
            }
        }
        Bench.open(NicConfig.defaults()).close();
    }

    @Test
    void shouldNameTheBuffersThatAreOutWhenClosed() {
        Bench bench = Bench.open(NicConfig.defaults());
        Packet packet = bench.exchange(FRAME);
        bench.settle();
        bench.pool.close();

        assertThatThrownBy(bench.nic::close).isInstanceOf(IllegalStateException.class)
            .hasMessageContainingAll("pool receive", "1 of 4096 buffers", "APPLICATION", "1 holders");

        assertThat(bench.nic.buffersOutstanding()).isZero();
        packet.release();
    }
}
