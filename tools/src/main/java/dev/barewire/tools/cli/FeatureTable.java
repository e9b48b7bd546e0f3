package dev.barewire.tools.cli;

import dev.barewire.profiles.CardProfile;
import dev.barewire.profiles.Offload;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What each card can do, by its profile, as a table in Markdown. */
final class FeatureTable {
    private static final String NONE = "–";

    private FeatureTable() {
    }

    /** {@return the lines of the table, a column a card} */
    static List<String> of(final List<CardProfile> cards) {
        final List<String> lines = new ArrayList<>();
        lines.add(row("", cards, CardProfile::name));
        lines.add(row("---", cards, card -> "---"));
        lines.add(row("QEMU's name", cards, card -> card.qemuDevice().isEmpty() ? NONE : "`" + card.qemuDevice() + "`"));
        lines.add(row("MTU", cards, card -> card.frames().minMtu() + " to " + card.frames().maxMtu()));
        lines.add(row("receive / transmit queues", cards,
            card -> card.rings().rxQueues() + " / " + card.rings().txQueues()));
        lines.add(row("segments of a sent frame", cards, card -> Integer.toString(card.rings().txSegments())));
        lines.add(row("interrupts", cards, CardProfile::interrupts));
        for (final Offload offload : Offload.values()) {
            lines.add(row(offload.label(), cards, card -> who(card, offload)));
        }
        return lines;
    }

    private static String row(final String name, final List<CardProfile> cards, final Function<CardProfile, String> cell) {
        return cards.stream().map(cell).collect(Collectors.joining(" | ", "| " + name + " | ", " |"));
    }

    private static String who(final CardProfile card, final Offload offload) {
        final String otherwise = offload.hasSoftware() ? "software" : NONE;
        if (!card.offloads().get(offload).supported()) {
            return otherwise;
        }
        final boolean onSilicon = works(card, offload, false);
        final boolean onQemu = card.qemuDevice().isEmpty() || works(card, offload, true);
        if (onSilicon && onQemu) {
            return "card";
        }
        return onSilicon ? "card; on QEMU " + otherwise : onQemu ? "card on QEMU; else " + otherwise : otherwise;
    }

    private static boolean works(final CardProfile card, final Offload offload, final boolean onQemu) {
        return card.quirks().stream().noneMatch(quirk -> quirk.applies(onQemu)
            && (quirk.disables().contains(offload) || quirk.avoids().contains(offload)));
    }
}
