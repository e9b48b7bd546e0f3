package dev.barewire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.NicCounters.Name;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.intel.IntelRegister;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Waiting for a card that interrupts when a test says so, with the cause that a test says. */
final class RxSleepTest {
    private static final int FRAME_CAUSE = 1 << 7;
    private final Line line = new Line();
    private Nic nic = open();
    private FakeDevice card = FakeDevice.last;

    /** Fires on every wait while it is up. */
    private static final class Line implements InterruptSource {
        private boolean up;
        private boolean woken;

        @Override
        public Kind kind() {
            return Kind.INTX;
        }

        @Override
        public int vectors() {
            return 1;
        }

        @Override
        public boolean await(final int vector, final int timeoutMillis) {
            final boolean came = up || woken;
            woken = false;
            return came;
        }

        @Override
        public void rearm(final int vector) {
            // it fires again by itself
        }

        @Override
        public void wake(final int vector) {
            woken = true;
        }
    }

    private Nic open() {
        FakeDevice.nextInterrupts = line;
        return Nic.open("fake:1", NicTest.SMALL);
    }

    @AfterEach
    void close() {
        nic.close();
    }

    private long count(final Name name) {
        return nic.counters().get(name);
    }

    private void causes(final int bits) {
        card.registers.values.put(IntelRegister.ICR.offset(), bits);
    }

    @Test
    void shouldCountAnInterruptWithoutACauseButNoWakeUpByAThread() {
        assertThat(nic.rx(0).await(1)).isFalse();
        nic.rx(0).wake();
        assertThat(nic.rx(0).await(1)).isTrue();
        assertThat(count(Name.INTERRUPTS_SPURIOUS)).isZero();

        line.up = true;
        assertThat(nic.rx(0).await(1)).isTrue();
        assertThat(nic.rx(0).await(1)).isTrue();
        assertThat(count(Name.INTERRUPTS_SPURIOUS)).isEqualTo(2);
        causes(FRAME_CAUSE);
        assertThat(nic.rx(0).await(1)).isTrue();
        assertThat(count(Name.INTERRUPTS_SPURIOUS)).isEqualTo(2);
        assertThat(count(Name.WAKEUPS)).isEqualTo(4);
    }

    @Test
    void shouldNotBlameTheCardForAnInterruptThatCameWhileNobodyWaited() {
        causes(FRAME_CAUSE);
        card.receive(Frames.udp(1));
        assertThat(nic.rx(0).await(1)).isTrue();
        final Packet[] burst = new Packet[4];
        assertThat(nic.rx(0).poll(burst)).isOne();
        burst[0].release();
        causes(0);
        line.up = true;
        assertThat(nic.rx(0).await(1)).isTrue();
        assertThat(count(Name.INTERRUPTS_SPURIOUS)).isZero();
        assertThat(nic.rx(0).await(1)).isTrue();
        assertThat(count(Name.INTERRUPTS_SPURIOUS)).isOne();
    }

    @Test
    void shouldCountAStormOnceAndStillWakeForFrames() {
        causes(FRAME_CAUSE);
        line.up = true;
        for (int i = 0; i < 100; i++) {
            assertThat(nic.rx(0).await(1)).isTrue();
        }
        assertThat(count(Name.INTERRUPT_STORMS)).isOne();
        card.receive(Frames.udp(1));
        assertThat(nic.rx(0).await(1)).isTrue();
        final Packet[] burst = new Packet[4];
        assertThat(nic.rx(0).poll(burst)).isOne();
        burst[0].release();

        for (int i = 0; i < 100; i++) {
            assertThat(nic.rx(0).await(1)).isTrue();
        }
        assertThat(count(Name.INTERRUPT_STORMS)).isEqualTo(2);
        line.up = false;
        assertThat(nic.rx(0).await(1)).isFalse();
    }
}
