package dev.barewire.dma;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the CPU copied, by site and reason. It costs nothing where nothing is copied. */
public final class CopyLedger {
    private final List<CopySite> sites = new CopyOnWriteArrayList<>();

    /** Makes an empty ledger. */
    public CopyLedger() {
    }

    /**
     * Opens an account, once at set-up, or finds the one that is there.
     *
     * @param site   where copies will be made, such as {@code tx.linearise}
     * @param reason why, in a few words
     * @return what to copy with
     */
    public synchronized CopySite site(final String site, final String reason) {
        for (final CopySite known : sites) {
            if (known.site().equals(site) && known.reason().equals(reason)) {
                return known;
            }
        }
        final CopySite opened = new CopySite(site, reason);
        sites.add(opened);
        return opened;
    }

    /**
     * All accounts, those at which nothing was copied included.
     *
     * @return the sites in the order in which they were opened
     */
    public List<CopySite> sites() {
        return List.copyOf(sites);
    }

    /**
     * What was copied at all sites.
     *
     * @return bytes
     */
    public long bytes() {
        return sites.stream().mapToLong(CopySite::bytes).sum();
    }
}
