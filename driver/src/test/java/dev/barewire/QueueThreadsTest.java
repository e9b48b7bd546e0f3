package dev.barewire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.NicCounters.Name;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import dev.barewire.profiles.Offload;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** To whom queues and packets belong. */
final class QueueThreadsTest extends QueueFixture {
    @Test
    void shouldBelongToOneThreadUntilHandedOver() throws Exception {
        nic.rx(0).poll(burst);
        final Throwable[] thrown = new Throwable[1];
        final Runnable poll = () -> {
            try {
                nic.rx(0).poll(burst);
            } catch (final IllegalStateException refused) {
                thrown[0] = refused;
            }
        };
        Thread other = new Thread(poll);
        other.start();
        other.join();
        assertThat(thrown[0]).hasMessageContaining("belongs to thread");

        nic.rx(0).handOver();
        thrown[0] = null;
        other = new Thread(poll);
        other.start();
        other.join();
        assertThat(thrown[0]).isNull();
    }

    /** The queue's own pools go with it, while the thread that had them lives on. */

    @Test
    void shouldHandOverEveryPoolThatAQueueTakesFrom() throws Exception {
        reopen(NicTest.SMALL.offload(Offload.SCATTER_GATHER, Force.OFF)
            .headerPool(domain -> new BufferPool("headers", domain, MemoryKind.ANONYMOUS, 128, 8)));
        final Runnable forward = () -> assertThat(nic.tx(0).send(new Packet[] {receive(Frames.udp(100))}, 1)).isOne();
        forward.run();
        nic.rx(0).handOver();
        nic.tx(0).handOver();

        final Throwable[] thrown = new Throwable[1];
        final Thread other = new Thread(forward);
        other.setUncaughtExceptionHandler((thread, error) -> thrown[0] = error);
        other.start();
        other.join();
        assertThat(thrown[0]).isNull();
        assertThat(card.transmit()).hasSize(2);
        assertThat(count(Name.TX_LINEARISED)).isEqualTo(2);
    }

    /** The spare room of a packet is for padding and a VLAN tag; whoever took it made a frame that never fits. */

    @Test
    void shouldGiveAPacketOnceThoughTwoThreadsReleaseItTogether() throws Exception {
        for (int lap = 0; lap < 200; lap++) {
            final Packet packet = nic.tx(0).packet();
            assertThat(refusedOfTwoThreads(packet::release)).isOne();
        }
        final Set<Packet> all = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Packet packet = nic.tx(0).packet(); packet != null; packet = nic.tx(0).packet()) {
            assertThat(all.add(packet)).isTrue();
        }
        assertThat(all).hasSize(32);
        all.forEach(Packet::release);
    }

    @Test
    void shouldRefuseOneOfTwoThreadsThatComeFirstTogether() throws Exception {
        for (int lap = 0; lap < 200; lap++) {
            assertThat(refusedOfTwoThreads(() -> nic.rx(0).poll(new Packet[1]))).isOne();
            assertThat(refusedOfTwoThreads(() -> nic.tx(0).reclaim())).isOne();
            nic.rx(0).handOver();
            nic.tx(0).handOver();
        }
    }

    private static int refusedOfTwoThreads(final Runnable step) throws InterruptedException {
        final AtomicInteger refused = new AtomicInteger();
        final Runnable guarded = () -> {
            try {
                step.run();
            } catch (final IllegalStateException second) {
                refused.incrementAndGet();
            }
        };
        final Thread one = new Thread(guarded);
        final Thread two = new Thread(guarded);
        one.start();
        two.start();
        one.join();
        two.join();
        return refused.get();
    }
}
