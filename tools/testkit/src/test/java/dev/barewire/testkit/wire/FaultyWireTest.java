package dev.barewire.testkit.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.testkit.wire.FaultyWire.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class FaultyWireTest {
    private static final int FRAMES = 20_000;
    private static final WireFaults ALL = new WireFaults(0.02, 0.02, 0.02, 0.02, 0.02, Duration.ofMillis(3));

    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[64]);
    private Cable cable = new Cable(Cable.MIN_CAPACITY);
    private long now = Long.MAX_VALUE - 1_000_000;

    @AfterEach
    void close() {
        cable.close();
    }

    private FaultyWire wire(final long seed, final WireFaults sending, final WireFaults receiving) {
        cable.close();
        cable = new Cable(Cable.MIN_CAPACITY);
        return new FaultyWire(cable.a(), seed, sending, receiving, () -> now);
    }

    /** Sends numbered frames from one end to the other; gives what came: a number, or -1 if it was spoilt. */
    private List<Integer> traffic(final Wire from, final Wire to, final int frames) {
        final List<Integer> seen = new ArrayList<>();
        final Wire.FrameHandler handler = (buffer, offset, length) -> {
            assertThat(length).isEqualTo(60);
            int wrong = buffer.getInt(offset) ^ ~buffer.getInt(offset + 4);
            for (int i = 8; i < length; i++) {
                wrong |= buffer.getByte(offset + i);
            }
            seen.add(wrong == 0 ? buffer.getInt(offset) : -1);
        };
        for (int i = 0; i < frames; i++) {
            frame.putInt(0, i);
            frame.putInt(4, ~i);
            assertThat(from.send(frame, 0, 60)).isTrue();
            now += 10_000;
            assertThat(to.poll(handler, 3)).isLessThanOrEqualTo(3);
        }
        now += TimeUnit.SECONDS.toNanos(1);
        from.flush();
        while (to.poll(handler, 3) > 0) {
            assertThat(to).isNotNull();
        }
        return seen;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldDoTheSameAgainFromTheSameSeed(final boolean sending) {
        final List<List<Integer>> runs = new ArrayList<>();
        for (final long seed : new long[] {7, 7, 8}) {
            final FaultyWire wire = wire(seed, sending ? ALL : WireFaults.NONE, sending ? WireFaults.NONE : ALL);
            runs.add(sending ? traffic(wire, cable.b(), FRAMES) : traffic(cable.b(), wire, FRAMES));
        }
        assertThat(runs.get(1)).isEqualTo(runs.get(0));
        assertThat(runs.get(2)).isNotEqualTo(runs.get(0));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldLoseAddAndSpoilNothingButWhatItCounts(final boolean sending) {
        final FaultyWire wire = wire(42, sending ? ALL : WireFaults.NONE, sending ? WireFaults.NONE : ALL);
        final List<Integer> seen = sending ? traffic(wire, cable.b(), FRAMES) : traffic(cable.b(), wire, FRAMES);
        final Map<Fault, Long> met = new HashMap<>();
        for (final Fault fault : Fault.values()) {
            met.put(fault, sending ? wire.sent(fault) : wire.received(fault));
            assertThat(met.get(fault)).as(fault.name()).isBetween(FRAMES / 100L, FRAMES * 3 / 100L);
            assertThat(sending ? wire.received(fault) : wire.sent(fault)).isZero();
        }
        assertThat(seen).hasSize((int) (FRAMES - met.get(Fault.LOSS) + met.get(Fault.DUPLICATION)));
        assertThat(wire.held()).isZero();
        // A spoilt frame may have been doubled as well, so that two came.
        assertThat(Collections.frequency(seen, -1)).isBetween(
            met.get(Fault.CORRUPTION).intValue(), (int) (met.get(Fault.CORRUPTION) + met.get(Fault.DUPLICATION)));
        int overtaken = 0;
        for (int i = 1; i < seen.size(); i++) {
            overtaken += seen.get(i) >= 0 && seen.get(i) < seen.get(i - 1) ? 1 : 0;
        }
        assertThat(overtaken).isBetween(FRAMES / 100, (int) (met.get(Fault.REORDERING) + met.get(Fault.DELAY)) * 2);
    }

    @Test
    void shouldCarryEverythingInOrderWhenNoFaultIsAskedFor() {
        final FaultyWire wire = wire(1, WireFaults.NONE, WireFaults.NONE);
        assertThat(traffic(wire, cable.b(), 1000)).hasSize(1000).isSorted().doesNotHaveDuplicates();
        assertThat(traffic(cable.b(), wire, 1000)).hasSize(1000).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void shouldMeetEachFaultAloneWhenOnlyThatIsAskedFor() {
        final FaultyWire losing = wire(1, WireFaults.NONE.loss(1), WireFaults.NONE);
        assertThat(traffic(losing, cable.b(), 100)).isEmpty();
        assertThat(losing.sent(Fault.LOSS)).isEqualTo(100);

        final FaultyWire doubling = wire(1, WireFaults.NONE.duplication(1), WireFaults.NONE);
        assertThat(traffic(doubling, cable.b(), 3)).containsExactly(0, 0, 1, 1, 2, 2);

        final FaultyWire spoiling = wire(1, WireFaults.NONE, WireFaults.NONE.corruption(1));
        assertThat(traffic(cable.b(), spoiling, 2000)).hasSize(2000).containsOnly(-1);

        final FaultyWire reordering = wire(1, WireFaults.NONE.reordering(0.3), WireFaults.NONE);
        final List<Integer> mixed = traffic(reordering, cable.b(), 1000);
        assertThat(mixed).hasSize(1000).doesNotHaveDuplicates().doesNotContain(-1);
        assertThat(mixed).isNotEqualTo(mixed.stream().sorted().toList());
        for (int i = 0; i < mixed.size(); i++) {
            assertThat(mixed.get(i)).isBetween(i - 16, i + 16);
        }
    }

    @Test
    void shouldKeepADelayedFrameForItsTime() {
        final FaultyWire wire = wire(1, WireFaults.NONE.delay(1, Duration.ofMillis(5)), WireFaults.NONE);
        wire.send(frame, 0, 60);
        now += 4_999_999;
        wire.poll((buffer, offset, length) -> { }, 1);
        assertThat(cable.b().poll((buffer, offset, length) -> { }, 1)).isZero();
        assertThat(wire.held()).isOne();
        now += 1;
        wire.poll((buffer, offset, length) -> { }, 1);
        assertThat(cable.b().poll((buffer, offset, length) -> { }, 1)).isOne();
    }

    @Test
    void shouldLetAnOvertakenFrameGoWhenNoOtherComes() {
        final FaultyWire wire = wire(1, WireFaults.NONE.reordering(1), WireFaults.NONE);
        wire.send(frame, 0, 60);
        assertThat(cable.b().poll((buffer, offset, length) -> { }, 1)).isZero();
        now += TimeUnit.MILLISECONDS.toNanos(10);
        wire.flush();
        assertThat(cable.b().poll((buffer, offset, length) -> { }, 1)).isOne();
    }

    @Test
    void shouldLoseNothingWhenTheWireBelowIsFull() {
        final FaultyWire wire = wire(3, ALL.loss(0).corruption(0), WireFaults.NONE);
        int sent = 0;
        frame.putInt(4, -1);
        while (wire.send(frame, 0, 60)) {
            sent++;
        }
        int seen = 0;
        now += TimeUnit.SECONDS.toNanos(1);
        while (true) {
            final int count = cable.b().poll((buffer, offset, length) -> { }, 1000);
            wire.flush();
            if (count == 0 && wire.held() == 0) {
                break;
            }
            seen += count;
        }
        assertThat(seen).isEqualTo(sent + (int) wire.sent(Fault.DUPLICATION));
    }

    @Test
    void shouldHoldBackNoMoreThanItHasRoomFor() {
        final FaultyWire wire = wire(3, WireFaults.NONE.delay(1, Duration.ofDays(1)), WireFaults.NONE);
        for (int i = 0; i < 1030; i++) {
            assertThat(wire.send(frame, 0, 60)).isTrue();
        }
        assertThat(wire.held()).isEqualTo(1024);
        assertThat(wire.sent(Fault.DELAY)).isEqualTo(1024);
        assertThat(cable.b().poll((buffer, offset, length) -> { }, 1000)).isEqualTo(6);
    }

    @Test
    void shouldRefuseWhatIsNoShare() {
        for (final double share : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThatThrownBy(() -> WireFaults.NONE.loss(share)).hasMessageContaining("not " + share);
        }
    }
}
