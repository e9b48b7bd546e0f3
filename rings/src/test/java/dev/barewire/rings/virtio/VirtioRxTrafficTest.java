package dev.barewire.rings.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.rings.RxBurst;
import dev.barewire.rings.RxRing;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random frames in through every kind of receive ring, from a device that does all that it may. */
class VirtioRxTrafficTest {
    private static final int SEEDS = 3_000;
    private static final int STEPS = 60;

    @Test
    void shouldGiveEveryFrameOnceAndWholeWhateverWasAgreed() {
        for (int seed = 0; seed < SEEDS; seed++) {
            try (VirtioFixture fixture = new VirtioFixture(64 + 64 * (seed % 3), 48)) {
                final Traffic traffic = new Traffic(fixture, new Random(seed));
                for (int step = 0; step < STEPS; step++) {
                    traffic.step();
                }
                traffic.finish("seed " + seed + ": " + traffic.format + " " + traffic.net);
            }
        }
    }

    /** A random format; packed queues of any size. */
    static VirtqueueFormat format(final Random random) {
        final boolean packed = random.nextBoolean();
        final int size = packed ? 3 + random.nextInt(30) : 4 << random.nextInt(4);
        return new VirtqueueFormat(packed, size, random.nextBoolean(), random.nextBoolean(), random.nextBoolean());
    }

    /** A ring, its device and the frames between them. */
    private static final class Traffic {
        private final VirtioFixture fixture;
        private final Random random;
        private final VirtqueueFormat format;
        private final NetFormat net;
        private final int splitBytes;
        private final int perChain;
        private final VirtioRxRing ring;
        private final DeviceQueue device;
        private final RxBurst burst = new RxBurst(32);
        private final List<List<DeviceQueue.Chain>> pending = new ArrayList<>();
        private final List<byte[]> pendingFrames = new ArrayList<>();
        private final ArrayDeque<byte[]> expected = new ArrayDeque<>();
        private ByteArrayOutputStream frame = new ByteArrayOutputStream();
        private boolean isAsleep = true;
        private boolean interruptsOn;

        Traffic(final VirtioFixture fixture, final Random random) {
            this.fixture = fixture;
            this.random = random;
            format = format(random);
            net = new NetFormat(random.nextBoolean(), random.nextBoolean(), false, false, false, false, false);
            splitBytes = random.nextInt(3) == 0 ? 1 + random.nextInt(60) : 0;
            perChain = net.mergeable() ? 1 : 1 + random.nextInt(splitBytes > 0 ? 2 : 3);
            ring = new VirtioRxRing(fixture.ring, 0, format, net, splitBytes, fixture.pool.bufferSize(), perChain);
            device = DeviceQueue.of(fixture, format, ring.areas());
            device.wantNotification();
        }

        void step() {
            switch (random.nextInt(4)) {
                case 0 -> post();
                case 1 -> receive();
                case 2 -> complete();
                default -> reap(1 + random.nextInt(16));
            }
        }

        private void post() {
            ring.fill(fixture.pool, fixture.headers);
            if (random.nextInt(3) > 0 && ring.publish() != RxRing.NOTHING) {
                isAsleep = false;
            }
        }

        /** The device takes chains for frames, asleep until it is told. */
        private void receive() {
            while (!isAsleep && pending.size() < 6) {
                final DeviceQueue.Chain first = device.next();
                if (first == null) {
                    device.wantNotification();
                    isAsleep = true;
                    return;
                }
                place(first);
                if (random.nextInt(4) == 0) {
                    break;
                }
            }
            if (!isAsleep) {
                device.wantNoNotification();
            }
        }

        private void place(final DeviceQueue.Chain first) {
            final List<DeviceQueue.Chain> chains = new ArrayList<>(List.of(first));
            final int most = net.mergeable() ? 1 + random.nextInt(3) : 1;
            while (chains.size() < most) {
                final DeviceQueue.Chain another = device.next();
                if (another == null) {
                    break;
                }
                chains.add(another);
            }
            final int room = chains.stream().mapToInt(DeviceQueue.Chain::writable).sum() - net.headerBytes();
            final int least = room - chains.getLast().writable() + 1;
            final byte[] bytes = new byte[Math.max(1, least) + random.nextInt(room - Math.max(1, least) + 1)];
            random.nextBytes(bytes);
            final byte[] all = new byte[net.headerBytes() + bytes.length];
            System.arraycopy(bytes, 0, all, net.headerBytes(), bytes.length);
            // Without mergeable buffers a device may leave the number as it was.
            all[10] = (byte) (net.mergeable() ? chains.size() : random.nextInt());
            int at = 0;
            for (final DeviceQueue.Chain chain : chains) {
                final int length = Math.min(chain.writable(), all.length - at);
                device.fill(chain, 0, Arrays.copyOfRange(all, at, at + length));
                at += length;
            }
            pending.add(chains);
            pendingFrames.add(bytes);
        }

        /** The device gives frames back, out of order unless it agreed not to. */
        private void complete() {
            final int count = random.nextInt(pending.size() + 1);
            for (int i = 0; i < count; i++) {
                final int which = format.inOrder() ? 0 : random.nextInt(pending.size());
                final List<DeviceQueue.Chain> chains = pending.remove(which);
                final byte[] bytes = pendingFrames.remove(which);
                int left = bytes.length + net.headerBytes();
                for (final DeviceQueue.Chain chain : chains) {
                    final int length = Math.min(left, chain.writable());
                    device.use(chain, length);
                    left -= length;
                }
                expected.add(bytes);
                final boolean interrupts = device.mayInterrupt();
                device.complain(interrupts || !interruptsOn, "no interrupt where one was asked for");
                interruptsOn &= !interrupts;
            }
        }

        private void reap(final int max) {
            final int entries = ring.reap(burst, max);
            for (int i = 0; i < entries; i++) {
                frame.writeBytes(VirtioFixture.bytes(burst, i));
                assertThat(burst.flags[i] & ~RxBurst.END_OF_FRAME).isZero();
                if ((burst.flags[i] & RxBurst.END_OF_FRAME) != 0) {
                    assertThat(frame.toByteArray()).isEqualTo(expected.poll());
                    frame = new ByteArrayOutputStream();
                }
                if (splitBytes > 0 && perChain == 1 && !net.mergeable() && burst.header[i] != null) {
                    assertThat(burst.headerLength[i]).isLessThanOrEqualTo(splitBytes);
                    assertThat(burst.headerLength[i] == splitBytes || burst.length[i] == 0).isTrue();
                }
                VirtioFixture.release(burst, i);
            }
            if (random.nextInt(4) == 0) {
                ring.enableInterrupts();
                interruptsOn = !ring.isReady();
            } else {
                ring.disableInterrupts();
                interruptsOn = false;
            }
            device.mayInterrupt();
        }

        void finish(final String what) {
            for (int i = 0; i < 200 && !(expected.isEmpty() && pending.isEmpty()); i++) {
                complete();
                reap(32);
            }
            assertThat(device.complaints).as(what).isEmpty();
            assertThat(expected).as(what).isEmpty();
            assertThat(ring.disorders()).as(what).isZero();
            assertThat(ring.badLengths()).as(what).isZero();
            ring.drain();
            assertThat(fixture.pool.describeOutstanding()).as(what).isEmpty();
            assertThat(fixture.headers.describeOutstanding()).as(what).isEmpty();
        }
    }
}
