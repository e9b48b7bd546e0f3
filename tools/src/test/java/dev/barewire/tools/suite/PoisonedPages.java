package dev.barewire.tools.suite;

import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.posix.Libc;
import dev.barewire.dma.posix.SystemCallException;
import java.util.ArrayList;
import java.util.List;

/** Takes every huge page that is free, writes poison into every cache line, and says after a while how many lines are something else. */
final class PoisonedPages {
    private static final long PAGE = 2L << 20;
    private static final long POISON = 0x5a5a_a5a5_0ff0_f00fL;
    /** A word of each cache line: no DMA of a card is smaller. */
    private static final int STEP = 64;
    private static final int WHILE_MILLIS = 2000;

    private PoisonedPages() {
    }

    public static void main(String[] args) throws InterruptedException {
        List<MappedMemory> pages = new ArrayList<>();
        try {
            for (;;) {
                pages.add(MappedMemory.map("poison", PAGE, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_PRIVATE
                        | Libc.MAP_ANONYMOUS | Libc.MAP_POPULATE | Libc.MAP_HUGETLB | Libc.MAP_HUGE_2MB, -1, 0));
            }
        } catch (SystemCallException none) {
            System.out.println("poisoned " + pages.size());
        }
        for (MappedMemory page : pages) {
            for (long at = 0; at < PAGE; at += STEP) {
                page.putLong(at, POISON);
            }
        }
        Thread.sleep(WHILE_MILLIS);
        long spoilt = 0;
        for (MappedMemory page : pages) {
            for (long at = 0; at < PAGE; at += STEP) {
                spoilt += page.getLong(at) == POISON ? 0 : 1;
            }
        }
        System.out.println("spoilt " + spoilt);
    }
}
