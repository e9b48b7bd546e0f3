package dev.barewire.driver.uio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.driver.uio.HugePages.Page;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HugePagesTest {
    @Test
    void shouldPutTheLowestRowInOrderWhenTheKernelGivesPagesInAnyOrder() {
        assertThat(row(3, 9, 5, 3, 4, 8, 10)).containsExactly(3L, 4L, 5L);
        assertThat(row(3, 7, 12, 11, 6, 10)).containsExactly(10L, 11L, 12L);
        assertThat(row(1, 7, 6)).containsExactly(6L);
    }

    @Test
    void shouldGiveNoneWhenThereIsAGapInEveryRow() {
        assertThat(row(3, 1, 2, 4, 5, 7)).isEmpty();
        assertThat(row(1)).isEmpty();
    }

    /** Finds a row among pages whose numbers are given, and gives the numbers of its pages. */
    private static List<Long> row(final int count, final long... numbers) {
        final List<Page> pages = new ArrayList<>();
        for (final long number : numbers) {
            pages.add(new Page(pages.size(), number * HugePages.BYTES));
        }
        return HugePages.row(pages, count).stream().map(page -> page.address() / HugePages.BYTES).toList();
    }
}
