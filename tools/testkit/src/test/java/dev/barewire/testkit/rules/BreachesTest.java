package dev.barewire.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BreachesTest {
    private final Breaches breaches = new Breaches();

    @Test
    void shouldBeContentWithNothing() {
        assertThat(breaches.isEmpty()).isTrue();
        assertThat(breaches.report()).isEqualTo("no rule was broken");
        assertThatCode(breaches::assertEmpty).doesNotThrowAnyException();
    }

    @Test
    void shouldCountAllAndTellTheFirst() {
        final AtomicInteger told = new AtomicInteger();
        for (int i = 0; i < 1000; i++) {
            breaches.add(IntelRule.TX_02, () -> "time " + told.incrementAndGet());
        }
        breaches.add(IntelRule.LINK_06, () -> "once");
        assertThat(breaches.counts()).containsEntry("E1K-TX-02", 1000L).containsEntry("E1K-LINK-06", 1L);
        assertThat(told).hasValue(4);
        assertThat(breaches.report()).contains("E1K-TX-02 (must, 317453, 3.3.3.1, 3.3.7.1), 1000 times: ", "time 1\n", "time 4\n",
            "E1K-LINK-06 (should, ").doesNotContain("time 5");
        assertThatThrownBy(breaches::assertEmpty).isInstanceOf(AssertionError.class).hasMessageContaining("E1K-TX-02");
    }

    @Test
    void shouldForget() {
        breaches.add(IntelRule.TX_02, () -> "time");
        breaches.clear();
        assertThat(breaches.isEmpty()).isTrue();
    }

    @Test
    void shouldLoseNoneOfSeveralThreads() throws InterruptedException {
        final Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Thread.ofPlatform().start(() -> {
                for (int j = 0; j < 1000; j++) {
                    breaches.add(IntelRule.RING_06, () -> "one");
                }
            });
        }
        for (final Thread thread : threads) {
            thread.join();
        }
        assertThat(breaches.counts()).containsEntry("E1K-RING-06", 4000L);
    }

    @Test
    void shouldGiveEachRuleAnIdOfItsFamily() {
        assertThat(IntelRule.values()).allSatisfy(rule -> {
            assertThat(rule.id()).matches("E1K-[A-Z]+-\\d\\d");
            assertThat(rule.text()).endsWith(".");
            assertThat(rule.source()).matches("(317453|317694|PCI Local Bus 3.0), .*\\d");
        });
    }
}
