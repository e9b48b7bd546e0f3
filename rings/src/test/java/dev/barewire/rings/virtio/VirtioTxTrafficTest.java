package dev.barewire.rings.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.SegmentList;
import dev.barewire.rings.TxRequest;
import dev.barewire.rings.TxRing;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random frames out through every kind of transmit ring, to a device that does all that it may. */
class VirtioTxTrafficTest {
    private static final int SEEDS = 3_000;
    private static final int STEPS = 60;

    @Test
    void shouldSendEveryFrameOnceAndWholeWhateverWasAgreed() {
        for (int seed = 0; seed < SEEDS; seed++) {
            try (VirtioFixture fixture = new VirtioFixture(64, 64)) {
                final Traffic traffic = new Traffic(fixture, new Random(seed));
                for (int step = 0; step < STEPS; step++) {
                    traffic.step();
                }
                traffic.finish("seed " + seed + ": " + traffic.format);
            }
        }
    }

    private static final class Traffic {
        private final VirtioFixture fixture;
        private final Random random;
        private final VirtqueueFormat format;
        private final NetFormat net;
        private final VirtioTxRing ring;
        private final DeviceQueue device;
        private final TxRequest request = new TxRequest();
        private final List<byte[]> posted = new ArrayList<>();
        private final List<DeviceQueue.Chain> pending = new ArrayList<>();
        private final Map<DeviceQueue.Chain, Long> tags = new HashMap<>();
        private final List<Long> used = new ArrayList<>();
        private final List<Long> completed = new ArrayList<>();
        private long seen;
        private boolean isAsleep = true;

        Traffic(final VirtioFixture fixture, final Random random) {
            this.fixture = fixture;
            this.random = random;
            format = VirtioRxTrafficTest.format(random);
            net = new NetFormat(random.nextBoolean(), false, false, false, false, false, false);
            ring = new VirtioTxRing(fixture.ring, 0, format, net);
            device = DeviceQueue.of(fixture, format, ring.areas());
            device.wantNotification();
        }

        void step() {
            switch (random.nextInt(5)) {
                case 0, 1 -> post();
                case 2 -> send();
                case 3 -> complete();
                default -> ring.reclaim(completed::add);
            }
        }

        private void post() {
            final int frames = random.nextInt(4);
            for (int i = 0; i < frames && fixture.pool.available() > 4; i++) {
                final SegmentList segments = segments();
                final byte[] bytes = bytes(segments);
                final boolean mustFit = ring.pending() == 0 && ring.descriptorsFor(segments, request) <= ring.capacity();
                if (ring.post(segments, request, posted.size())) {
                    segments.clear();
                    posted.add(bytes);
                } else {
                    assertThat(mustFit).isFalse();
                    segments.release();
                }
            }
            if (random.nextInt(3) > 0 && ring.publish() != TxRing.NOTHING) {
                isAsleep = false;
            }
        }

        /** Segments at any offset, some empty, some of a buffer that is lent twice. */
        private SegmentList segments() {
            final SegmentList segments = new SegmentList(8);
            final int count = 1 + random.nextInt(3);
            for (int i = 0; i < count; i++) {
                final Buffer buffer = fixture.pool.take();
                for (int at = 0; at < 64; at++) {
                    buffer.memory().putByte(buffer.base() + at, (byte) random.nextInt());
                }
                final int offset = random.nextInt(32);
                segments.append(buffer, offset, i > 0 && random.nextInt(5) == 0 ? 0 : 1 + random.nextInt(32));
                if (random.nextInt(5) == 0) {
                    segments.lend(buffer, 20, 10);
                }
            }
            return segments;
        }

        private static byte[] bytes(final SegmentList segments) {
            final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int i = 0; i < segments.count(); i++) {
                for (int at = 0; at < segments.length(i); at++) {
                    final Buffer buffer = segments.buffer(i);
                    bytes.write(buffer.memory().getByte(buffer.base() + segments.offset(i) + at));
                }
            }
            return bytes.toByteArray();
        }

        private void send() {
            while (!isAsleep && random.nextInt(6) > 0) {
                final DeviceQueue.Chain chain = device.next();
                if (chain == null) {
                    device.wantNotification();
                    isAsleep = true;
                    return;
                }
                final byte[] all = device.read(chain);
                device.complain(chain.writable() == 0, "a sent frame that the device may write to");
                for (int i = 0; i < net.headerBytes(); i++) {
                    device.complain(all[i] == 0, "a header that asks for something");
                }
                final byte[] frame = Arrays.copyOfRange(all, net.headerBytes(), all.length);
                assertThat(frame).isEqualTo(posted.get((int) seen));
                tags.put(chain, seen++);
                pending.add(chain);
            }
            if (!isAsleep) {
                device.wantNoNotification();
            }
        }

        private void complete() {
            final int count = random.nextInt(pending.size() + 1);
            if (format.inOrder() && count > 1 && random.nextBoolean()) {
                final List<DeviceQueue.Chain> batch = pending.subList(0, count);
                batch.forEach(chain -> used.add(tags.remove(chain)));
                device.useBatch(batch, 0);
                batch.clear();
                return;
            }
            for (int i = 0; i < count; i++) {
                final DeviceQueue.Chain chain = pending.remove(format.inOrder() ? 0 : random.nextInt(pending.size()));
                used.add(tags.remove(chain));
                device.use(chain, 0);
            }
        }

        void finish(final String what) {
            if (ring.publish() != TxRing.NOTHING) {
                isAsleep = false;
            }
            for (int i = 0; i < 200 && ring.pending() > 0; i++) {
                send();
                complete();
                ring.reclaim(completed::add);
            }
            assertThat(device.complaints).as(what).isEmpty();
            assertThat(completed).as(what).isEqualTo(used).hasSize(posted.size());
            assertThat(ring.disorders()).as(what).isZero();
            assertThat(fixture.pool.describeOutstanding()).as(what).isEmpty();
        }
    }
}
