package dev.barewire.tools.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** SIGTERM to this JVM, which has a handler of its own under that of the runs. */
@Timeout(30)
class StopSignalsTest {
    private final Semaphore own = new Semaphore(0);
    private Object signal;
    private Object before;

    @BeforeEach
    void handleSignals() throws Exception {
        signal = Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance("TERM");
        final Class<?> handler = Class.forName("sun.misc.SignalHandler");
        before = handle(Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
            own.release();
            return null;
        }));
    }

    @AfterEach
    void giveSignalsBack() throws Exception {
        handle(before);
    }

    @Test
    void shouldStopAllRunsAndGiveTheSignalBackWhenItComesOnce() throws Exception {
        try (StopSignals one = new StopSignals(); StopSignals other = new StopSignals()) {
            raise();
            awaitStop(one);
            awaitStop(other);
            assertThat(own.availablePermits()).isZero();

            raise();
            assertThat(own.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void shouldKeepTheSignalForTheRunThatLastsWhenAnotherHasEnded() throws Exception {
        final StopSignals first = new StopSignals();
        try (StopSignals second = new StopSignals()) {
            first.close();

            raise();
            awaitStop(second);
            assertThat(first.isStopped()).isFalse();
            assertThat(own.availablePermits()).isZero();
        }
    }

    @Test
    void shouldGiveTheSignalBackWhenAllRunsHaveEnded() throws Exception {
        final StopSignals first = new StopSignals();
        final StopSignals second = new StopSignals();
        second.close();
        first.close();

        raise();

        assertThat(own.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        assertThat(first.isStopped() || second.isStopped()).isFalse();
    }

    private Object handle(final Object handler) throws Exception {
        return signal.getClass().getMethod("handle", signal.getClass(), Class.forName("sun.misc.SignalHandler"))
            .invoke(null, signal, handler);
    }

    private void raise() throws Exception {
        signal.getClass().getMethod("raise", signal.getClass()).invoke(null, signal);
    }

    /** Signals are handled on a thread of their own. */
    private static void awaitStop(final StopSignals run) throws InterruptedException {
        while (!run.isStopped()) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }
}
