package dev.barewire.tools.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.NicConfig;
import dev.barewire.NicCounters;
import org.junit.jupiter.api.Test;

/** A cable that is pulled out and put back. */
@CardSuite
class LinkSuite {
    @Test
    void shouldTellOfTheLinkWhenTheCableIsPulled() {
        try (Bench bench = Bench.open(NicConfig.defaults())) {
            assertThat(bench.nic.link().up()).isTrue();
            long changes = bench.nic.counters().get(NicCounters.Name.LINK_CHANGES);

            bench.far.link(false);
            Bench.until("the link to go down", () -> {
                bench.nic.rx(0).await(10);
                return bench.nic.counters().get(NicCounters.Name.LINK_CHANGES) == changes + 1;
            });
            assertThat(bench.nic.link().up()).isFalse();

            bench.far.link(true);
            assertThat(bench.nic.awaitLink(Bench.PATIENCE)).isTrue();
            bench.emptyCable();
        }
    }
}
