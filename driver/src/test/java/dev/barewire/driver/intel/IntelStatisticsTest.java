package dev.barewire.driver.intel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class IntelStatisticsTest {
    private static final int GOOD_PACKETS_RECEIVED = 0x4074;
    private static final int GOOD_OCTETS_LOW = 0x4088;
    private final RecordedRegisters registers = new RecordedRegisters();
    private final IntelStatistics statistics = new IntelStatistics(registers);

    /** E1K-STATS-01: the registers clear on read, so what each look finds is added up beyond 32 bits. */
    @Test
    void shouldAddWhatEachLookFindsToTotalsOf64Bits() {
        registers.values.put(GOOD_PACKETS_RECEIVED, -1);
        for (int i = 0; i < 3; i++) {
            statistics.collect();
        }

        assertThat(statistics.totals()).containsEntry("good-packets-received", 3 * 0xffffffffL);
        assertThat(statistics.saturations()).isEqualTo(3);
    }

    /** E1K-STATS-02: the low word first, since reading the high one clears both. */
    @Test
    void shouldReadTheLowWordOfAPairFirst() {
        registers.values.put(GOOD_OCTETS_LOW, 5);
        registers.values.put(GOOD_OCTETS_LOW + 4, 2);

        statistics.collect();

        assertThat(statistics.totals()).containsEntry("good-octets-received", 2L << 32 | 5);
        final List<String> octets = registers.trace.stream().filter(line -> line.matches("read 408[8c]")).toList();
        assertThat(octets).containsExactly("read 4088", "read 408c");
    }

    /** No card has counted that far. */
    @Test
    void shouldNotAddWhatNoCardCanHaveCounted() {
        registers.values.put(GOOD_OCTETS_LOW, 5);
        registers.values.put(GOOD_OCTETS_LOW + 4, Integer.MAX_VALUE);
        statistics.collect();
        statistics.collect();
        registers.values.put(GOOD_OCTETS_LOW + 4, -1);
        statistics.collect();

        assertThat(statistics.totals()).containsEntry("good-octets-received", Long.MAX_VALUE);
        assertThat(statistics.saturations()).isOne();
    }

    /** E1K-STATS-05. */
    @Test
    void shouldForgetWhatWasCountedBeforeTheStart() {
        registers.values.put(GOOD_PACKETS_RECEIVED, 7);
        statistics.reset();
        registers.values.put(GOOD_PACKETS_RECEIVED, 1);
        statistics.collect();

        assertThat(statistics.totals()).containsEntry("good-packets-received", 1L);
    }

    @Test
    void shouldCountNothingOfACardThatIsGone() {
        registers.values.put(IntelRegister.STATUS.offset(), -1);
        registers.values.put(GOOD_PACKETS_RECEIVED, -1);

        statistics.collect();

        assertThat(statistics.totals().values()).containsOnly(0L);
    }
}
