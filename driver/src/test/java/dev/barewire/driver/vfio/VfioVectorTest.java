package dev.barewire.driver.vfio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.dma.posix.Libc;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class VfioVectorTest {
    private final VfioVector vector = new VfioVector();

    @AfterEach
    void tearDown() {
        vector.close();
    }

    @Test
    void shouldTellEachFiringOnceWhenNothingReadsTheEventfd() {
        for (int i = 0; i < 1000; i++) {
            assertThat(vector.await(0)).isFalse();
            Libc.signal(vector.eventfd());
            assertThat(vector.await(-1)).isTrue();
        }
    }

    @Test
    void shouldKeepAFiringWhenItComesBeforeTheWait() {
        Libc.signal(vector.eventfd());
        Libc.signal(vector.eventfd());

        assertThat(vector.await(0)).isTrue();
        assertThat(vector.await(0)).isFalse();
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
