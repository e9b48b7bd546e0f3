package dev.barewire.fallback;

import dev.barewire.dma.Region;

/**
 * Refuses at set-up what the CPU could not do later: to read or write memory that only a card can reach.
 */
public final class CpuAccess {
    private CpuAccess() {
    }

    /**
     * Makes sure that the CPU can read a region.
     *
     * @param region where frames will lie
     * @param work   what the CPU shall do there, such as {@code header split in software}
     * @throws UnsupportedOperationException if it cannot, saying what to do instead
     */
    public static void requireReadable(final Region region, final String work) {
        if (!region.memory().isReadable()) {
            throw refusal(region, work, "read");
        }
    }

    /**
     * Makes sure that the CPU can write a region.
     *
     * @param region where frames will lie
     * @param work   what the CPU shall do there
     * @throws UnsupportedOperationException if it cannot, saying what to do instead
     */
    public static void requireWritable(final Region region, final String work) {
        if (!region.memory().isWritable()) {
            throw refusal(region, work, "write");
        }
    }

    private static UnsupportedOperationException refusal(final Region region, final String work, final String access) {
        return new UnsupportedOperationException(work + " needs memory that the CPU can " + access + ", and cannot "
            + access + " " + region.memory() + "; leave that work to the card, switch it off, or use another pool");
    }
}
