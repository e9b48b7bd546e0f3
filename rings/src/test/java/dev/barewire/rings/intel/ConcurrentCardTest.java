package dev.barewire.rings.intel;

import static dev.barewire.rings.intel.LegacyRxDescriptor.STATUS_DD;
import static dev.barewire.rings.intel.LegacyRxDescriptor.STATUS_EOP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.SegmentList;
import dev.barewire.rings.RxBurst;
import dev.barewire.rings.TxRequest;
import dev.barewire.rings.TxRing;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rings against a card that runs on a thread of its own, writes in two steps and takes its time, by a seed. */
@Timeout(60)
class ConcurrentCardTest {
    private static final int SIZE = 32;
    private static final int FRAMES = 300_000;
    private static final long SEED = 82540;

    private final RingFixture fixture = new RingFixture(256, 64);
    private final AtomicInteger doorbell = new AtomicInteger();
    private final AtomicReference<Throwable> complaint = new AtomicReference<>();
    private Thread card;

    @AfterEach
    void close() throws InterruptedException {
        card.interrupt();
        card.join();
        fixture.close();
    }

    // E1K-RING-06, E1K-RING-07
    @Test
    void shouldSeeWholeDescriptorsOnlyWhenACardReceives() throws InterruptedException {
        final LegacyRxRing ring = new LegacyRxRing(fixture.ring, 0, SIZE, 256);
        card = start(this::receive);
        final SplittableRandom random = new SplittableRandom(SEED);
        final RxBurst burst = new RxBurst(16);
        int frame = 0;
        while (frame < FRAMES && complaint.get() == null) {
            if (ring.fill(fixture.pool) > 0) {
                doorbell.setRelease(ring.publish());
            }
            final int count = ring.reap(burst, 1 + random.nextInt(16));
            for (int i = 0; i < count; i++, frame++) {
                final Buffer buffer = burst.buffer[i];
                expect("length of frame " + frame, burst.length[i], 1 + frame % 256);
                expect("special of frame " + frame, burst.vlan[i], frame & 0xFFFF);
                expect("flags of frame " + frame, burst.flags[i], RxBurst.END_OF_FRAME);
                expect("bytes of frame " + frame, buffer.memory().getLong(buffer.base()), frame);
                buffer.release();
            }
            if (count == 0) {
                Thread.yield();
            }
        }
        card.join();
        ring.drain();

        assertThat(complaint.get()).isNull();
        assertThat(frame).isEqualTo(FRAMES);
        assertThat(fixture.pool.describeOutstanding()).isEmpty();
    }

    /** The card's side of receive. */
    private void receive() {
        final SplittableRandom random = new SplittableRandom(SEED + 1);
        int head = 0;
        for (int frame = 0; frame < FRAMES;) {
            final int tail = doorbell.getAcquire();
            if (head == tail) {
                pause();
                continue;
            }
            final long at = head * 16L;
            expect("status of descriptor " + head, fixture.memory.getLong(at + 8), 0);
            final Buffer buffer = fixture.bufferAt(fixture.memory.getLong(at));
            buffer.memory().putLong(buffer.base(), frame);
            fixture.memory.putInt(at + LegacyRxDescriptor.LENGTH, 1 + frame % 256);
            fixture.memory.putShort(at + LegacyRxDescriptor.SPECIAL, (short) frame);
            spin(random.nextInt(32));
            fixture.memory.putShortRelease(at + LegacyRxDescriptor.STATUS, (short) (STATUS_DD | STATUS_EOP));
            head = (head + 1) % SIZE;
            frame++;
        }
    }

    // E1K-RING-06, E1K-TX-07
    @Test
    void shouldLeaveBuffersAloneUntilACardHasSentThem() throws InterruptedException {
        final LegacyTxRing ring = new LegacyTxRing(fixture.ring, 0, SIZE, 100);
        card = start(this::transmit);
        final SplittableRandom random = new SplittableRandom(SEED);
        final SegmentList segments = new SegmentList(1);
        final TxRequest request = new TxRequest();
        final long[] reclaimed = new long[1];
        final TxRing.Completion inOrder = tag -> expect("tag", tag, reclaimed[0]++);
        int frame = 0;
        while (reclaimed[0] < FRAMES && complaint.get() == null) {
            for (int i = random.nextInt(8); i >= 0 && frame < FRAMES; i--) {
                final Buffer buffer = fixture.pool.take();
                buffer.memory().putLong(buffer.base(), frame);
                segments.append(buffer, 0, 60 + frame % 120);
                if (!ring.post(segments, request, frame)) {
                    segments.release();
                    break;
                }
                segments.clear();
                frame++;
            }
            final int tail = ring.publish();
            if (tail != TxRing.NOTHING) {
                doorbell.setRelease(tail);
            }
            if (ring.reclaim(inOrder) == 0) {
                Thread.yield();
            }
        }
        card.join();
        ring.drain();

        assertThat(complaint.get()).isNull();
        assertThat(reclaimed[0]).isEqualTo(FRAMES);
        assertThat(fixture.pool.describeOutstanding()).isEmpty();
    }

    /** The card's side of transmit: reads the bytes late, reports later. Segments above 100 bytes come in two pieces. */
    private void transmit() {
        final SplittableRandom random = new SplittableRandom(SEED + 1);
        int head = 0;
        for (int frame = 0; frame < FRAMES;) {
            final int tail = doorbell.getAcquire();
            if (head == tail) {
                pause();
                continue;
            }
            final int length = 60 + frame % 120;
            final int pieces = length > 100 ? 2 : 1;
            final Buffer buffer = fixture.bufferAt(fixture.address(head));
            spin(random.nextInt(32));
            expect("bytes of frame " + frame, buffer.memory().getLong(buffer.base()), frame);
            int sum = 0;
            for (int i = 0; i < pieces; i++) {
                final long control = fixture.control(head);
                sum += (int) control & 0xFFFF;
                expect("status of descriptor " + head, control >>> 32, 0);
                expect("end of frame " + frame, control >>> 24 & 1, i == pieces - 1 ? 1 : 0);
                if ((control >>> 24 & LegacyTxDescriptor.COMMAND_RS) != 0) {
                    fixture.memory.putIntRelease(head * 16L + LegacyTxDescriptor.STATUS, LegacyTxDescriptor.STATUS_DD);
                }
                head = (head + 1) % SIZE;
            }
            expect("length of frame " + frame, sum, length);
            frame++;
        }
    }

    private Thread start(final Runnable side) {
        final Thread thread = new Thread(() -> {
            try {
                side.run();
            } catch (final Throwable wrong) {
                complaint.compareAndSet(null, wrong);
            }
        }, "card");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void pause() {
        Thread.yield();
        if (Thread.currentThread().isInterrupted()) {
            throw new IllegalStateException("nothing to do any more");
        }
    }

    private static void spin(final int turns) {
        for (int i = 0; i < turns; i++) {
            Thread.onSpinWait();
        }
    }

    private static void expect(final String what, final long actual, final long expected) {
        if (actual != expected) {
            throw new AssertionError(what + " is " + actual + ", not " + expected);
        }
    }
}
