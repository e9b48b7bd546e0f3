package dev.barewire.rings.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.SegmentList;
import dev.barewire.rings.RxBurst;
import dev.barewire.rings.TxRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A device that writes what it may not: it is counted, nothing is thrown, and no buffer is lost. */
class LyingDeviceTest {
    private static final int SIZE = 8;
    private static final VirtqueueFormat SPLIT = new VirtqueueFormat(false, SIZE, false, false, false);
    private static final VirtqueueFormat PACKED = new VirtqueueFormat(true, SIZE, false, false, false);
    private static final List<VirtqueueFormat> FORMATS = List.of(SPLIT, PACKED);
    private static final NetFormat MERGEABLE = new NetFormat(false, true, false, false, false, false, false);

    private final VirtioFixture fixture = new VirtioFixture(128, 32);
    private final RxBurst burst = new RxBurst(32);
    private DeviceQueue device;

    @AfterEach
    void close() {
        fixture.close();
    }

    private VirtioRxRing rx(final VirtqueueFormat format, final NetFormat net) {
        final VirtioRxRing ring = new VirtioRxRing(fixture.ring, 0, format, net, 0, 128, 1);
        device = DeviceQueue.of(fixture, format, ring.areas());
        ring.fill(fixture.pool);
        ring.publish();
        return ring;
    }

    /** Writes an id that the driver's side then finds. */
    private void name(final int id, final int length) {
        if (device instanceof final SplitDevice split) {
            split.put(id, length);
            split.publish(1);
        } else {
            ((PackedDevice) device).put(id, length, 1);
        }
    }

    /** Writes a frame of one byte behind a header that speaks of so many buffers. */
    private void receive(final int buffers) {
        final DeviceQueue.Chain chain = device.next();
        final byte[] bytes = new byte[13];
        bytes[10] = (byte) buffers;
        bytes[11] = (byte) (buffers >> 8);
        device.fill(chain, 0, bytes);
        device.use(chain, bytes.length);
    }

    private List<Integer> reap(final VirtioRxRing ring) {
        final List<Integer> flags = new ArrayList<>();
        final int entries = ring.reap(burst, 32);
        for (int i = 0; i < entries; i++) {
            flags.add(burst.flags[i]);
            assertThat(burst.offset[i] + burst.length[i]).isBetween(0, 128);
            VirtioFixture.release(burst, i);
        }
        return flags;
    }

    private void expectAllBack(final VirtioRxRing ring) {
        ring.drain();
        assertThat(fixture.pool.describeOutstanding()).isEmpty();
        assertThat(ring.posted()).isZero();
        assertThat(ring.fill(fixture.pool)).isEqualTo(SIZE);
        ring.drain();
    }

    @Test
    void shouldStepOverAnIdThatDoesNotExist() {
        for (final VirtqueueFormat format : FORMATS) {
            final VirtioRxRing ring = rx(format, NetFormat.PLAIN);
            device.next();
            device.next();
            name(SIZE, 20);
            name(0x7fff, 20);
            receive(0);

            assertThat(reap(ring)).containsExactly(RxBurst.END_OF_FRAME);
            assertThat(ring.disorders()).isEqualTo(2);
            expectAllBack(ring);
        }
    }

    @Test
    void shouldTakeAnIdOnceWhenItIsNamedTwice() {
        for (final VirtqueueFormat format : FORMATS) {
            final VirtioRxRing ring = rx(format, NetFormat.PLAIN);
            name(device.next().id(), 20);
            name(0, 20);
            name(0, 20);

            assertThat(reap(ring)).hasSize(1);
            assertThat(ring.disorders()).isEqualTo(2);
            expectAllBack(ring);
        }
    }

    @Test
    void shouldNotTakeAChainThatIsNotPublished() {
        for (final VirtqueueFormat format : FORMATS) {
            final VirtioRxRing ring = rx(format, NetFormat.PLAIN);
            final int id = device.next().id();
            name(id, 20);
            reap(ring);
            ring.fill(fixture.pool);
            name(id, 20);

            assertThat(reap(ring)).isEmpty();
            assertThat(ring.disorders()).isEqualTo(1);
            expectAllBack(ring);
        }
    }

