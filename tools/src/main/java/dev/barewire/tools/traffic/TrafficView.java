package dev.barewire.tools.traffic;

import dev.barewire.NicCounters.Name;
import dev.barewire.tools.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Shows a run while it lasts: a block that is drawn over itself, a line each second, or a JSON object each second. */
final class TrafficView {
    private static final String ROW = "%-9s %12s %12s %14s %17s";

    private final Screen screen;
    private final boolean json;
    private final String title;

    TrafficView(final Screen screen, final boolean json, final String title) {
        this.screen = screen;
        this.json = json;
        this.title = title;
    }

    /**
     * Shows what a second brought.
     *
     * @param seconds  since the start
     * @param cards    looked at just now
     * @param findings what the command itself counts, in order
     */
    void show(final double seconds, final List<CardRates> cards, final Map<String, Object> findings) {
        if (json) {
            screen.say(Json.of(object(seconds, cards, findings)));
        } else if (screen.isInPlace()) {
            screen.draw(block(seconds, cards, findings));
        } else {
            cards.forEach(card -> screen.say(line(seconds, card)));
        }
    }

    static Map<String, Object> object(
        final double seconds, final List<CardRates> cards, final Map<String, Object> findings) {
        final Map<String, Object> object = new LinkedHashMap<>();
        object.put("seconds", Math.round(seconds * 1000) / 1000.0);
        object.put("cards", cards.stream().map(CardRates::json).toList());
        object.putAll(findings);
        return object;
    }

    private List<String> block(final double seconds, final List<CardRates> cards, final Map<String, Object> findings) {
        final List<String> lines = new ArrayList<>();
        lines.add("%s, %.0f s; ends with Ctrl-C".formatted(title, seconds));
        for (final CardRates card : cards) {
            lines.add("");
            lines.add("%s: %s, link %s".formatted(card.nic().name(), card.nic().card(), card.link()));
            lines.add(card.plan());
            lines.add(ROW.formatted("", "frames/s", "bits/s", "frames", "bytes"));
            lines.add(row("received", card, Name.RX_FRAMES, Name.RX_BYTES));
            lines.add(row("sent", card, Name.TX_FRAMES, Name.TX_BYTES));
            lines.add("dropped   " + words(card.drops()));
        }
        findings.forEach((name, value) -> lines.add("%-9s %s".formatted(name, value)));
        return lines;
    }

    private static String row(final String way, final CardRates card, final Name frames, final Name bytes) {
        return ROW.formatted(way, scaled(card.rate(frames)), scaled(card.rate(bytes) * Byte.SIZE), card.total(frames),
            card.total(bytes));
    }

    private static String line(final double seconds, final CardRates card) {
        return "%.0f s %s received %s frames/s %s bits/s, sent %s frames/s %s bits/s, dropped %s, link %s".formatted(seconds,
            card.nic().name(), scaled(card.rate(Name.RX_FRAMES)), scaled(card.rate(Name.RX_BYTES) * Byte.SIZE),
            scaled(card.rate(Name.TX_FRAMES)), scaled(card.rate(Name.TX_BYTES) * Byte.SIZE),
            card.drops().isEmpty() ? "0" : words(card.drops()), card.link().up() ? "up" : "down");
    }

    static String words(final Map<String, Long> drops) {
        return drops.isEmpty() ? "nothing" : drops.entrySet().stream().map(drop -> drop.getValue() + " " + drop.getKey())
            .collect(Collectors.joining(", "));
    }

    /** Three digits and a unit of thousands. */
    static String scaled(final double value) {
        final String units = " kMGT";
        double left = value;
        int unit = 0;
        while (left >= 999.5 && unit < units.length() - 1) {
            left /= 1000;
            unit++;
        }
        return unit == 0 ? String.format(Locale.ROOT, "%.0f", left)
            : String.format(Locale.ROOT, left < 9.995 ? "%.2f %c" : left < 99.95 ? "%.1f %c" : "%.0f %c", left, units.charAt(unit));
    }
}
