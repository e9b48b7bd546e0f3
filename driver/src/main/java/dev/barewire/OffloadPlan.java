package dev.barewire;

import dev.barewire.profiles.Offload;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Who does what: each offload by the card, by the CPU, or by nobody, and why. It is made when a card is opened and does
 * not change. The bytes on the wire and in the application are the same either way.
 */
public final class OffloadPlan {
    private final Map<Offload, Entry> entries;

    OffloadPlan(final Map<Offload, Entry> entries) {
        this.entries = new EnumMap<>(entries);
    }

    /** Who does an offload's work. */
    public enum State {
        /** The card. */
        HARDWARE,
        /** The CPU, exactly as a card would. */
        SOFTWARE,
        /** Nobody. */
        ABSENT
    }

    /**
     * What became of an offload.
     *
     * @param state  who does it
     * @param reason why, in a few words
     */
    public record Entry(State state, String reason) {
    }

    /**
     * An offload's state.
     *
     * @param offload which
     * @return who does it
     */
    public State state(final Offload offload) {
        return entries.get(offload).state();
    }

    /**
     * Why an offload is where it is.
     *
     * @param offload which
     * @return a few words
     */
    public String reason(final Offload offload) {
        return entries.get(offload).reason();
    }

    /**
     * Visits all offloads.
     *
     * @param visitor is given each with what became of it
     */
    public void forEach(final BiConsumer<Offload, Entry> visitor) {
        entries.forEach(visitor);
    }

    boolean hardware(final Offload offload) {
        return state(offload) == State.HARDWARE;
    }

    /** What the card does. */
    Set<Offload> byCard() {
        final Set<Offload> all = EnumSet.noneOf(Offload.class);
        entries.forEach((offload, entry) -> {
            if (entry.state() == State.HARDWARE) {
                all.add(offload);
            }
        });
        return all;
    }

    boolean software(final Offload offload) {
        return state(offload) == State.SOFTWARE;
    }

    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder();
        entries.forEach((offload, entry) ->
            text.append(String.format("%-22s %-9s %s%n", offload.label(), entry.state(), entry.reason())));
        return text.toString();
    }
}