    @Test
    void shouldMarkALengthThatCannotBe() {
        for (final VirtqueueFormat format : FORMATS) {
            for (final int length : new int[] {0, 11, 129, 0x7fff_ffff, 0x8000_0000, -1}) {
                final VirtioRxRing ring = rx(format, NetFormat.PLAIN);
                device.use(device.next(), length);
                receive(1);

                assertThat(reap(ring)).as("%s %s", format, length)
                    .containsExactly(RxBurst.END_OF_FRAME | RxBurst.BAD_DESCRIPTOR, RxBurst.END_OF_FRAME);
                assertThat(ring.badLengths()).isEqualTo(1);
                expectAllBack(ring);
            }
        }
    }

    @Test
    void shouldEndAFrameAtOnceWhenItsNumberOfBuffersCannotBe() {
        for (final VirtqueueFormat format : FORMATS) {
            for (final int buffers : new int[] {0, SIZE + 1, 0xffff}) {
                final VirtioRxRing ring = rx(format, MERGEABLE);
                receive(buffers);
                receive(1);

                assertThat(reap(ring)).as("%s %s", format, buffers)
                    .containsExactly(RxBurst.END_OF_FRAME | RxBurst.BAD_DESCRIPTOR, RxBurst.END_OF_FRAME);
                expectAllBack(ring);
            }
        }
    }

    @Test
    void shouldBreakAFrameOffWhenOneOfItsBuffersDoesNotExist() {
        for (final VirtqueueFormat format : FORMATS) {
            final VirtioRxRing ring = rx(format, MERGEABLE);
            receive(3);
            assertThat(reap(ring)).containsExactly(0);
            device.next();
            name(0x99, 20);
            assertThat(reap(ring)).isEmpty();
            receive(1);
            receive(1);

            assertThat(reap(ring)).containsExactly(RxBurst.END_OF_FRAME | RxBurst.BAD_DESCRIPTOR, RxBurst.END_OF_FRAME);
            expectAllBack(ring);
        }
    }

    @Test
    void shouldBelieveNoIndexThatIsAheadOfWhatIsPublished() {
        final VirtioRxRing ring = rx(SPLIT, NetFormat.PLAIN);
        final SplitDevice split = (SplitDevice) device;
        split.publish(SIZE + 1);
        assertThat(ring.isReady()).isFalse();
        assertThat(reap(ring)).isEmpty();
        assertThat(reap(ring)).isEmpty();
        assertThat(ring.disorders()).as("told once").isEqualTo(1);
        split.publish(30_000);
        assertThat(reap(ring)).isEmpty();
        assertThat(ring.disorders()).isEqualTo(2);
        split.publish(-30_000 - SIZE - 1);
        receive(1);

        assertThat(reap(ring)).containsExactly(RxBurst.END_OF_FRAME);
        expectAllBack(ring);
    }

    @Test
    void shouldCountAWrongOrderWhereOrderWasAgreed() {
        final VirtioRxRing ring = rx(new VirtqueueFormat(false, SIZE, false, false, true), NetFormat.PLAIN);
        final DeviceQueue.Chain first = device.next();
        final DeviceQueue.Chain second = device.next();
        device.use(second, 20);

        assertThat(reap(ring)).isEmpty();
        assertThat(ring.disorders()).isEqualTo(1);
        device.use(first, 20);
        assertThat(reap(ring)).containsExactly(RxBurst.END_OF_FRAME);
        expectAllBack(ring);
    }

    @Test
    void shouldTakeSkippedChainsAsUsedToTheirEndWhereOrderWasAgreed() {
        for (final boolean packed : new boolean[] {false, true}) {
            final VirtioRxRing ring = rx(new VirtqueueFormat(packed, SIZE, false, false, true), NetFormat.PLAIN);
            device.useBatch(List.of(device.next(), device.next(), device.next()), 20);

            assertThat(ring.reap(burst, 2)).isEqualTo(2);
            assertThat(ring.isReady()).isTrue();
            assertThat(burst.length[0]).isEqualTo(128 - 12);
            VirtioFixture.release(burst, 0);
            VirtioFixture.release(burst, 1);
            assertThat(ring.reap(burst, 2)).isEqualTo(1);
            assertThat(burst.length[0]).isEqualTo(8);
            VirtioFixture.release(burst, 0);
            assertThat(ring.isReady()).isFalse();
            expectAllBack(ring);
        }
    }

