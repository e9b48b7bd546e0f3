package dev.barewire.tools.traffic;

import dev.barewire.NicCounters.Name;
import java.util.List;
import java.util.Map;

/** The table at the end of a run. */
final class TrafficSummary {
    private final Screen screen;

    TrafficSummary(final Screen screen) {
        this.screen = screen;
    }

    /**
     * Writes it.
     *
     * @param cards    with the rates of the whole run
     * @param findings what the command itself counted
     * @param account  copies, allocation, buffers
     */
    void show(final List<CardRates> cards, final Map<String, Object> findings, final Map<String, Object> account) {
        screen.say("");
        for (final CardRates card : cards) {
            row("card", card.nic().name() + ", " + card.nic().card() + ", " + card.plan());
            way("received", card, Name.RX_FRAMES, Name.RX_BYTES);
            way("sent", card, Name.TX_FRAMES, Name.TX_BYTES);
            row("dropped", TrafficView.words(card.drops()));
        }
        findings.forEach(this::row);
        copies(cards);
        row("allocated", account.get("allocated_bytes") == null ? "not measured: the run was shorter than two seconds"
            : account.get("allocated_bytes") + " bytes by the queues' threads after the first second, in "
                + account.get("allocated_over_frames") + " frames");
        row("outstanding", account.get("buffers_outstanding") + " buffers");
    }

    private void copies(final List<CardRates> cards) {
        final List<String> copies = cards.stream().flatMap(card -> card.nic().copies().sites().stream())
            .filter(site -> site.bytes() > 0)
            .map(site -> site.bytes() + " bytes at " + site.site() + ": " + site.reason()).toList();
        if (copies.isEmpty()) {
            row("copied", "nothing");
        }
        copies.forEach(copy -> row("copied", copy));
    }

    private void way(final String name, final CardRates card, final Name frames, final Name bytes) {
        row(name, "%d frames, %d bytes; %s frames/s, %s bits/s".formatted(card.total(frames), card.total(bytes),
            TrafficView.scaled(card.rate(frames)), TrafficView.scaled(card.rate(bytes) * Byte.SIZE)));
    }

    private void row(final String name, final Object value) {
        screen.say("  %-12s %s".formatted(name, value));
    }
}
