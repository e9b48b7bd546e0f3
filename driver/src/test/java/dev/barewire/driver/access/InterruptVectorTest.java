package dev.barewire.driver.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.dma.posix.Libc;
import dev.barewire.dma.posix.Posix;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class InterruptVectorTest {
    private final int fired = Libc.eventfd();
    private final InterruptVector vector = new InterruptVector(fired);

    @AfterEach
    void tearDown() {
        vector.close();
        Posix.close(fired);
    }

    @Test
    void shouldTellEachFiringOnceWhenNothingReadsTheEventfd() {
        for (int i = 0; i < 1000; i++) {
            assertThat(vector.await(0)).isFalse();
            Libc.signal(fired);
            assertThat(vector.await(-1)).isTrue();
        }
    }

    @Test
    void shouldKeepAFiringWhenItComesBeforeTheWait() {
        Libc.signal(fired);
        Libc.signal(fired);

        assertThat(vector.await(0)).isTrue();
        assertThat(vector.await(0)).isFalse();
    }

    @Test
    void shouldEndAWaitWhenAFurtherFileThatItWatchesFires() {
        final int further = Libc.eventfd();
        vector.watch(further);

        Libc.signal(further);

        assertThat(vector.await(-1)).isTrue();
        assertThat(vector.await(0)).isFalse();
        Posix.close(further);
    }

    @Test
    void shouldReturnWhenWokenBeforeOrWhileItWaits() throws InterruptedException {
        vector.wake();
        assertThat(vector.await(-1)).isTrue();

        final AtomicBoolean woken = new AtomicBoolean();
        final Thread waiter = Thread.ofPlatform().start(() -> woken.set(vector.await(-1)));
        vector.wake();
        waiter.join();
        assertThat(woken).isTrue();
    }

    @Test
    void shouldDoNothingWhenWokenOrClosedAfterItsEnd() {
        vector.close();
        vector.close();
        vector.wake();

        assertThat(vector.await(0)).isFalse();
    }
}