    @Test
    void shouldMarkASumThatLiesOutsideItsFrame() {
        for (final int start : new int[] {7, 0xffff}) {
            final VirtioRxRing ring = rx(SPLIT, NetFormat.PLAIN);
            final DeviceQueue.Chain chain = device.next();
            final byte[] bytes = new byte[12 + 20];
            bytes[0] = 1;
            bytes[6] = (byte) start;
            bytes[7] = (byte) (start >> 8);
            bytes[8] = 12;
            device.fill(chain, 0, bytes);
            device.use(chain, bytes.length);

            assertThat(reap(ring).getFirst() & RxBurst.BAD_DESCRIPTOR).isNotZero();
            expectAllBack(ring);
        }
    }

    @Test
    void shouldLoseNoBufferAndThrowNothingWhateverTheDeviceWrites() {
        for (int seed = 0; seed < 2_000; seed++) {
            final Random random = new Random(seed);
            final VirtqueueFormat format = VirtioRxTrafficTest.format(random);
            final NetFormat net = new NetFormat(random.nextBoolean(), random.nextBoolean(), false, false, false, false, false);
            final VirtioRxRing rx = new VirtioRxRing(fixture.ring, 0, format, net, random.nextInt(2) * 40, 128,
                1 + random.nextInt(2));
            final int txOffset = VirtqueueFormat.align(VirtioRxRing.bytesFor(format));
            final VirtioTxRing tx = new VirtioTxRing(fixture.ring, txOffset, format, net);
            final int bytes = txOffset + VirtioTxRing.bytesFor(format);
            final List<Long> tags = new ArrayList<>();
            long posted = 0;
            for (int step = 0; step < 60; step++) {
                rx.fill(fixture.pool, fixture.headers);
                final Buffer buffer = fixture.pool.take();
                if (buffer != null) {
                    final SegmentList segments = new SegmentList(1);
                    segments.append(buffer, random.nextInt(2) * 32, 60);
                    if (tx.post(segments, new TxRequest(), posted)) {
                        posted++;
                    } else {
                        segments.release();
                    }
                }
                rx.publish();
                tx.publish();
                for (int i = random.nextInt(20); i > 0; i--) {
                    scribble(random, format, random.nextBoolean() ? 0 : txOffset, bytes);
                }
                for (int i = rx.reap(burst, 1 + random.nextInt(16)) - 1; i >= 0; i--) {
                    assertThat(burst.length[i]).isBetween(0, 128);
                    VirtioFixture.release(burst, i);
                }
                tx.reclaim(tags::add);
            }
            rx.drain();
            tx.drain();
            assertThat(tags).as("seed " + seed).doesNotHaveDuplicates();
            assertThat(fixture.pool.describeOutstanding()).as("seed " + seed).isEmpty();
            assertThat(fixture.headers.describeOutstanding()).as("seed " + seed).isEmpty();
        }
    }

    /** Writes where a device may, mostly what could be believed. */
    private void scribble(final Random random, final VirtqueueFormat format, final int ring, final int bytes) {
        final int area = format.packed() && random.nextBoolean() ? 0 : format.deviceOffset();
        final int length = area == 0 ? 16 * format.size() : format.bytes() - area;
        final int at = ring + area + random.nextInt(length / 2) * 2;
        final int value = switch (random.nextInt(4)) {
            case 0 -> random.nextInt(format.size());
            case 1 -> random.nextInt(200);
            case 2 -> random.nextBoolean() ? 0x8082 : 2;
            default -> random.nextInt();
        };
        fixture.ring.memory().putShort(Math.min(at, bytes - 2), (short) value);
        if (!format.packed() && random.nextBoolean()) {
            final long index = ring + format.deviceOffset() + 2;
            fixture.ring.memory().putShort(index, (short) (fixture.ring.memory().getShort(index) + 1));
        }
    }
}
