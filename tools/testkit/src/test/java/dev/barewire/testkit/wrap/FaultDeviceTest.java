package dev.barewire.testkit.wrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.dma.Buffer;
import dev.barewire.dma.CopyLedger;
import dev.barewire.dma.SegmentList;
import dev.barewire.rings.RxBurst;
import dev.barewire.rings.TxRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What befalls frames, and that no buffer and no completion is lost over it. */
final class FaultDeviceTest {
    private static final int FRAMES = 100_000;
    private static final int BUFFER = 128;

    private final FakeCard inner = new FakeCard();
    private long now = 1_000_000;

    private RingUser user(final FaultPlan plan) {
        return new RingUser(FaultDevice.of(inner, plan, () -> now), inner, BUFFER, 512);
    }

    @Test
    void shouldChangeNothingWithoutFaults() {
        try (RingUser user = user(FaultPlan.seed(1))) {
            final List<byte[]> given = new ArrayList<>();
            final List<byte[]> got = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                given.add(frame(i, 60 + i % 300));
                inner.receive(given.getLast(), 0);
                got.addAll(user.poll(1 + i % 3));
            }
            for (int i = 0; i < 3; i++) {
                got.addAll(user.poll(64));
            }

            assertThat(got).usingElementComparator(Arrays::compare).containsExactlyElementsOf(given);
            assertThat(user.outstanding()).isZero();
        }
    }

    @Test
    void shouldLoseAllAndStillKeepTheCardInBuffers() {
        try (RingUser user = user(FaultPlan.seed(1).rx(Fault.LOSS, 1).tx(Fault.LOSS, 1))) {
            for (int i = 0; i < 1000; i++) {
                assertThat(inner.receive(frame(i, 60), 0)).isTrue();
                assertThat(user.poll(64)).isEmpty();
                assertThat(user.send(frame(i, 60), 0, i)).isTrue();
                user.reclaim();
            }

            assertThat(inner.sent).isEmpty();
            assertThat(user.completed).hasSize(1000).isSorted();
            assertThat(user.card.statistics()).containsEntry("inner", 1L)
                .containsEntry("fault.rx.lost", 1000L).containsEntry("fault.tx.lost", 1000L);
        }
    }

    @Test
    void shouldReceiveAFrameTwice() {
        try (RingUser user = user(FaultPlan.seed(1).rx(Fault.DUPLICATE, 1))) {
            inner.receive(frame(7, 300), RxBurst.IP_CHECKED);

            assertThat(user.poll(64)).hasSize(2).allSatisfy(frame -> assertThat(frame).isEqualTo(frame(7, 300)));
            assertThat(user.flags).containsOnly(RxBurst.END_OF_FRAME | RxBurst.IP_CHECKED);
            assertThat(user.ledger.bytes()).isEqualTo(300);
        }
    }

    @Test
    void shouldSkipASecondFrameWithoutBuffersForIt() {
        try (RingUser user = new RingUser(
            FaultDevice.of(inner, FaultPlan.seed(1).rx(Fault.DUPLICATE, 1), () -> now), inner, BUFFER, 3)) {
            assertThat(inner.posted).hasSize(2);
            inner.receive(frame(1, 2 * BUFFER), 0);

            assertThat(user.poll(64)).hasSize(1);
            assertThat(user.card.statistics()).containsEntry("fault.rx.skipped", 1L).containsEntry("fault.rx.duplicated", 0L);
            assertThat(user.outstanding()).isZero();
        }
    }

    @Test
    void shouldSpoilOneBitAndForgetWhatTheCardVerified() {
        try (RingUser user = user(FaultPlan.seed(3).rx(Fault.CORRUPT, 1))) {
            inner.receive(frame(7, 200), RxBurst.IP_CHECKED | RxBurst.L4_CHECKED | RxBurst.VLAN_STRIPPED);

            assertThat(differingBits(user.poll(64).getFirst(), frame(7, 200))).isEqualTo(1);
            assertThat(user.flags).containsExactly(RxBurst.END_OF_FRAME | RxBurst.VLAN_STRIPPED);
        }
    }

    @Test
    void shouldReceiveADelayedFrameWhenItsTimeHasCome() {
        try (RingUser user = user(FaultPlan.seed(1).rx(Fault.DELAY, 1).maxDelay(Duration.ofMillis(5)))) {
            inner.receive(frame(1, 60), 0);
            assertThat(user.poll(64)).isEmpty();
            assertThat(user.rx.isReady()).isFalse();
            assertThat(user.outstanding()).isZero();

            now += Duration.ofMillis(5).toNanos();

            assertThat(user.rx.isReady()).isTrue();
            assertThat(user.poll(64)).hasSize(1);
        }
    }

    @Test
    void shouldSendADelayedFrameFromTheReceiveSideToo() {
        try (RingUser user = user(FaultPlan.seed(1).tx(Fault.DELAY, 1))) {
            user.send(frame(1, 60), 0, 5);
            inner.transmit();
            assertThat(inner.sent).isEmpty();

            now += Duration.ofMillis(1).toNanos();
            user.poll(64);
            inner.transmit();
            user.reclaim();

            assertThat(inner.sent).hasSize(1);
            assertThat(inner.txDoorbells).isEqualTo(1);
            assertThat(user.completed).containsExactly(5L);
        }
    }

    @Test
    void shouldReorderWithinFourFramesAndCompleteInOrder() {
        try (RingUser user = user(FaultPlan.seed(9).tx(Fault.REORDER, 0.3))) {
            for (int i = 0; i < 1000; i++) {
                user.send(frame(i, 60), 0, i);
                inner.transmit();
                user.reclaim();
            }
            now += Duration.ofMillis(10).toNanos();
            user.reclaim();
            inner.transmit();
            user.reclaim();

            final List<Integer> order = inner.sent.stream().map(FaultDeviceTest::number).toList();
            assertThat(order).hasSize(1000).doesNotHaveDuplicates().isNotEqualTo(order.stream().sorted().toList());
            for (int i = 0; i < 1000; i++) {
                assertThat(Math.abs(order.get(i) - i)).isLessThan(16);
            }
            assertThat(user.completed).hasSize(1000).isSorted();
        }
    }

    @Test
    void shouldSendASpoiledCopyAndLeaveTheApplicationsBufferAlone() {
        try (RingUser user = user(FaultPlan.seed(3).tx(Fault.CORRUPT, 1))) {
            final Buffer own = user.pool.take();
            final SegmentList segments = new SegmentList(1);
            segments.lend(own, 0, BUFFER);
            assertThat(user.tx.post(segments, new TxRequest(), 1)).isTrue();
            segments.clear();
            inner.transmit();

            assertThat(differingBits(inner.sent.getFirst(), new byte[BUFFER])).isEqualTo(1);
            for (int i = 0; i < BUFFER; i++) {
                assertThat(own.memory().getByte(own.base() + i)).isZero();
            }
            own.release();
        }
    }

    @Test
    void shouldFillInAChecksumBeforeItSpoilsTheFrame() {
        final byte[] frame = udpWithSeed();
        try (RingUser user = user(FaultPlan.seed(3).tx(Fault.CORRUPT, 1))) {
            user.send(frame, TxRequest.UDP_CHECKSUM | TxRequest.IP_CHECKSUM | TxRequest.VLAN, 1);
            inner.transmit();

            assertThat(inner.requests).containsExactly(TxRequest.VLAN);
            final byte[] sent = inner.sent.getFirst();
            final long bitsOutsideChecksums = differingBits(without(sent), without(frame));
            assertThat(ByteBuffer.wrap(sent).getShort(24)).isNotZero();
            assertThat(bitsOutsideChecksums).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void shouldSkipSpoilingAFrameThatTheCardShallCut() {
        try (RingUser user = user(FaultPlan.seed(3).tx(Fault.CORRUPT, 1))) {
            user.send(frame(1, 100), TxRequest.SEGMENT, 1);
            inner.transmit();

            assertThat(inner.sent.getFirst()).isEqualTo(frame(1, 100));
            assertThat(user.card.statistics()).containsEntry("fault.tx.skipped", 1L).containsEntry("fault.tx.corrupted", 0L);
        }
    }

    @Test
    void shouldAccountForEveryBufferAndCompletionOverManyFramesOfAllFaults() {
        final Map<String, Long> counts = new HashMap<>();
        final List<Integer> received = new ArrayList<>();
        try (RingUser user = storm(received)) {
            counts.putAll(user.card.statistics());

            assertThat(user.completed).hasSize(FRAMES).isSorted().doesNotHaveDuplicates();
            assertThat(user.outstanding()).isZero();
            assertThat(counts.get("fault.rx.skipped")).isZero();
            assertThat(received).hasSize((int) (FRAMES - counts.get("fault.rx.lost") + counts.get("fault.rx.duplicated")));
            assertThat(inner.sent).hasSize((int) (FRAMES - counts.get("fault.tx.lost") + counts.get("fault.tx.duplicated")));
            for (final Fault fault : Fault.values()) {
                assertThat(counts.get("fault.rx." + fault.counted())).as("rx %s", fault).isBetween(4000L, 6000L);
                assertThat(counts.get("fault.tx." + fault.counted())).as("tx %s", fault).isBetween(4000L, 6000L);
            }
        }
        assertThat(new HashSet<>(received).size()).isGreaterThan(FRAMES * 9 / 10);
    }

    @Test
    void shouldDoTheSameAgainFromTheSameSeed() {
        final List<Integer> first = new ArrayList<>();
        final List<Integer> second = new ArrayList<>();
        storm(first).close();
        final List<byte[]> sent = List.copyOf(inner.sent);
        inner.sent.clear();
        now = 1_000_000;
        storm(second).close();

        assertThat(second).isEqualTo(first);
        assertThat(inner.sent).usingElementComparator(Arrays::compare).containsExactlyElementsOf(sent);
    }

    /** Moves frames both ways with every fault at one in twenty. */
    private RingUser storm(final List<Integer> received) {
        FaultPlan plan = FaultPlan.seed(2026).maxDelay(Duration.ofMillis(3));
        for (final Fault fault : Fault.values()) {
            plan = plan.rx(fault, 0.05).tx(fault, 0.05);
        }
        final RingUser user = user(plan);
        for (int i = 0; i < FRAMES; i++) {
            now += 100_000;
            final byte[] frame = frame(i, 60 + i % 68);
            assertThat(inner.receive(frame, 0)).isTrue();
            user.poll(64).forEach(got -> received.add(number(got)));
            while (!user.send(frame, 0, i)) {
                inner.transmit();
                user.reclaim();
            }
            if (i % 16 == 0) {
                inner.transmit();
                user.reclaim();
            }
        }
        now += Duration.ofSeconds(1).toNanos();
        user.poll(64).forEach(got -> received.add(number(got)));
        for (int i = 0; i < 10; i++) {
            user.reclaim();
            inner.transmit();
        }
        user.poll(256).forEach(got -> received.add(number(got)));
        return user;
    }

    @Test
    void shouldGiveBackWhatItHoldsWhenItIsDrained() {
        final RingUser user = user(FaultPlan.seed(1).rx(Fault.DELAY, 1).tx(Fault.DELAY, 1));
        inner.receive(frame(1, 300), 0);
        user.poll(64);
        user.send(frame(2, 100), 0, 1);

        user.close();

        assertThat(user.pool.outstanding()).isZero();
        assertThat(inner.closed).isTrue();
    }

    @Test
    void shouldPassThroughWhatIsNotItsOwn() {
        final FaultDevice device = FaultDevice.of(inner, FaultPlan.seed(7).rx(Fault.LOSS, 0.5));

        assertThat(device.name()).isEqualTo("fault:rx.loss=0.5&delay-us=1000&seed=7:fake:card");
        assertThat(device.facts()).containsEntry("fake", "yes").containsEntry("faults", "rx.loss=0.5&delay-us=1000&seed=7");
        assertThat(device.fault()).isEqualTo("pulled out");
        assertThat(device.reset()).isTrue();
        assertThat(device.dress(inner, new CopyLedger()).vector(0)).isEqualTo(3);
        assertThat(WrappedDevice.innermost(device)).isSameAs(inner);
        device.close();
        assertThat(inner.closed).isTrue();
    }

    @Test
    void shouldRefuseARateThatIsNoProbability() {
        assertThatThrownBy(() -> FaultPlan.seed(1).rx(Fault.LOSS, 1.5))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("loss").hasMessageContaining("1.5");
    }

    /** A frame that begins with its number. */
    private static byte[] frame(final int number, final int length) {
        final byte[] frame = new byte[length];
        for (int i = 0; i < length; i++) {
            frame[i] = (byte) (number + i);
        }
        ByteBuffer.wrap(frame).putInt(0, number);
        return frame;
    }

    private static int number(final byte[] frame) {
        return ByteBuffer.wrap(frame).getInt(0);
    }

    private static long differingBits(final byte[] one, final byte[] other) {
        assertThat(one).hasSameSizeAs(other);
        long bits = 0;
        for (int i = 0; i < one.length; i++) {
            bits += Integer.bitCount((one[i] ^ other[i]) & 0xff);
        }
        return bits;
    }

    /** Ethernet, IPv4, UDP and 18 bytes, as they are when the card shall sum: checksum fields as the driver leaves them. */
    private static byte[] udpWithSeed() {
        final ByteBuffer frame = ByteBuffer.allocate(60);
        frame.position(12).putShort((short) 0x0800)
            .putShort((short) 0x4500).putShort((short) 46).putInt(0).put((byte) 64).put((byte) 17).putShort((short) 0)
            .putInt(0x0a000001).putInt(0x0a000002)
            .putShort((short) 4000).putShort((short) 5000).putShort((short) 26).putShort((short) 0);
        return frame.array();
    }

    private static byte[] without(final byte[] frame) {
        final byte[] rest = frame.clone();
        ByteBuffer.wrap(rest).putShort(24, (short) 0).putShort(40, (short) 0);
        return rest;
    }
}
