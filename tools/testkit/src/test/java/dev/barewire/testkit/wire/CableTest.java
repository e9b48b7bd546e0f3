package dev.barewire.testkit.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.SetupException;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CableTest {
    private final Cable cable = new Cable(Cable.MIN_CAPACITY);
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[Wire.MAX_FRAME + 1]);

    @AfterEach
    void close() {
        cable.close();
    }

    @Test
    void shouldCarryFramesBothWaysInOrder() {
        for (int i = 1; i <= 3; i++) {
            frame.putByte(5, (byte) i);
            assertThat(cable.a().send(frame, 5, i)).isTrue();
            assertThat(cable.b().send(frame, 5, 10 * i)).isTrue();
        }
        assertThat(taken(cable.b(), 2)).containsExactly("1 bytes from 1", "2 bytes from 2");
        assertThat(taken(cable.b(), 2)).containsExactly("3 bytes from 3");
        assertThat(taken(cable.b(), 2)).isEmpty();
        assertThat(taken(cable.a(), 9)).containsExactly("10 bytes from 1", "20 bytes from 2", "30 bytes from 3");
    }

    @Test
    void shouldCarryTheShortestAndTheLongestFrameAndRefuseOthers() {
        assertThat(cable.a().send(frame, 0, 1)).isTrue();
        assertThat(cable.a().send(frame, 0, Wire.MAX_FRAME)).isTrue();
        assertThat(taken(cable.b(), 9)).containsExactly("1 bytes from 0", Wire.MAX_FRAME + " bytes from 0");
        for (final int length : new int[] {-1, 0, Wire.MAX_FRAME + 1}) {
            assertThatThrownBy(() -> cable.a().send(frame, 0, length)).hasMessageContaining(", not " + length);
        }
        assertThatThrownBy(() -> new Cable(Cable.MIN_CAPACITY + 8)).hasMessageContaining("power of two");
        assertThatThrownBy(() -> new Cable(Cable.MIN_CAPACITY / 2)).hasMessageContaining("at least");
    }

    @Test
    void shouldRefuseFramesWhenItIsFullAndLoseNoneOfThoseTaken() {
        int sent = 0;
        for (int round = 0; round < 5; round++) {
            int now = 0;
            for (frame.putInt(0, sent); cable.a().send(frame, 0, 1500); frame.putInt(0, sent)) {
                sent++;
                now++;
            }
            assertThat(now).isGreaterThan(Cable.MIN_CAPACITY / 1520);
            final int[] next = {sent - now};
            final int polled = cable.b().poll((buffer, offset, length) ->
                assertThat(buffer.getInt(offset)).isEqualTo(next[0]++), Integer.MAX_VALUE);
            assertThat(polled).isEqualTo(now);
        }
    }

    @Test
    void shouldLoseNothingBetweenTwoThreads() throws InterruptedException {
        final int frames = 300_000;
        final Thread sender = Thread.ofPlatform().start(() -> {
            final UnsafeBuffer mine = new UnsafeBuffer(new byte[1514]);
            for (int i = 0; i < frames;) {
                mine.putInt(0, i);
                mine.putInt(4 + i % 56, ~i);
                if (cable.a().send(mine, 0, 60 + i % 8)) {
                    i++;
                } else {
                    Thread.onSpinWait();
                }
            }
        });
        final int[] next = {0};
        while (next[0] < frames) {
            cable.b().poll((buffer, offset, length) -> {
                final int i = next[0]++;
                if (buffer.getInt(offset) != i || length != 60 + i % 8 || buffer.getInt(offset + 4 + i % 56) != ~i) {
                    throw new AssertionError("frame " + i + " is " + buffer.getInt(offset) + " of " + length + " bytes");
                }
            }, 64);
        }
        sender.join();
        assertThat(taken(cable.b(), 1)).isEmpty();
    }

    @Test
    void shouldThrowAwayWhatIsUnderWayWhenItIsPulledOut() {
        cable.a().send(frame, 0, 60);
        cable.link(false);
        assertThat(cable.a().send(frame, 0, 61)).isFalse();
        assertThat(taken(cable.b(), 9)).isEmpty();
        cable.link(true);
        assertThat(taken(cable.b(), 9)).isEmpty();
        assertThat(cable.a().send(frame, 0, 62)).isTrue();
        assertThat(taken(cable.b(), 9)).containsExactly("62 bytes from 0");
    }

    @Test
    void shouldCarryNothingMoreWhenAnEndIsClosed() {
        cable.a().send(frame, 0, 60);
        cable.b().close();
        assertThat(cable.a().send(frame, 0, 60)).isFalse();
        assertThat(cable.b().send(frame, 0, 60)).isFalse();
        assertThat(taken(cable.b(), 9)).isEmpty();
        cable.b().close();
    }

    @Test
    void shouldGiveANamedCablesEndsToTwoAndRefuseAThird() {
        try (Wire first = Cable.named("named"); Wire second = Cable.named("named"); Wire other = Cable.named("other")) {
            assertThat(first.send(frame, 0, 60)).isTrue();
            assertThat(taken(other, 9)).isEmpty();
            assertThat(taken(second, 9)).containsExactly("60 bytes from 0");
            assertThat(first).hasToString("end A of cable 'named'");
            assertThat(second).hasToString("end B of cable 'named'");
            assertThatThrownBy(() -> Cable.named("named")).isInstanceOf(SetupException.class)
                .hasMessageContaining("both ends of cable 'named' are taken").hasMessageContaining("another name");
        }
    }

    @Test
    void shouldFreeANameWhenAnEndIsClosedAndNotTouchTheNewCableWhenTheOtherIs() {
        final Wire first = Cable.named("again");
        final Wire second = Cable.named("again");
        first.close();
        try (Wire third = Cable.named("again")) {
            second.close();
            try (Wire fourth = Cable.named("again")) {
                assertThat(third.send(frame, 0, 60)).isTrue();
                assertThat(taken(fourth, 9)).hasSize(1);
            }
        }
    }

    private static List<String> taken(final Wire wire, final int limit) {
        final List<String> frames = new ArrayList<>();
        final int count = wire.poll((buffer, offset, length) ->
            frames.add(length + " bytes from " + buffer.getByte(offset)), limit);
        assertThat(frames).hasSize(count);
        return frames;
    }
}
