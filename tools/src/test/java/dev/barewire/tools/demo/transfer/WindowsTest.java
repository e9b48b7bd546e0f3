package dev.barewire.tools.demo.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WindowsTest {
    private static final long MILLI = 1_000_000;

    @Test
    void shouldTellWhatIsThereBehindTheLowestMissing() {
        ReceiveWindow window = new ReceiveWindow(10);
        assertThat(window.accept(0)).isTrue();
        assertThat(window.accept(2)).isTrue();
        assertThat(window.accept(4)).isTrue();
        assertThat(window.missing()).isEqualTo(1);
        assertThat(window.received()).isEqualTo(0b101);
        assertThat(window.accept(1)).isTrue();
        assertThat(window.missing()).isEqualTo(3);
        assertThat(window.received()).isEqualTo(0b1);
    }

    @Test
    void shouldBeCompleteWhenAllCameInAnyOrder() {
        ReceiveWindow window = new ReceiveWindow(64);
        for (int number = 63; number >= 0; number--) {
            assertThat(window.isComplete()).isFalse();
            assertThat(window.accept(number)).isTrue();
        }
        assertThat(window.isComplete()).isTrue();
        assertThat(window.received()).isZero();
    }

    @Test
    void shouldDropDuplicatesAndStraysWhenReceiving() {
        ReceiveWindow window = new ReceiveWindow(100);
        window.accept(0);
        window.accept(5);
        assertThat(window.accept(0)).isFalse();
        assertThat(window.accept(5)).isFalse();
        assertThat(window.duplicates()).isEqualTo(2);
        for (int stray : new int[] {-1, Integer.MIN_VALUE, 100, Integer.MAX_VALUE, 1 + SendWindow.SIZE}) {
            assertThat(window.accept(stray)).isFalse();
        }
        assertThat(window.strays()).isEqualTo(5);
        assertThat(window.accept(SendWindow.SIZE)).isTrue();
    }

    @Test
    void shouldKeepAtMostAWindowUnderWay() {
        SendWindow window = new SendWindow(1000);
        for (int i = 0; i < SendWindow.SIZE; i++) {
            assertThat(window.next(0)).isEqualTo(i);
        }
        assertThat(window.next(0)).isEqualTo(SendWindow.NONE);
        assertThat(window.acknowledge(SendWindow.SIZE, 0, MILLI)).isTrue();
        assertThat(window.next(MILLI)).isEqualTo(SendWindow.SIZE);
    }

    @Test
    void shouldSendAgainWhenTheTimerRunsOut() {
        SendWindow window = new SendWindow(3);
        window.next(0);
        window.next(0);
        window.next(0);
        window.acknowledge(1, 0, MILLI);
        assertThat(window.next(90 * MILLI)).isEqualTo(SendWindow.NONE);
        assertThat(window.next(110 * MILLI)).isEqualTo(1);
        assertThat(window.next(110 * MILLI)).isEqualTo(2);
        assertThat(window.next(110 * MILLI)).isEqualTo(SendWindow.NONE);
        assertThat(window.next(220 * MILLI)).as("patience has doubled").isEqualTo(SendWindow.NONE);
        assertThat(window.next(320 * MILLI)).isEqualTo(1);
        assertThat(window.retransmissions()).isEqualTo(3);
    }

    @Test
    void shouldSendAgainAtOnceWhenManyLaterOnesArrived() {
        SendWindow window = new SendWindow(100);
        for (int i = 0; i < 20; i++) {
            window.next(0);
        }
        window.acknowledge(1, 0, MILLI);
        window.acknowledge(1, 0b1111111, 2 * MILLI);
        assertThat(window.next(3 * MILLI)).as("may only be reordered").isEqualTo(20);
        window.acknowledge(1, 0b11111111, 3 * MILLI);
        assertThat(window.next(3 * MILLI)).isEqualTo(1);
        assertThat(window.next(3 * MILLI)).isEqualTo(21);
    }

    @Test
    void shouldIgnoreAcknowledgementsThatCannotBe() {
        SendWindow window = new SendWindow(100);
        for (int i = 0; i < 10; i++) {
            window.next(0);
        }
        assertThat(window.acknowledge(11, 0, MILLI)).isFalse();
        assertThat(window.acknowledge(Integer.MIN_VALUE, 0, MILLI)).isFalse();
        assertThat(window.acknowledge(4, -1, MILLI)).isTrue();
        assertThat(window.acknowledge(3, 0, MILLI)).isFalse();
        assertThat(window.acknowledged()).isEqualTo(4);
        assertThat(window.next(2 * MILLI)).isEqualTo(10);
        assertThat(window.isComplete()).isFalse();
        for (int i = 11; i < 64; i++) {
            window.next(2 * MILLI);
        }
        assertThat(window.acknowledge(64, 0, 3 * MILLI)).isTrue();
        assertThat(window.next(3 * MILLI)).isEqualTo(64);
    }

    @Test
    void shouldWaitBetweenTwoAttemptsWhenNothingIsKnownOfTheRoundTrip() {
        SendWindow window = new SendWindow(20);
        for (int i = 0; i < 20; i++) {
            window.next(0);
        }
        window.acknowledge(0, -1, MILLI);
        assertThat(window.next(2 * MILLI)).isEqualTo(SendWindow.NONE);
        assertThat(window.next(1000 * MILLI)).isEqualTo(0);
        assertThat(window.next(1000 * MILLI)).isEqualTo(SendWindow.NONE);
    }
}
